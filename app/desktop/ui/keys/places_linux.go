package keys

import "fyne.io/fyne/v2"

// places are keys as the kernel numbers them (linux/input-event-codes.h) and 8, as X servers on Linux do.
var places = placed(map[int]string{24: upper, 38: middle, 52: lower}, map[int]fyne.KeyName{
	20: fyne.KeyMinus, 21: fyne.KeyEqual, 61: fyne.KeySlash,
})
