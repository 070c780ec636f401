// Package wine is a Windows desktop without Windows: Debian's wine in a system of its own, on a virtual
// display, and on it the Windows build of the programs. `make test-windows` runs there what an operator
// does in a day, and the packages' own tests as .exe. No part of it is shipped.
//
// The system with wine (some 2.5 GB) is made once, under the person's cache folder, from the Debian
// mirror of the apt sources. Nobody writes to it afterwards: each run lays a layer of memory over it
// (overlayfs) in namespaces of its own, so that all that a run started and changed is gone when it ends,
// however it ends.
//
// What wine 10 has not, so that it cannot be tried here: toasts, a work area without the task bar,
// windows cut to their region in a virtual desktop, a refusal to give the foreground away. The checklist
// assets/checklist-windows.md is for that.
package wine

// Window is one window of the Windows desktop, as the program winlook prints it.
type Window struct {
	ID      uintptr `json:"id"`
	Process uint32  `json:"process"`
	Class   string  `json:"class"`
	Title   string  `json:"title"`
	Visible bool    `json:"visible"`
	Front   bool    `json:"front"` // it is the foreground window

	X      int `json:"x"` // pixels
	Y      int `json:"y"`
	Width  int `json:"width"`
	Height int `json:"height"`
	DPI    int `json:"dpi"`

	Topmost    bool `json:"topmost"`
	Tool       bool `json:"tool"`
	NoActivate bool `json:"no_activate"`
	Button     bool `json:"button"` // it has one in the task bar
}
