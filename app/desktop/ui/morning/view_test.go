package morning_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/config"
	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui/morning"
	"dozvon/app/desktop/ui/uitest"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
	"dozvon/client/mornings"
)

// desk notes where the page leads to.
type desk struct {
	*uitest.Host
	cfg config.Config
	led []string
}

func (d *desk) Config() config.Config       { return d.cfg }
func (d *desk) SetConfig(cfg config.Config) { d.cfg = cfg }
func (d *desk) LastDay() time.Time          { return present.LastDay(time.Time{}, d.Clock) }
func (d *desk) Leave()                      { d.led = append(d.led, "feed") }
func (d *desk) Open(page string)            { d.led = append(d.led, page) }
func (d *desk) CallQueue()                  { d.led = append(d.led, "queue") }
func (d *desk) Telephony(id string)         { d.led = append(d.led, "telephony "+id) }

func newDesk(t *testing.T) *desk {
	t.Helper()
	uitest.LightApp(t)
	d := &desk{Host: uitest.NewHostFor(t, i18n.Russian, uitest.Schetova), cfg: config.Config{Morning: true}}
	d.School.Answers["/morning"] = mornings.Morning{
		Recordings: []mornings.MorningRecording{{CallID: "c7", At: uitest.Ago(14 * time.Hour), Phone: "+79145550103", Why: "АТС не отдала её, попыток: 3"}},
		Extensions: []mornings.MorningExtension{{Extension: "214", Calls: 4, IntegrationID: "i2"}},
	}
	return d
}

func (d *desk) open(t *testing.T) *morning.View {
	t.Helper()
	v := morning.New(d, nil)
	uitest.WindowOf(t, v, fyne.NewSize(972, 760))
	return v
}

func press(t *testing.T, v *morning.View, label string) {
	t.Helper()
	for _, b := range uitest.All[*widgets.Button](v) {
		if b.Label == label {
			b.Tapped(nil)
			return
		}
	}
	t.Fatalf("no button %q on the page:\n%s", label, uitest.Readable(v))
}

func says(t *testing.T, v *morning.View, want ...string) {
	t.Helper()
	words := uitest.Readable(v)
	for _, w := range want {
		if !strings.Contains(words, w) {
			t.Errorf("the page lacks %q:\n%s", w, words)
		}
	}
}

func TestMorning_leadsToTheCureOfEachLine(t *testing.T) {
	d := newDesk(t)
	now := d.Now()
	d.Facts.Apply(client.StreamEvent{Type: "missed", Data: &client.MissedCaller{Phone: "+79140001007", State: client.MissedWaiting, FirstAt: now, LastAt: now}})
	v := d.open(t)
	says(t, v, "Валентина Аркадьевна", "Не пришла одна запись", "АТС не отдала её, попыток: 3", "Доб. 214 ни с кем не связан")
	press(t, v, "Перезвонить по очереди")
	press(t, v, "Связать")
	press(t, v, "Открыть Ленту")
	if got := strings.Join(d.led, ", "); got != "queue, telephony i2, feed" {
		t.Errorf("it leads to %s", got)
	}
	filled := 0
	for _, b := range uitest.All[*widgets.Button](v) {
		if b.Kind == widgets.Primary || b.Kind == widgets.Call {
			filled++
		}
	}
	if filled != 1 {
		t.Errorf("%d buttons are filled, want the first line's alone", filled)
	}
	uitest.All[*widgets.Toggle](v)[0].Tapped(nil)
	if d.cfg.Morning {
		t.Error("switched off it is shown all the same")
	}
}

func TestMorning_ticksWhatIsOver(t *testing.T) {
	d := newDesk(t)
	now := d.Now()
	caller := client.MissedCaller{Phone: "+79140001007", State: client.MissedWaiting, FirstAt: now, LastAt: now}
	d.Facts.Apply(client.StreamEvent{Type: "missed", Data: &caller})
	v := d.open(t)
	for _, other := range d.Facts.CallbackList() {
		over := other
		over.State = client.MissedSettled
		d.Facts.Apply(client.StreamEvent{Type: "missed", Data: &over})
	}
	v.Sync()
	says(t, v, "Сделано", "Доб. 214 ни с кем не связан")
	d.School.Answers["/calls/c7/recording"] = client.Call{ID: "c7", Recording: &client.Recording{Ready: true}}
	press(t, v, "Повторить")
	says(t, v, "Не пришла одна запись", "запись придёт сама")
	d.School.Answers["/morning"] = mornings.Morning{}
	v.Load()
	says(t, v, "Доб. 214 ни с кем не связан", "Не пришла одна запись", "запись придёт сама")
	ticks := 0
	for _, a := range uitest.All[*widgets.Avatar](v) {
		if a.Text == "✓" {
			ticks++
		}
	}
	if n := strings.Count(uitest.Readable(v), "Сделано"); n != 2 || ticks != 3 {
		t.Errorf("%d lines are done, %d have their tick, want 2 and all three:\n%s", n, ticks, uitest.Readable(v))
	}
}

func TestMorning_saysWhyARecordingDoesNotCome(t *testing.T) {
	d := newDesk(t)
	v := d.open(t)
	d.School.Answers["/calls/c7/recording"] = &client.Problem{Status: 425, Code: "not_ready", Detail: "АТС ещё готовит запись. Она появится сама."}
	press(t, v, "Повторить")
	says(t, v, "Не пришла одна запись", "АТС ещё готовит запись")
	press(t, v, "Повторить") // and can be tried again
}

func TestMorning_saysThatItWasNotLoaded(t *testing.T) {
	d := newDesk(t)
	answer := d.School.Answers["/morning"]
	d.School.Answers["/morning"] = &client.Problem{Status: 500, Code: "internal", Detail: "Сервер не справился."}
	v := d.open(t)
	says(t, v, "Утро не загрузилось", "Сервер не справился")
	d.School.Answers["/morning"] = answer
	press(t, v, "Повторить")
	says(t, v, "Доб. 214 ни с кем не связан")
	if strings.Contains(uitest.Readable(v), "Утро не загрузилось") {
		t.Error("loaded, it says still that it was not")
	}
}

// TestMorning_thatIsNotLoadedAgainKeepsItsButtons: nothing was known then, and each button ended the program.
func TestMorning_thatIsNotLoadedAgainKeepsItsButtons(t *testing.T) {
	d := newDesk(t)
	v := d.open(t)
	d.School.Answers["/morning"] = &client.Problem{Status: 500, Code: "internal", Detail: "Сервер не справился."}
	d.School.Answers["POST /calls/c7/recording"] = client.Call{ID: "c7"}
	v.Load()
	says(t, v, "Утро не загрузилось", "Не пришла одна запись", "Доб. 214 ни с кем не связан")
	press(t, v, "Связать")
	if got := strings.Join(d.led, ", "); got != "telephony i2" {
		t.Errorf("it leads to %q", got)
	}
	press(t, v, "Повторить") // of the recording
	says(t, v, "запись придёт сама")
	v.Load()
	says(t, v, "запись придёт сама", "Утро не загрузилось")
}

// slow is a desk whose answers wait.
type slow struct {
	*desk
	waiting []func()
}

func (s *slow) Work(work func(context.Context, *client.API) error, done func(error)) {
	s.waiting = append(s.waiting, func() { s.desk.Work(work, done) })
}

// answered lets the nth of what waits be answered.
func (s *slow) answered(n int) {
	answer := s.waiting[n]
	s.waiting = slices.Delete(s.waiting, n, n+1)
	answer()
}

func TestMorning_buttonsWorkWhileItIsLoadedAgain(t *testing.T) {
	d := &slow{desk: newDesk(t)}
	v := morning.New(d, nil)
	uitest.WindowOf(t, v, fyne.NewSize(972, 760))
	d.answered(0)
	v.Load()
	v.Sync()
	press(t, v, "Связать")
	press(t, v, "Повторить")
	says(t, v, "Спрашиваем", "Доб. 214 ни с кем не связан")
	if got := strings.Join(d.led, ", "); got != "telephony i2" {
		t.Errorf("it leads to %q", got)
	}
	for len(d.waiting) > 0 {
		d.answered(0)
	}
}

func TestMorning_showsTheLastAnswerThatWasAskedFor(t *testing.T) {
	d := &slow{desk: newDesk(t)}
	v := morning.New(d, nil)
	uitest.WindowOf(t, v, fyne.NewSize(972, 760))
	v.Load() // the first is still on its way
	d.answered(1)
	d.School.Answers["/morning"] = &client.Problem{Status: 500, Code: "internal", Detail: "Сервер не справился."}
	d.answered(0)
	says(t, v, "Доб. 214 ни с кем не связан")
	if strings.Contains(uitest.Readable(v), "Утро не загрузилось") {
		t.Error("an answer that nobody waits for any more takes its place")
	}
}

// TestMorning_asksForEachRecordingThatHasNotCome: the first that was not ready left all others unasked, and its reason
// stood under all of them.
func TestMorning_asksForEachRecordingThatHasNotCome(t *testing.T) {
	notReady := &client.Problem{Status: 425, Code: "not_ready", Detail: "АТС ещё готовит запись."}
	gone := &client.Problem{Status: 410, Code: "gone", Detail: "Записи больше нет."}
	comes := client.Call{}
	for name, tt := range map[string]struct {
		answers []any // to each of the three
		asked   int
		says    []string
		silent  []string
	}{
		"the first is not ready":    {[]any{notReady, comes, comes}, 3, []string{"Не пришла одна запись", "914 000-00-01", "АТС ещё готовит"}, []string{"000-00-02", "000-00-03"}},
		"the last is gone":          {[]any{comes, comes, gone}, 3, []string{"Не пришла одна запись", "914 000-00-03", "Записи больше нет"}, []string{"000-00-01"}},
		"two for reasons of theirs": {[]any{notReady, comes, gone}, 3, []string{"Не пришли 2 записи", "АТС ещё готовит запись", "Записи больше нет"}, []string{"попыток: 3"}},
		"all for the same reason":   {[]any{gone, gone, gone}, 3, []string{"Не пришли 3 записи", "Записи больше нет"}, nil},
		"all come":                  {[]any{comes, comes, comes}, 3, []string{"Не пришли 3 записи", "запись придёт сама"}, nil},
		"asked too much":            {[]any{comes, &client.Problem{Status: 429, Code: "too_many", Detail: "Слишком часто."}, comes}, 2, []string{"Не пришли 2 записи", "Слишком часто"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			var found mornings.Morning
			for n, answer := range tt.answers {
				id := fmt.Sprint("r", n+1)
				found.Recordings = append(found.Recordings, mornings.MorningRecording{CallID: id, At: uitest.Ago(14 * time.Hour), Phone: fmt.Sprint("+7914000000", n+1), Why: "АТС не отдала её, попыток: 3"})
				d.School.Answers["POST /calls/"+id+"/recording"] = answer
			}
			d.School.Answers["/morning"] = found
			v := d.open(t)
			d.School.Told = nil
			press(t, v, "Повторить")
			if len(d.School.Told) != tt.asked {
				t.Errorf("asked for %v", d.School.Told)
			}
			says(t, v, tt.says...)
			for _, w := range tt.silent {
				if strings.Contains(uitest.Readable(v), w) {
					t.Errorf("the page says %q:\n%s", w, uitest.Readable(v))
				}
			}
		})
	}
}
