package shell

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"dozvon/app/desktop/ui"
	"dozvon/client"
)

// school carries out what a tour or a test does with the queue, the undo bar and the import.
func (a commands) school(action string, args []string) error {
	if a.frame == nil {
		return ui.ErrSignedOut
	}
	arg := func(n int) string {
		if n < len(args) {
			return args[n]
		}
		return ""
	}
	a.Show()
	switch action {
	case "take":
		a.pages.missed.Claim(arg(0))
	case "undo":
		if !a.frame.PressOffer() {
			return errors.New("nothing is offered to be taken back")
		}
	case "import":
		file, err := os.Open(arg(1))
		if err != nil {
			return fmt.Errorf("opening the table: %w", err)
		}
		filesOf(a.App).open(client.SubjectKind(arg(0)), filepath.Base(arg(1)), file)
	case "import-run":
		if a.importing == nil || !a.importing.Ready() {
			return errors.New("no import waits for a decision")
		}
		switch arg(0) {
		case "close":
			a.importing.Close()
		case "dry", "now":
			a.importing.Run(arg(0) == "dry")
		}
	}
	return nil
}
