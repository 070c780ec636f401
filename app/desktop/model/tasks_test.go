package model

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"dozvon/app/desktop/i18n"
	"dozvon/client"
)

// remind is a reminder of one's own, due after a while.
func remind(id string, after time.Duration) client.Task {
	due := noon.Add(after)
	return client.Task{
		ID: id, Kind: client.TaskReminder, State: client.TaskOpen, Phone: "+79145550148", At: noon, DueAt: &due,
		By: &client.Person{ID: me}, Assignee: &client.Person{ID: me},
	}
}

// asks is a colleague's wish.
func asked(id string) client.Task {
	return client.Task{
		ID: id, Kind: client.TaskCallback, State: client.TaskOpen, Phone: "+79145550148", At: noon, Note: "Спросить о сроках",
		By: &client.Person{ID: other, Name: "Борисов Борис Петрович"}, Assignee: &client.Person{ID: me},
	}
}

func (d *desk) tasks(tasks ...client.Task) {
	for _, t := range tasks {
		d.Apply(client.StreamEvent{Type: "task", Data: &t})
	}
}

func TestTasks_tellAtTheirTimeAndUntilPutAway(t *testing.T) {
	t.Parallel()
	d := newDesk()
	changed := 0
	d.changed = func() { changed++ }
	d.tasks(remind("r1", time.Minute))
	if got := d.faces(); got != "" {
		t.Fatalf("%q stands before the time", got)
	}
	changed = 0
	d.wait(30 * time.Second)
	if changed != 0 {
		t.Error("a screen was woken although nothing is due")
	}
	d.wait(31 * time.Second)
	if got := d.faces(); got != "reminder" || changed != 1 {
		t.Fatalf("at its time %q stands, and the screen was woken %d times", got, changed)
	}
	d.Dismiss(d.Cards()[0].CallID)
	d.wait(time.Minute)
	if got := d.faces(); got != "" {
		t.Fatalf("%q stands after it was put away", got)
	}
	d.tasks(remind("r1", time.Hour))
	d.wait(time.Hour)
	if got := d.faces(); got != "reminder" {
		t.Fatalf("put off, it does not tell again: %q", got)
	}
	done := remind("r1", time.Hour)
	done.State = client.TaskDone
	d.tasks(done)
	if got := d.faces(); got != "" || len(d.Tasks()) != 0 {
		t.Errorf("done, there is still %q and %d tasks", got, len(d.Tasks()))
	}
}

func TestTasks_waitWhileACallGoesOn(t *testing.T) {
	t.Parallel()
	d := newDesk()
	d.take(call(rings(me)))
	d.tasks(remind("r1", -time.Minute), asked("a1"), remind("r2", -2*time.Minute))
	if got := d.faces(); got != "ringing" {
		t.Fatalf("while it rings %q stands", got)
	}
	d.take(call(ends(client.Missed)))
	if got := d.faces(); got != "missed reminder reminder" {
		t.Fatalf("afterwards %q stands", got)
	}
	if got := d.Cards()[1].CallID; got != "task:r2" {
		t.Errorf("the one that waits longest is not first: %q", got)
	}
}

func TestTasks_stateWhoAsksAndWhatFor(t *testing.T) {
	t.Parallel()
	d := newDesk()
	d.tasks(asked("a1"))
	card := d.Cards()[0]
	if card.Heading != "Борисов Б. П. просит перезвонить" || card.Note != "Спросить о сроках" || card.Title != "+7 914 555-01-48" {
		t.Errorf("the card says %q, %q, %q", card.Heading, card.Title, card.Note)
	}
	if !slices.Equal(card.Acts, []Act{ActCallBack, ActSnooze, ActDone}) {
		t.Errorf("offers %v", card.Acts)
	}
	if d.TaskCount() != 1 {
		t.Errorf("counts %d", d.TaskCount())
	}
}

func TestTasks_standInGroups(t *testing.T) {
	t.Parallel()
	d := newDesk()
	given := asked("g")
	given.Assignee, given.By = &client.Person{ID: other, Name: "Борисов Борис Петрович"}, &client.Person{ID: me}
	d.tasks(given, remind("tomorrow", 24*time.Hour), asked("any"), remind("late", -time.Hour), remind("evening", 6*time.Hour))
	var got []string
	for _, row := range d.Tasks() {
		got = append(got, row.ID+":"+string(row.Group)+":"+row.When+":"+row.Who)
	}
	want := "late:late:11:00: evening:today:18:00: any:anytime::просит Борисов Б. П. tomorrow:later:завтра, 12:00: g:given::перезвонит Борисов Б. П."
	if strings.Join(got, " ") != want {
		t.Errorf("got  %q\nwant %q", strings.Join(got, " "), want)
	}
	if d.TaskCount() != 2 {
		t.Errorf("%d wait now, want 2", d.TaskCount())
	}
}

// slowTasks answers with an old list after an event has come.
type slowTasks struct {
	d    *desk
	old  []client.Task
	told client.Task
}

func (s slowTasks) Tasks(context.Context) ([]client.Task, error) {
	s.d.tasks(s.told)
	return s.old, nil
}

func TestTasks_anEventIsNewerThanTheListThatWasOnItsWay(t *testing.T) {
	t.Parallel()
	d := newDesk()
	done := remind("r1", time.Hour)
	done.State = client.TaskDone
	if err := d.ReloadTasks(t.Context(), slowTasks{d, []client.Task{remind("r1", time.Hour), remind("r2", time.Hour)}, done}); err != nil {
		t.Fatal(err)
	}
	if rows := d.Tasks(); len(rows) != 1 || rows[0].ID != "r2" {
		t.Errorf("left are %+v, want r2", rows)
	}
}

func TestMoments_areAheadAndInOrder(t *testing.T) {
	t.Parallel()
	text := i18n.New(i18n.Russian)
	for hour, want := range map[int]string{
		9:  "Через час 10:00|В 18:00 18:00|Завтра в 10:00 10:00",
		17: "Через час 18:00|Завтра в 10:00 10:00",
		23: "Через час 00:00|Завтра в 10:00 10:00",
	} {
		now := time.Date(2026, 11, 24, hour, 0, 0, 0, time.UTC)
		var got []string
		for _, m := range Moments(text, now) {
			got = append(got, m.Words+" "+m.At.Format("15:04"))
			if !m.At.After(now) {
				t.Errorf("at %d: %q is not ahead", hour, m.Words)
			}
		}
		if strings.Join(got, "|") != want {
			t.Errorf("at %d: %q, want %q", hour, got, want)
		}
	}
}

func TestParseMoment_readsWhatPeopleWrite(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ day, clock, want string }{
		{"26.11", "9", "26.11.2026 09:00"},
		{"", "18:30", "24.11.2026 18:30"},
		{"", "9:00", "25.11.2026 09:00"}, // it is noon: the next nine o'clock is tomorrow's
		{"1.2", "10.15", "01.02.2027 10:15"},
		{"завтра", "10", "error"},
		{"26.11", "", "error"},
		{"26.11", "25:00", "error"},
	} {
		got := "error"
		if at, err := ParseMoment(tt.day, tt.clock, noon); err == nil {
			got = at.Format("02.01.2006 15:04")
		}
		if got != tt.want {
			t.Errorf("%q %q: got %s, want %s", tt.day, tt.clock, got, tt.want)
		}
	}
}

func TestHonestWords_sayWhatIsKnownAndWhatNot(t *testing.T) {
	t.Parallel()
	text := i18n.New(i18n.Russian)
	at := func(hour, minute int) time.Time { return time.Date(2026, 11, 24, hour, minute, 0, 0, time.UTC) }
	outage := func(hour int, cause string, restored int) client.Outage {
		return client.Outage{From: at(hour, 10), To: at(hour, 54), Cause: cause, Restored: restored}
	}
	for _, tt := range []struct {
		health client.FeedHealth
		want   Honest
	}{
		{client.FeedHealth{From: at(0, 0), To: at(0, 0)}, Honest{Sure: "С АТС ещё не сверено."}},
		{client.FeedHealth{From: at(0, 0), To: at(11, 58)}, Honest{Sure: "До 11:58 звонков нет, сверено с АТС."}},
		{
			client.FeedHealth{From: at(0, 0), To: at(11, 58), Calls: 214, Confirmed: 213, Outages: []client.Outage{outage(9, "pbx", 2)}},
			Honest{"Сверено с АТС: 213 из 214, до 11:58.", "С 09:10 до 09:54 АТС не присылала событий, восстановлено 2 звонка"},
		},
		{
			client.FeedHealth{From: at(0, 0), To: at(11, 58), Calls: 1, Confirmed: 1, Outages: []client.Outage{outage(1, "pbx", 1), outage(2, "pbx", 0), outage(3, "server", 0)}},
			Honest{"Сверено с АТС: 1 из 1, до 11:58.", "С 02:10 до 02:54 АТС не присылала событий · с 03:10 до 03:54 сервер не работал · и ещё 1 перерыв"},
		},
	} {
		if got := HonestWords(tt.health, text, noon); got != tt.want {
			t.Errorf("got  %+v\nwant %+v", got, tt.want)
		}
	}
}
