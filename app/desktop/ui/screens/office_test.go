package screens

import (
	"net/http/httptest"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/model"
	"dozvon/app/desktop/ui/card"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/app/server"
	"dozvon/client"
)

// office is a desk at a real server, with a card at its right.
type office struct {
	*host
	t     *testing.T
	panel *card.Panel
	w     fyne.Window
	other *client.API // a colleague's
	staff map[string]client.Employee
	parts *server.Parts
}

const officePassword = "correct horse"

// openOffice starts a server with two operators and signs the first one in.
func openOffice(t *testing.T) *office {
	t.Helper()
	lightApp(t)
	parts, err := server.Build(t.Context(), server.Config{Listen: "127.0.0.1:0", Data: t.TempDir(), Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(parts.API.Handler())
	t.Cleanup(func() {
		parts.API.CloseStreams()
		web.Close()
		parts.Close()
	})
	o := &office{parts: parts, host: newHost(t, i18n.Russian), t: t, staff: map[string]client.Employee{}}
	for _, e := range []client.Employee{kireeva, borisov} {
		role, password := client.RoleOperator, officePassword
		o.staff[e.Login], err = parts.Staff.SaveEmployee(t.Context(), "", client.EmployeeInput{Name: &e.Name, Login: &e.Login, Password: &password, Role: &role})
		if err != nil {
			t.Fatal(err)
		}
	}
	signIn := func(login string) *client.API {
		in, err := client.New(web.URL, "").SignIn(t.Context(), client.SignIn{Login: login, Password: officePassword, Device: "test"})
		if err != nil {
			t.Fatal(err)
		}
		return client.New(web.URL, in.Token)
	}
	o.api, o.other, o.now = signIn(kireeva.Login), signIn(borisov.Login), time.Now()
	o.model = model.New(model.Config{Me: o.staff[kireeva.Login], Now: o.Now})
	if err := o.model.ReloadLists(t.Context(), o.api); err != nil {
		t.Fatal(err)
	}
	o.panel = card.New(o.host, &card.State{}, func() {})
	o.w = windowOf(t, o.panel, fyne.NewSize(300, 900))
	return o
}

// lead makes a lead with numbers.
func (o *office) lead(name string, phones ...string) client.Client {
	o.t.Helper()
	c, err := o.api.CreateClient(o.t.Context(), client.ClientInput{Name: &name, Phones: &phones})
	if err != nil {
		o.t.Fatal(err)
	}
	return c
}

func (o *office) open(c client.Client) { o.panel.Open(client.KindClient, c.ID) }

// client is the card as the server has it now.
func (o *office) client(id string) client.Client {
	o.t.Helper()
	c, err := o.api.Client(o.t.Context(), id)
	if err != nil {
		o.t.Fatal(err)
	}
	return c
}

// lastOpened is the record that the program was asked to open last.
func (o *office) lastOpened() string {
	if len(o.opened) == 0 {
		return ""
	}
	return o.opened[len(o.opened)-1]
}

func (o *office) press(word string) {
	o.t.Helper()
	pressIn(o.t, o.panel, word)
}

// pressIn presses a button by its word.
func pressIn(t *testing.T, object fyne.CanvasObject, word string) {
	t.Helper()
	b := buttons(object, map[string]*widgets.Button{})[word]
	if b == nil {
		t.Fatalf("there is no button %q in\n%s", word, readable(object))
	}
	test.Tap(b)
}

// index makes the cards to be found by words at once; the server does it a moment later.
func (o *office) index() {
	o.t.Helper()
	if err := o.parts.Indexer.Index(o.t.Context()); err != nil {
		o.t.Fatal(err)
	}
}

// undo takes back what the operator did last.
func (o *office) undo() {
	o.t.Helper()
	all, err := o.api.Undos(o.t.Context())
	if err != nil || len(all) == 0 {
		o.t.Fatalf("nothing is offered to be undone: %v", err)
	}
	if err := o.api.Undo(o.t.Context(), all[0].ID); err != nil {
		o.t.Fatal(err)
	}
}
