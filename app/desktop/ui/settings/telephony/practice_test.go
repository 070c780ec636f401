package telephony_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dozvon/app/desktop/ui/uitest"

	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/ui/widgets"
	practisedbeeline "dozvon/app/practice/beeline"
	practiseditoolabs "dozvon/app/practice/itoolabs"
)

// connectByHand fills in the form of a kind in its fields' order and saves it.
func connectByHand(d *uitest.Desk, kind string, values ...string) {
	d.T.Helper()
	test.NewTempWindow(d.T, d.View).Resize(uitest.Tall)
	d.View.Shown()
	d.Pick(kind)
	for n, value := range values {
		d.Entry(n).SetText(value)
	}
	d.Press("Сохранить")
}

// accepts links somebody with the first of the PBX's people and checks the connection, in which nothing
// fails.
func accepts(d *uitest.Desk, person string) {
	d.T.Helper()
	if err := d.Facts.ReloadLists(d.T.Context(), d.API); err != nil {
		d.T.Fatal(err)
	}
	d.Press("Взять из АТС")
	d.Wants(person)
	uitest.All[*widgets.Choice](d.View)[0].Choose(0)
	d.Press("Связать все")
	d.Press("Сохранить")
	d.Wants("Сохранено")
	// What the server sees to by itself, such as a subscription, may still be on its way.
	for deadline := time.Now().Add(time.Minute); ; {
		d.Press("Проверить")
		failed := slices.ContainsFunc(uitest.All[*widgets.Label](d.View), func(l *widgets.Label) bool { return l.Text == "✕" })
		if !failed {
			break
		}
		if time.Now().After(deadline) {
			d.T.Fatalf("something fails:\n%s", d.Says())
		}
	}
	if strings.Contains(d.Says(), "s3cret") {
		d.T.Error("a secret stands on the page")
	}
}

// TestPractice_anITooLabsPBXIsConnectedByHand under the name of a brand.
func TestPractice_anITooLabsPBXIsConnectedByHand(t *testing.T) {
	var pbx atomic.Pointer[http.Handler]
	early := http.Handler(http.NotFoundHandler())
	pbx.Store(&early)
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { (*pbx.Load()).ServeHTTP(w, r) }))
	t.Cleanup(site.Close)
	d := realDesk(t)
	// Where events go the page shows only once it is saved.
	p := practiseditoolabs.New(practiseditoolabs.Config{Key: "s3cret-key", Token: "s3cret-token", Address: site.URL, Target: d.API.Base()})
	t.Cleanup(p.Close)
	real := p.Handler()
	pbx.Store(&real)
	connectByHand(d, "МегаФон ВАТС", site.URL+"/", "s3cret-key", "s3cret-token")
	d.Wants("МегаФон ВАТС", "2. Вставьте этот адрес в кабинет АТС", "/hook/", "3. Внутренние номера", "Эта АТС не умеет")
	accepts(d, "701")
}

// TestPractice_aBeelinePBXIsConnectedByHand at an address other than the usual one.
func TestPractice_aBeelinePBXIsConnectedByHand(t *testing.T) {
	p := practisedbeeline.New(practisedbeeline.Config{Token: "s3cret-token"})
	t.Cleanup(p.Close)
	portal := httptest.NewServer(p.Handler())
	t.Cleanup(portal.Close)
	d := realDesk(t)
	test.NewTempWindow(t, d.View).Resize(uitest.Tall)
	d.View.Shown()
	d.Pick("Билайн")
	d.Press("Другой адрес")
	d.Entry(0).SetText("s3cret-token")
	d.Entry(1).SetText(portal.URL + "/apis/portal/")
	d.Press("Сохранить")
	d.Wants("Билайн", "2. Подписка на события", "3. Внутренние номера", "Эта АТС не умеет")
	accepts(d, "101")
}
