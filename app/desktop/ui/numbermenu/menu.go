// Package numbermenu draws what stands beside every telephone number: a sign that opens the menu of
// what can be done with the number. It does nothing itself; the host does.
package numbermenu

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/model"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// Host is what the menu asks of the program.
type Host interface {
	Text() *i18n.Text
	Model() *model.Model
	Dial(phone string, subject *client.Subject)
	SMS(phone string, subject *client.Subject)
	Task(about model.TaskAbout)
	OpenURL(address string)
	Copy(text string)
}

// Item is something that the surface around a number adds to its menu.
type Item struct {
	Words string
	Do    func()
}

// Items are what can be done with a number; extra ones come last. The chat is left out where the
// school has taken it away, and all but the extras where there is no number.
func Items(host Host, phone string, subject *client.Subject, extra ...Item) []Item {
	text := host.Text()
	var out []Item
	if phone != "" {
		out = []Item{
			{text.T("act.call"), func() { host.Dial(phone, subject) }},
			{text.T("num.sms"), func() { host.SMS(phone, subject) }},
		}
		if chat := present.WhatsAppLink(phone); chat != "" && host.Model().School().WhatsApp {
			out = append(out, Item{text.T("num.whatsapp"), func() { host.OpenURL(chat) }})
		}
		out = append(out, Item{text.T("num.task"), func() { host.Task(model.TaskAbout{Phone: phone, Subject: subject}) }},
			Item{text.T("num.copy"), func() { host.Copy(phone) }})
	}
	return append(out, extra...)
}

// sign is what opens the menu.
const sign = "⋯"

// New is the sign beside a number, reached by mouse and keyboard. What the menu holds is asked for
// when it opens, so a list may reuse the sign for another number.
func New(items func() []Item) *widgets.Button {
	var b *widgets.Button
	b = widgets.NewButton(sign, widgets.Bare, func() { Show(b, fyne.NewPos(0, b.Size().Height+theme.Grid), items()) })
	return b
}

// Beside is New for one number.
func Beside(host Host, phone string, subject *client.Subject, extra ...Item) *widgets.Button {
	return New(func() []Item { return Items(host, phone, subject, extra...) })
}

// Show opens a menu at a place of an object; the arrow keys go through it, and Escape closes it.
func Show(beside fyne.CanvasObject, at fyne.Position, items []Item) {
	over := fyne.CurrentApp().Driver().CanvasForObject(beside)
	if over == nil || len(items) == 0 {
		return
	}
	menu := fyne.NewMenu("")
	for _, it := range items {
		menu.Items = append(menu.Items, fyne.NewMenuItem(it.Words, it.Do))
	}
	pop := widget.NewPopUpMenu(menu, over)
	// Fyne moves it back into the window where it would reach over the edge.
	pop.ShowAtRelativePosition(at, beside)
}
