package main

import (
	"bytes"
	"errors"
	"fmt"
	"log"
	"os"
	"strings"

	"github.com/go-gl/glfw/v3.3/glfw"
)

// openDisplay connects to the display as Fyne will, which ends the process with a stack trace where that
// fails. It belongs on the main goroutine.
func openDisplay() (err error) {
	if os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
		return errors.New("there is no display; start dozvon from a desktop session")
	}
	// GLFW logs why it cannot, and panics when it is asked for something then.
	var cause bytes.Buffer
	was := log.Writer()
	log.SetOutput(&cause)
	defer func() {
		log.SetOutput(was)
		if recover() == nil {
			return
		}
		err = fmt.Errorf("the display cannot be opened (%s); start dozvon from a desktop session",
			strings.TrimPrefix(strings.TrimSpace(cause.String()), "PlatformError: "))
	}()
	if err := glfw.Init(); err != nil {
		return fmt.Errorf("the display cannot be opened (%w); start dozvon from a desktop session", err)
	}
	glfw.GetTime()
	return nil
}
