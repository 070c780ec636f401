// Command bare is the floor of the desktop's measures: a Fyne window as large as Dozvon's with one line
// of text. It hides its window when its standard input says "hide", and shows it by "show".
package main

import (
	"bufio"
	"os"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/widget"
)

func main() {
	a := app.NewWithID("ru.dozvon.bare")
	w := a.NewWindow("bare")
	w.SetContent(widget.NewLabel("Звонок"))
	w.Resize(fyne.NewSize(1180, 760))
	go func() {
		for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
			if lines.Text() == "hide" {
				fyne.Do(w.Hide)
			} else {
				fyne.Do(w.Show)
			}
		}
	}()
	w.ShowAndRun()
}
