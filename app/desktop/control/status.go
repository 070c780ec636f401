package control

import "dozvon/client"

// Status is what the program shows now, as `dozvon status --json` prints it; places are pixels of the
// screen, times seconds. Its shape is fixed, additions are welcome.
type Status struct {
	Connection string          `json:"connection"`
	Employee   client.Employee `json:"employee"`
	Server     string          `json:"server,omitempty"`
	Tray       Tray            `json:"tray"`
	Cards      []Card          `json:"cards"`
	Windows    []Window        `json:"windows"`
	Player     Player          `json:"player"`
	Selected   *Selected       `json:"selected,omitempty"`
	Page       string          `json:"page,omitempty"`
	// Practice is the step of a practice; empty while nobody practises.
	Practice string    `json:"practice,omitempty"`
	Settings *Settings `json:"settings,omitempty"`
	// Asking is the number that the person is asked about, whether to call it; empty while none is.
	Asking string `json:"asking,omitempty"`
	// Course is the call whose course is shown; empty: none is.
	Course string `json:"course,omitempty"`
	// Focus is what has the keyboard in the main window: the words of a button, else what it is; empty: nothing.
	Focus string `json:"focus,omitempty"`
	// Keys tells that the page of all keys is shown.
	Keys      bool   `json:"keys,omitempty"`
	LastError string `json:"last_error,omitempty"`
	Version   string `json:"version"`
	Log       string `json:"log,omitempty"` // the file; empty when it cannot be written
}

// Tray is the icon near the clock.
type Tray struct {
	State  string `json:"state"`
	Missed int    `json:"missed"`
}

// Place is where something is on the screen.
type Place struct {
	X      int `json:"x"`
	Y      int `json:"y"`
	Width  int `json:"width"`
	Height int `json:"height"`
}

// Card is a call card that shows, or a reminder's; or what stands for several: then Calls names theirs,
// and CallID is empty.
type Card struct {
	CallID   string `json:"call_id"`
	State    string `json:"state"`
	Title    string `json:"title"`
	Subtitle string `json:"subtitle"`
	Heading  string `json:"heading,omitempty"`
	Place
	Form    string   `json:"form,omitempty"` // "line" of ringing calls, "fold" of missed ones
	Calls   []string `json:"calls,omitempty"`
	Buttons []Spot   `json:"buttons,omitempty"`
}

// Spot is the middle of what can be clicked.
type Spot struct {
	Name string `json:"name"`
	X    int    `json:"x"`
	Y    int    `json:"y"`
}

// Window is the main window, or the one to sign in.
type Window struct {
	Name    string `json:"name"`
	Visible bool   `json:"visible"`
	Focused bool   `json:"focused"`
	Place
}

// Player is the recording that plays.
type Player struct {
	State    string  `json:"state"`
	Position float64 `json:"position"`
	Duration float64 `json:"duration"`
	Speed    float64 `json:"speed"`
	Part     int     `json:"part,omitempty"`
	// Waiting says that what shall be heard has not come yet.
	Waiting bool `json:"waiting,omitempty"`
}

// Settings is what the page of settings has found out.
type Settings struct {
	Checks []client.Check `json:"checks,omitempty"`
	Stages []client.Check `json:"hops,omitempty"`
}

// Selected is the client or contract that is open.
type Selected struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
	Read bool   `json:"read"` // it shows, and not only that it is being read
}
