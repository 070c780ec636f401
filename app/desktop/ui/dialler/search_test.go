package dialler_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/dialler"
	"dozvon/app/desktop/ui/uitest"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// later is a host whose answers come when the test lets them.
type later struct {
	*uitest.Host
	waiting []func()
}

func (l *later) Work(work func(context.Context, *client.API) error, done func(error)) {
	l.waiting = append(l.waiting, func() { l.Host.Work(work, done) })
}

func (l *later) answer(t *testing.T) {
	t.Helper()
	if len(l.waiting) != 1 {
		t.Fatalf("%d questions are on their way, want 1", len(l.waiting))
	}
	one := l.waiting[0]
	l.waiting = nil
	one()
}

// TestDialler_asksWithTheFirstKeyAndThenForTheLatest: nothing is waited for before the first question, and what is
// typed while its answer comes makes one more, for all of it.
func TestDialler_asksWithTheFirstKeyAndThenForTheLatest(t *testing.T) {
	uitest.LightApp(t)
	var mu sync.Mutex
	var asked []string
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		asked = append(asked, r.URL.Query().Get("q"))
		mu.Unlock()
		w.Header().Set("Content-Type", "application/json")
		item := `{"id":"1","name":"Иванов Иван Иванович","number":"12/2026","phones":["+79145550148"]}`
		if strings.HasSuffix(r.URL.Path, "clients") {
			item = `{"id":"2","name":"Иванова Анна","kind":"lead","phones":["+79145550149"]}`
		}
		w.Write([]byte(`{"items":[` + item + `]}`))
	}))
	defer web.Close()
	h := &later{Host: uitest.NewHost(t, i18n.Russian)}
	h.API = client.New(web.URL, "t")
	w := uitest.WindowOf(t, widgets.NewBox(widgets.Ground, 0), fyne.NewSize(760, 420))
	sheet := dialler.Open(h, w.Canvas(), "")
	entry := w.Canvas().Focused()
	for _, key := range "ива" {
		entry.TypedRune(key)
	}
	h.answer(t) // of the first key
	h.answer(t) // of all of them
	if want := []string{"и", "и", "ива", "ива"}; !slices.Equal(asked, want) {
		t.Errorf("asked for %q, want %q", asked, want)
	}
	words := uitest.Readable(uitest.Over(w).(*widget.PopUp).Content)
	for _, want := range []string{"Иванов Иван", "Иванова Анна", "12/2026"} {
		if !strings.Contains(words, want) {
			t.Errorf("the suggestions lack %q:\n%s", want, words)
		}
	}
	entry.TypedRune('н')
	sheet.Close()
	h.answer(t)
	if len(h.waiting) > 0 {
		t.Error("a sheet that is closed asks on")
	}
}
