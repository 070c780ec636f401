package keys

import "fyne.io/fyne/v2"

// places are keys by their scan codes of set 1, as Windows tells them.
var places = placed(map[int]string{0x10: upper, 0x1e: middle, 0x2c: lower}, map[int]fyne.KeyName{
	0x0c: fyne.KeyMinus, 0x0d: fyne.KeyEqual, 0x35: fyne.KeySlash,
})
