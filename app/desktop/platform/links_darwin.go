package platform

import (
	"fmt"

	"github.com/ebitengine/purego/objc"
)

// The Apple event of a link: its class and its id are the same ('GURL'), and what carries the address ('----').
const (
	eventGetURL = uint32('G'<<24 | 'U'<<16 | 'R'<<8 | 'L')
	eventObject = uint32('-'<<24 | '-'<<16 | '-'<<8 | '-')
)

// TakeLinks has the links that the system opens with the program, such as tel:, handed to open, on Fyne's
// goroutine: macOS gives them by an event, never as an argument. Call it before Fyne runs, or the link that
// the program was started by is lost.
func TakeLinks(open func(link string)) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &Unsupported{"opening links", fmt.Sprint(r)}
		}
	}()
	take := objc.RegisterName("takeEvent:reply:")
	register := objc.RegisterName("register:")
	class, err := objc.RegisterClass("DozvonLinks", objc.GetClass("NSObject"), nil, nil, []objc.MethodDef{
		{Cmd: take, Fn: func(_ objc.ID, _ objc.SEL, event, _ objc.ID) {
			open(goString(send(send(event, "paramDescriptorForKeyword:", eventObject), "stringValue")))
		}},
		{Cmd: register, Fn: func(self objc.ID, _ objc.SEL, _ objc.ID) { takeEvents(self, take) }},
	})
	if err != nil {
		return &Unsupported{"opening links", err.Error()}
	}
	links := send(send(objc.ID(class), "alloc"), "init") // kept for ever
	takeEvents(links, take)
	// AppKit may put its own in place while it starts; the event of the start comes after this notice.
	send(send(classOf("NSNotificationCenter"), "defaultCenter"), "addObserver:selector:name:object:",
		links, register, nsString("NSApplicationWillFinishLaunchingNotification"), objc.ID(0))
	return nil
}

func takeEvents(links objc.ID, take objc.SEL) {
	send(send(classOf("NSAppleEventManager"), "sharedAppleEventManager"), "setEventHandler:andSelector:forEventClass:andEventID:",
		links, take, eventGetURL, eventGetURL)
}

// StayOutOfTheDock takes the program's icon from the Dock and its menu from the bar: it lives near the clock.
// The bundle says so too (LSUIElement), but the toolkit takes that back as it starts.
func StayOutOfTheDock() {
	ask[bool](send(classOf("NSApplication"), "sharedApplication"), "setActivationPolicy:", policyAccessory)
}
