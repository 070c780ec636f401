package card_test

import (
	"slices"
	"strings"
	"testing"

	"dozvon/app/desktop/ui/uitest"

	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// TestForm_saysWhoChangedTheCardMeanwhile: the later of two saves won in silence.
func TestForm_saysWhoChangedTheCardMeanwhile(t *testing.T) {
	o := openOffice(t)
	c := o.lead("Зайцева Ольга", "+79035550152")
	o.open(c)
	o.panel.Edit()
	entries := uitest.All[*widgets.Entry](o.panel)
	field := func(had string) *widgets.Entry {
		return entries[slices.IndexFunc(entries, func(e *widgets.Entry) bool { return e.Text == had })]
	}
	name := field("Зайцева Ольга")
	name.SetText("Зайцева Ольга Петровна")
	mail, other := "olga@example.ru", "Зайцева О. П."
	_, err := o.other.UpdateClient(t.Context(), c.ID, client.ClientInput{Email: &mail, Name: &other})
	if err != nil {
		t.Fatal(err)
	}
	o.press(o.Words.T("act.save"))
	words := uitest.Readable(o.panel)
	if !strings.Contains(words, "Борисов") || !strings.Contains(words, o.Words.T("crd.load_theirs")) {
		t.Fatalf("who changed it is not told in\n%s", words)
	}
	if now := o.client(c.ID); now.Name != other || name.Text != "Зайцева Ольга Петровна" {
		t.Fatalf("the server has %q, the form %q; want each its own", now.Name, name.Text)
	}
	o.press(o.Words.T("crd.load_theirs"))
	if name.Text != "Зайцева Ольга Петровна" || field(mail) == nil {
		t.Errorf("after loading theirs:\n%s", uitest.Readable(o.panel))
	}
	o.press(o.Words.T("act.save"))
	if now := o.client(c.ID); now.Name != "Зайцева Ольга Петровна" || now.Email != mail {
		t.Errorf("saved after a look: %+v", now)
	}
}
