package present

import (
	"slices"
	"strings"
	"testing"
	"time"

	"dozvon/client"
)

func TestTasks_stateWhoAsksAndWhatFor(t *testing.T) {
	t.Parallel()
	d := newDesk()
	d.hearsTasks(asked("a1"))
	card := d.cards()[0]
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
	d.hearsTasks(given, remind("tomorrow", 24*time.Hour), asked("any"), remind("late", -time.Hour), remind("evening", 6*time.Hour))
	var got []string
	for _, row := range d.tasks() {
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
