package telephony_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dozvon/app/desktop/ui/uitest"

	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/model"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/app/server"
	"dozvon/client"
)

// TestKinds_ofTheRealServerAreConnected: every kind and brand that the server has is drawn by what it
// tells, saved by its own fields, and drawn again without its secrets.
func TestKinds_ofTheRealServerAreConnected(t *testing.T) {
	// The PBXs' own answers are not the point: what stands at their address refuses everything.
	pbx := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(pbx.Close)
	d := realDesk(t)
	kinds, err := d.API.PBXKinds(t.Context())
	if err != nil || len(kinds) < 3 {
		t.Fatalf("%d kinds, %v", len(kinds), err)
	}
	for _, k := range kinds {
		title := k.Title
		if len(k.Brands) > 0 {
			title = k.Brands[0].Title
		}
		t.Run(k.Kind, func(t *testing.T) { connects(t, d, k, title, pbx.URL+"/"+k.Kind+"/") })
	}
}

// realDesk is the settings of an accountant at a server of our own.
func realDesk(t *testing.T) *uitest.Desk {
	t.Helper()
	var handler atomic.Pointer[http.Handler] // our address must be known before the server is there
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { (*handler.Load()).ServeHTTP(w, r) }))
	parts, err := server.Build(t.Context(), server.Config{Listen: "127.0.0.1:0", PublicURL: web.URL, Data: t.TempDir(), Version: "test", AllowLocalPBX: true})
	if err != nil {
		t.Fatal(err)
	}
	api := parts.API.Handler()
	handler.Store(&api)
	t.Cleanup(func() {
		parts.API.CloseStreams()
		web.Close()
		parts.Close()
	})
	role, password := client.RoleAccountant, uitest.OfficePassword
	me, err := parts.Staff.SaveEmployee(t.Context(), "", client.EmployeeInput{Name: &uitest.Kireeva.Name, Login: &uitest.Kireeva.Login, Password: &password, Role: &role})
	if err != nil {
		t.Fatal(err)
	}
	in, err := client.New(web.URL, "").SignIn(t.Context(), client.SignIn{Login: uitest.Kireeva.Login, Password: password, Device: "test"})
	if err != nil {
		t.Fatal(err)
	}
	d := uitest.NewDesk(t, uitest.Kireeva)
	d.API, d.Clock = client.New(web.URL, in.Token), time.Now()
	d.Facts = model.New(model.Config{Me: me, Now: d.Now})
	return d
}

// connects connects a PBX of a kind by its row in the list, filling in whatever is asked for.
func connects(t *testing.T, d *uitest.Desk, k client.PBXKind, title, address string) {
	d.T = t
	d.View = d.Made()
	test.NewTempWindow(t, d.View).Resize(uitest.Tall)
	d.View.Shown()
	if uitest.Buttons(d.View, map[string]*widgets.Button{})["+ Добавить"] != nil {
		d.Press("+ Добавить")
	}
	d.Pick(title)
	for _, step := range k.Steps {
		d.Wants(step.Text)
	}
	if k.DefaultURL != "" {
		d.Press("Другой адрес")
	}
	if slices.ContainsFunc(k.Credentials, func(c client.CredentialField) bool { return c.Optional }) {
		d.Press("Дополнительно")
	}
	secrets := []string{}
	for n, entry := range uitest.All[*widgets.Entry](d.View) {
		switch {
		case slices.Contains([]string{k.DefaultURL, ""}, entry.Text) && (entry.PlaceHolder != "" || entry.Text != ""):
			entry.SetText(address)
		case entry.Password:
			secrets = append(secrets, "s3cret-"+string(rune('a'+n)))
			entry.SetText(secrets[len(secrets)-1])
		}
	}
	for _, field := range k.Credentials {
		d.Wants(field.Label)
		if !field.Secret && !field.Optional {
			uitest.All[*widgets.Entry](d.View)[0].SetText("account-771")
		}
	}
	d.Press("Сохранить")
	d.Wants(title, "Внутренние номера", "Проверка")
	for _, secret := range secrets {
		if strings.Contains(d.Says(), secret) {
			t.Errorf("the secret %q stands on the page", secret)
		}
	}
	all, err := d.API.Integrations(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(all, func(it client.Integration) bool { return it.Kind == k.Kind })
	if at < 0 || all[at].APIURL != address {
		t.Fatalf("the server has %+v", all)
	}
	for _, field := range k.Credentials {
		if field.Secret && !field.Optional && !slices.Contains(all[at].Secrets, field.Name) {
			t.Errorf("the server does not hold %q: %v", field.Name, all[at].Secrets)
		}
	}
}
