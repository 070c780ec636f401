package platform

// Frame is what the system draws around a window's content, in pixels.
type Frame struct{ Left, Right, Top, Bottom int }

// Around is a window with its frame.
func (f Frame) Around(r Rect) Rect {
	return Rect{r.X - f.Left, r.Y - f.Top, r.Width + f.Left + f.Right, r.Height + f.Top + f.Bottom}
}

// Placing is where the windows stand that the window manager looks after.
type Placing struct{ *Desktop }
