package card_test

import (
	"net/http/httptest"
	"testing"
	"time"

	"dozvon/app/desktop/ui/uitest"

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
	*uitest.Host
	t     *testing.T
	panel *card.Panel
	w     fyne.Window
	other *client.API // a colleague's
	staff map[string]client.Employee
	parts *server.Parts
}

// openOffice starts a server with two operators and signs the first one in.
func openOffice(t *testing.T) *office {
	t.Helper()
	uitest.LightApp(t)
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
	o := &office{parts: parts, Host: uitest.NewHost(t, i18n.Russian), t: t, staff: map[string]client.Employee{}}
	for _, e := range []client.Employee{uitest.Kireeva, uitest.Borisov} {
		role, password := client.RoleOperator, uitest.OfficePassword
		o.staff[e.Login], err = parts.Staff.SaveEmployee(t.Context(), "", client.EmployeeInput{Name: &e.Name, Login: &e.Login, Password: &password, Role: &role})
		if err != nil {
			t.Fatal(err)
		}
	}
	signIn := func(login string) *client.API {
		in, err := client.New(web.URL, "").SignIn(t.Context(), client.SignIn{Login: login, Password: uitest.OfficePassword, Device: "test"})
		if err != nil {
			t.Fatal(err)
		}
		return client.New(web.URL, in.Token)
	}
	o.API, o.other, o.Clock = signIn(uitest.Kireeva.Login), signIn(uitest.Borisov.Login), time.Now()
	o.Facts = model.New(model.Config{Me: o.staff[uitest.Kireeva.Login], Now: o.Now})
	if err := o.Facts.ReloadLists(t.Context(), o.API); err != nil {
		t.Fatal(err)
	}
	o.panel = card.New(o.Host, &card.State{}, func() {})
	o.w = uitest.WindowOf(t, o.panel, fyne.NewSize(300, 900))
	return o
}

// lead makes a lead with numbers.
func (o *office) lead(name string, phones ...string) client.Client {
	o.t.Helper()
	c, err := o.API.CreateClient(o.t.Context(), client.ClientInput{Name: &name, Phones: &phones})
	if err != nil {
		o.t.Fatal(err)
	}
	return c
}

func (o *office) open(c client.Client) { o.panel.Open(client.KindClient, c.ID) }

// client is the card as the server has it now.
func (o *office) client(id string) client.Client {
	o.t.Helper()
	c, err := o.API.Client(o.t.Context(), id)
	if err != nil {
		o.t.Fatal(err)
	}
	return c
}

// lastOpened is the record that the program was asked to open last.
func (o *office) lastOpened() string {
	if len(o.Opened) == 0 {
		return ""
	}
	return o.Opened[len(o.Opened)-1]
}

func (o *office) press(word string) {
	o.t.Helper()
	pressIn(o.t, o.panel, word)
}

// pressIn presses a button by its word.
func pressIn(t *testing.T, object fyne.CanvasObject, word string) {
	t.Helper()
	b := uitest.Buttons(object, map[string]*widgets.Button{})[word]
	if b == nil {
		t.Fatalf("there is no button %q in\n%s", word, uitest.Readable(object))
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
	all, err := o.API.Undos(o.t.Context())
	if err != nil || len(all) == 0 {
		o.t.Fatalf("nothing is offered to be undone: %v", err)
	}
	if err := o.API.Undo(o.t.Context(), all[0].ID); err != nil {
		o.t.Fatal(err)
	}
}
