package links

// System is not there: the bundle says which links a program opens, and the person chooses in FaceTime.
func System() (Handler, error) { return nil, ErrBundle }

// Chosen tells whether the person chooses who opens the links in the system's own settings.
const Chosen = true

// Choose has no settings to open.
func Choose() error { return ErrBundle }
