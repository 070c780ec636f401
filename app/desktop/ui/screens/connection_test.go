package screens

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/session"
	"dozvon/app/desktop/ui/calllink"
	"dozvon/app/desktop/ui/mainwin"
	"dozvon/app/desktop/ui/signin"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// asked is a desk with the question about a link's number over its window.
func asked(t *testing.T, h *host, number string) (*calllink.Sheet, fyne.Window) {
	t.Helper()
	w := windowOf(t, widgets.NewBox(widgets.Ground, 0), fyne.NewSize(760, 420))
	h.school.answers["/lookup"] = map[string]any{"matches": []client.Subject{shangutov}}
	return calllink.Open(h, w.Canvas(), number), w
}

// callable lets the time pass until the question may be answered with a call.
func callable(t *testing.T, h *host, w fyne.Window) *widgets.Button {
	t.Helper()
	h.passes()
	b := buttons(over(w), map[string]*widgets.Button{})[h.text.T("act.call")]
	if b == nil || !b.Enabled() {
		t.Fatal("the number cannot be called")
	}
	return b
}

// TestCallLink_asksBeforeItCalls: a web page could make any telephone ring.
func TestCallLink_asksBeforeItCalls(t *testing.T) {
	lightApp(t)
	h := newHost(t, i18n.Russian)
	sheet, w := asked(t, h, "+79645550190")
	words := readable(over(w))
	for _, want := range []string{shangutov.Name, "+7 964 555-01-90"} {
		if !strings.Contains(words, want) {
			t.Errorf("%q is missing in\n%s", want, words)
		}
	}
	// A key that was meant for something else presses what has the keyboard.
	w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if len(h.dialed) > 0 || sheet.Asking() {
		t.Fatalf("called %v, still asking: %v; want neither", h.dialed, sheet.Asking())
	}

	sheet, w = asked(t, h, "+79645550190")
	// The second click of a double click on the link lands where the sheet has come.
	test.Tap(buttons(over(w), map[string]*widgets.Button{})[h.text.T("act.call")])
	first := callable(t, h, w)
	h.school.answers["/lookup"] = map[string]any{}
	sheet.Ask("+79145550148") // a second link takes its place
	if words := readable(over(w)); strings.Contains(words, shangutov.Name) || !strings.Contains(words, "+7 914 555-01-48") {
		t.Errorf("the sheet says\n%s", words)
	}
	test.Tap(first) // meant for the number before
	if len(h.dialed) > 0 {
		t.Fatalf("a number was called that nobody had seen: %v", h.dialed)
	}
	test.Tap(callable(t, h, w))
	sheet.Call() // twice at once is once
	if !slices.Equal(h.dialed, []string{"+79145550148"}) || sheet.Asking() {
		t.Errorf("called %v, still asking: %v", h.dialed, sheet.Asking())
	}
}

// TestSignIn_warnsOfPlainHTTP while the address is typed, before the password goes out.
func TestSignIn_warnsOfPlainHTTP(t *testing.T) {
	lightApp(t)
	for _, lang := range []i18n.Lang{i18n.Russian, i18n.English} {
		text := i18n.New(lang)
		view := signin.New(text, "http://phone.school.ru", "kireeva", nil)
		windowOf(t, view, fyne.NewSize(900, 700))
		if words := readable(view); !strings.Contains(words, text.T("sign.exposed")) {
			t.Errorf("no warning in\n%s", words)
		}
		all[*widgets.Entry](view)[0].SetText("https://phone.school.ru")
		if words := readable(view); strings.Contains(words, text.T("sign.exposed")) {
			t.Errorf("a warning without need in\n%s", words)
		}
	}
}

// TestForm_saysWhoChangedTheCardMeanwhile: the later of two saves won in silence.
func TestForm_saysWhoChangedTheCardMeanwhile(t *testing.T) {
	o := openOffice(t)
	c := o.lead("Зайцева Ольга", "+79035550152")
	o.open(c)
	o.panel.Edit()
	entries := all[*widgets.Entry](o.panel)
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
	o.press(o.text.T("act.save"))
	words := readable(o.panel)
	if !strings.Contains(words, "Борисов") || !strings.Contains(words, o.text.T("crd.load_theirs")) {
		t.Fatalf("who changed it is not told in\n%s", words)
	}
	if now := o.client(c.ID); now.Name != other || name.Text != "Зайцева Ольга Петровна" {
		t.Fatalf("the server has %q, the form %q; want each its own", now.Name, name.Text)
	}
	o.press(o.text.T("crd.load_theirs"))
	if name.Text != "Зайцева Ольга Петровна" || field(mail) == nil {
		t.Errorf("after loading theirs:\n%s", readable(o.panel))
	}
	o.press(o.text.T("act.save"))
	if now := o.client(c.ID); now.Name != "Зайцева Ольга Петровна" || now.Email != mail {
		t.Errorf("saved after a look: %+v", now)
	}
}

// changedBy is a refusal because a colleague was first.
func changedBy(who client.Employee) *client.Problem {
	return &client.Problem{Status: 409, Code: "conflict", Detail: "x", ChangedBy: person(who), ChangedAt: at(ago(2 * time.Minute))}
}

func TestSchool_saysWhoChangedItMeanwhile(t *testing.T) {
	lightApp(t)
	h := newHostFor(t, i18n.Russian, schetova)
	mine, theirs := chosen(), chosen()
	mine.ETag, theirs.ETag, theirs.Name = `"1"`, `"2"`, "Автошкола «Вираж»"
	choose(h, mine)
	h.school.answers["PATCH /settings"] = changedBy(borisov)
	v := schoolTab(t, h)
	h.school.answers["/settings"] = theirs
	fields := all[*widgets.Entry](v) // limit, name
	fields[0].SetText("77")
	save := func() { test.Tap(buttons(v, map[string]*widgets.Button{})["Сохранить"]) }
	save()
	if words := readable(v); !strings.Contains(words, "Борисов") {
		t.Errorf("who was first is not told in\n%s", words)
	}
	if fields[0].Text != "77" || fields[1].Text != theirs.Name {
		t.Errorf("the fields say %q and %q; want what was typed, and theirs", fields[0].Text, fields[1].Text)
	}
	h.school.answers["PATCH /settings"] = func([]byte) any { return theirs }
	save()
	if want := []string{`"1"`, `"2"`}; !slices.Equal(h.school.matched, want) {
		t.Errorf("sent with %q, want %q", h.school.matched, want)
	}
}

func TestExtensions_sayWhoChangedThemMeanwhile(t *testing.T) {
	d := newDesk(t, schetova)
	d.view.Shown()
	d.press("Взять из АТС")
	d.press("Связать все")
	d.school.answers["PUT /integrations/i1/extensions"] = changedBy(borisov)
	d.press("Сохранить")
	d.wants("Борисов")
	d.wants("остались в полях")
}

// drawConnection draws what tells of the connection, of links and of conflicts.
func drawConnection(t *testing.T, l look) {
	h := newHost(t, l.lang)
	_, w := asked(t, h, "+79645550190")
	snap(t, "link-known"+l.suffix(), w)
	h.school.answers["/lookup"] = &client.Problem{Status: 500, Code: "internal"}
	unknown := windowOf(t, widgets.NewBox(widgets.Ground, 0), fyne.NewSize(760, 420))
	calllink.Open(h, unknown.Canvas(), "+79145550148")
	snap(t, "link-unknown"+l.suffix(), unknown)

	exposed := signin.New(h.text, "http://phone.school.ru", "kireeva", nil)
	exposed.Tell(h.text.T("err.foreign", "code", 407))
	snap(t, "sign-in-exposed"+l.suffix(), windowOf(t, exposed, fyne.NewSize(900, 640)))

	frame := mainwin.New(h.text, []mainwin.Page{{Name: "feed", Object: widgets.Skeleton(9)}}, nil)
	state := program{}.State()
	state.Connection, state.Err = session.Lost, &client.ForeignAnswer{Status: 407}
	frame.SetState(state)
	frame.Tell(h.text.T("sign.exposed"))
	snap(t, "main-proxy"+l.suffix(), windowOf(t, frame, fyne.NewSize(1000, 560)))

	h = cardHost(t, l.lang)
	h.school.answers["PATCH /clients/c9"] = changedBy(borisov)
	panel, _, cw := besideList(t, h, client.KindClient, fyne.NewSize(1180, 760))
	panel.Open(client.KindClient, "c9")
	panel.Edit()
	panel.SaveAs("Константинопольская Александра")
	snap(t, "crm-form-conflict"+l.suffix(), cw)
}
