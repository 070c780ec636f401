package audio

import (
	"golang.org/x/sys/windows"
)

var (
	winmm      = windows.NewLazySystemDLL("winmm.dll")
	countSinks = winmm.NewProc("waveOutGetNumDevs")
)

// isAbsent tells that Windows has nothing to play on. The library would play into nothing then, for good, and say
// that all is well.
func isAbsent() bool {
	if countSinks.Find() != nil {
		return false
	}
	n, _, _ := countSinks.Call()
	return n == 0
}
