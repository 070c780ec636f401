//go:build !linux && !windows

package keys

import "fyne.io/fyne/v2"

// places are keys by the virtual codes of macOS (HIToolbox/Events.h), which go by the place too. That of A is
// 0, which is also what is told where nothing is known.
var places = placed(nil, map[int]fyne.KeyName{
	1: "S", 2: "D", 3: "F", 4: "H", 5: "G", 6: "Z", 7: "X", 8: "C", 9: "V", 11: "B", 12: "Q", 13: "W", 14: "E", 15: "R", 16: "Y",
	17: "T", 31: "O", 32: "U", 34: "I", 35: "P", 37: "L", 38: "J", 40: "K", 45: "N", 46: "M",
	24: fyne.KeyEqual, 27: fyne.KeyMinus, 44: fyne.KeySlash,
})
