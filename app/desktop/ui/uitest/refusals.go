package uitest

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui/calllink"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/app/phone"
	"dozvon/client"
)

// Asked is a desk with the question about a link's number over its window.
func Asked(t *testing.T, h *Host, number string) (*calllink.Sheet, fyne.Window) {
	t.Helper()
	w := WindowOf(t, widgets.NewBox(widgets.Ground, 0), fyne.NewSize(760, 420))
	h.School.Answers["/lookup"] = map[string]any{"matches": []client.Subject{Shangutov}}
	return calllink.Open(h, w.Canvas(), phone.Entry{Number: phone.Number(number)}, calllink.Link), w
}

// ChangedBy is a refusal because a colleague was first.
func ChangedBy(who client.Employee) *client.Problem {
	return &client.Problem{Status: 409, Code: "conflict", Detail: "x", ChangedBy: Person(who), ChangedAt: At(Ago(2 * time.Minute))}
}
