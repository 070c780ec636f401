// Package screens holds the tests that draw every surface of the desktop program without
// a display, and the made-up school they draw. It holds no code of the program.
package screens
