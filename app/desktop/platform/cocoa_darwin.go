package platform

import (
	"github.com/ebitengine/purego/objc"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver"
)

// NSPoint, NSSize and NSRect.
type (
	nsPoint struct{ X, Y float64 }
	nsSize  struct{ Width, Height float64 }
	nsRect  struct {
		Origin nsPoint
		Size   nsSize
	}
)

func (r nsRect) points() points { return points{r.Origin.X, r.Origin.Y, r.Size.Width, r.Size.Height} }

func (p points) rect() nsRect { return nsRect{nsPoint{p.X, p.Y}, nsSize{p.Width, p.Height}} }

// send sends a message. AppKit is asked on the main thread alone, which is Fyne's goroutine.
func send(to objc.ID, selector string, args ...any) objc.ID {
	return to.Send(objc.RegisterName(selector), args...)
}

// ask is send with an answer that is no object.
func ask[T any](to objc.ID, selector string, args ...any) T {
	return objc.Send[T](to, objc.RegisterName(selector), args...)
}

func classOf(name string) objc.ID { return objc.ID(objc.GetClass(name)) }

func nsString(text string) objc.ID { return send(classOf("NSString"), "stringWithUTF8String:", text) }

// goString reads an NSString; nil is empty.
func goString(s objc.ID) string {
	if s == 0 {
		return ""
	}
	return ask[string](s, "UTF8String")
}

// windowOf is the NSWindow of a window; 0 before it is made.
func windowOf(w fyne.Window) objc.ID {
	var id objc.ID
	if native, ok := w.(driver.NativeWindow); ok {
		native.RunNative(func(context any) {
			if c, ok := context.(driver.MacWindowContext); ok {
				id = objc.ID(c.NSWindow)
			}
		})
	}
	return id
}
