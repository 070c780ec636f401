package platform

import "runtime"

// Unproved says that nobody has run the program on this system yet. Take a system out once somebody has gone
// through its list in assets.
const Unproved = runtime.GOOS == "darwin"
