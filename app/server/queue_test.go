package server_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	practice "dozvon/app/practice/mango"
	"dozvon/client"
)

// queue tells the rows of the queue of missed calls in some states.
func (s *school) queue(states ...client.MissedState) string {
	s.t.Helper()
	page, err := s.api("101").Missed(s.t.Context(), "", states...)
	if err != nil {
		s.t.Fatal(err)
	}
	var out []string
	for _, m := range page.Items {
		line := fmt.Sprintf("%s %s %d", m.Phone[len(m.Phone)-2:], m.State, m.Rings)
		if m.TakenBy != nil {
			line += " by " + strings.TrimPrefix(m.TakenBy.Name, "Сотрудник ")
		}
		if m.ClosedBy != nil {
			line += " closed by " + strings.TrimPrefix(m.ClosedBy.Name, "Сотрудник ")
		}
		out = append(out, line)
	}
	return strings.Join(out, "; ")
}

func (s *school) wantQueue(when, want string, states ...client.MissedState) {
	s.t.Helper()
	if got := s.queue(states...); got != want {
		s.t.Errorf("%s: the queue is %q, want %q", when, got, want)
	}
}

func TestMissed_isOneRowPerCallerUntilSomebodyTalks(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s := openSchool(t, url, "")
		const number = "79145550148"
		s.ring(1, number, "101", false)
		s.ring(2, number, "101", false) // 100 s later: the same try
		s.ring(9, number, "101", false)
		s.ring(10, "79145550149", "101", false)
		s.wantQueue("three rings of one and one of another", "49 waiting 1; 48 waiting 2")

		if _, err := s.api("102").TakeMissed(t.Context(), number); err != nil {
			t.Fatal(err)
		}
		var p *client.Problem
		if _, err := s.api("103").TakeMissed(t.Context(), number); !asProblem(err, &p) || p.Code != "missed_taken" {
			t.Errorf("taken twice: %v", err)
		}
		s.ring(20, number, "101", false)
		s.wantQueue("rings again, whoever took it keeps it", "48 taken 3 by 102; 49 waiting 1")

		s.ring(30, number, "103", true)
		s.wantQueue("somebody else talks", "49 waiting 1")
		s.wantQueue("it says by whom", "48 settled 3 by 102 closed by 103", client.MissedSettled)

		if _, err := s.api("101").DismissMissed(t.Context(), "79145550149", "реклама"); err != nil {
			t.Fatal(err)
		}
		s.wantQueue("dismissed", "")
		undos, err := s.api("101").Undos(t.Context())
		if err != nil || len(undos) != 1 {
			t.Fatal(undos, err)
		}
		if err := s.api("101").Undo(t.Context(), undos[0].ID); err != nil {
			t.Fatal(err)
		}
		s.wantQueue("taken back", "49 waiting 1")
	})
}

// TestMissed_aLateEventReopensNothing: the webhooks of a talk may come before those of the missed
// call that it settles.
func TestMissed_aLateEventReopensNothing(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	s.ring(9, "79145550148", "101", true)
	s.ring(1, "79145550148", "101", false)
	s.wantQueue("the missed call is older than the talk", "")
}

func TestTask_givesTheNextCallToWhoWasAsked(t *testing.T) {
	t.Parallel()
	s, pbx := withPBX(t, "")
	const number = "79000000777"
	if _, err := pbx.Call(practice.CallRequest{From: number, To: "101", Scenario: "direct", RingMS: 5, TalkMS: 20}); err != nil {
		t.Fatal(err)
	}
	c := s.until(number, "be over", func(c client.Call) bool { return c.State == client.StateEnded })
	task, err := s.api("101").AddTask(t.Context(), client.NewTask{CallID: c.ID, Note: "про вождение", AssigneeID: s.staff["103"].ID})
	if err != nil || task.Kind != client.TaskCallback || task.Phone != "+"+number || task.Assignee.ID != s.staff["103"].ID {
		t.Fatalf("%+v, %v", task, err)
	}
	if mine, err := s.api("103").Tasks(t.Context()); err != nil || len(mine) != 1 || mine[0].Note != "про вождение" {
		t.Errorf("103 sees %+v, %v", mine, err)
	}
	if others, err := s.api("102").Tasks(t.Context()); err != nil || len(others) != 0 {
		t.Errorf("102 sees %+v, %v", others, err)
	}
	if _, err := pbx.Call(practice.CallRequest{From: number, To: "101", Scenario: "direct", RingMS: 400, TalkMS: 20}); err != nil {
		t.Fatal(err)
	}
	s.until(number, "be answered by 103", func(got client.Call) bool {
		return got.ID != c.ID && got.AnsweredAt != nil && got.Employee != nil && got.Employee.ID == s.staff["103"].ID
	})
	eventually(t, "the task to be done by the talk", func() bool {
		mine, err := s.api("103").Tasks(t.Context())
		return err == nil && len(mine) == 0
	})
}

func TestNote_withATimeRemindsAndKeepsItsFormerTexts(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s := openSchool(t, url, "")
		s.ring(1, "79145550148", "101", true)
		api := s.api("101")
		page, err := api.Feed(t.Context(), client.FeedQuery{Limit: 1})
		if err != nil || len(page.Items) != 1 {
			t.Fatal(page, err)
		}
		at := time.Now().Add(time.Hour).UTC().Truncate(time.Second)
		note, err := api.NoteCall(t.Context(), page.Items[0].CallID, client.CallNote{Outcome: "call_back", Text: "спросит мужа", CallBackAt: &at})
		if err != nil || !strings.HasPrefix(note.Description, "Перезвонить ") || !strings.HasSuffix(note.Description, ": спросит мужа") || note.Outcome != "call_back" {
			t.Fatalf("%+v, %v", note, err)
		}
		tasks, err := api.Tasks(t.Context())
		if err != nil || len(tasks) != 1 || tasks[0].Kind != client.TaskReminder || !tasks[0].DueAt.Equal(at) {
			t.Errorf("tasks %+v, %v", tasks, err)
		}
		var p *client.Problem
		if _, err := s.api("102").EditNote(t.Context(), note.ID, "чужая"); !asProblem(err, &p) || p.Code != "not_yours" {
			t.Errorf("a colleague's edit: %v", err)
		}
		edited, err := api.EditNote(t.Context(), note.ID, "спросит жену")
		if err != nil || edited.Description != "спросит жену" || edited.EditedAt == nil {
			t.Fatalf("%+v, %v", edited, err)
		}
		versions, err := api.NoteVersions(t.Context(), note.ID)
		if err != nil || len(versions) != 1 || versions[0].Text != note.Description {
			t.Errorf("versions %+v, %v", versions, err)
		}
	})
}

// TestNote_isWrittenOnceHoweverOftenItIsSent: whoever lost the answer sends it again, also twice at once.
func TestNote_isWrittenOnceHoweverOftenItIsSent(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s := openSchool(t, url, "")
		s.ring(1, "79145550148", "101", true)
		api := s.api("101")
		page, err := api.Feed(t.Context(), client.FeedQuery{Limit: 1})
		if err != nil || len(page.Items) != 1 {
			t.Fatal(page, err)
		}
		callID, at := page.Items[0].CallID, time.Now().Add(time.Hour).UTC().Truncate(time.Second)
		in := client.CallNote{NoteID: "n-1", Outcome: "call_back", Text: "спросит мужа", CallBackAt: &at}
		ids := make(chan string, 4)
		for range cap(ids) {
			go func() {
				note, err := api.NoteCall(t.Context(), callID, in)
				if err != nil {
					t.Error(err)
				}
				ids <- note.ID
			}()
		}
		first := <-ids
		for range cap(ids) - 1 {
			if id := <-ids; id != first || id == "" {
				t.Errorf("one request made the notes %s and %s", first, id)
			}
		}
		for _, other := range []struct {
			extension string
			in        client.CallNote
		}{
			{"102", in}, // a colleague's is their own
			{"101", client.CallNote{NoteID: "n-2", Text: "спросит мужа"}},
			{"101", client.CallNote{Text: "спросит мужа"}},
			{"101", client.CallNote{Text: "спросит мужа"}},
		} {
			if note, err := s.api(other.extension).NoteCall(t.Context(), callID, other.in); err != nil || note.ID == first {
				t.Errorf("%+v of %s: note %s, %v", other.in, other.extension, note.ID, err)
			}
		}
		notes, err := api.Feed(t.Context(), client.FeedQuery{Type: string(client.EntryNote), Limit: 20})
		if err != nil || len(notes.Items) != 5 {
			t.Errorf("%d notes, %v; want the one, and four that are others", len(notes.Items), err)
		}
		tasks, err := api.Tasks(t.Context())
		if err != nil || len(tasks) != 1 {
			t.Errorf("reminders %+v, %v; want one", tasks, err)
		}
		call, err := api.Call(t.Context(), callID)
		if err != nil || strings.Count(call.Note, "спросит мужа") != 5 {
			t.Errorf("the call's note is %q, %v", call.Note, err)
		}
	})
}

// TestNote_thatIsTooLongIsRefusedInWords of the language that was asked for, with the field and its bound.
func TestNote_thatIsTooLongIsRefusedInWords(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	for language, want := range map[string]string{"ru": "Проверьте поля: текст: не длиннее 4000 знаков", "en": "Check the fields: text: at most 4000 characters"} {
		api := s.api("101")
		api.SetLanguage(language)
		_, err := api.NoteCall(t.Context(), "c1", client.CallNote{Text: strings.Repeat("я", 4001)})
		var p *client.Problem
		if !asProblem(err, &p) || p.Status != 422 || p.Code != "invalid" || p.Detail != want {
			t.Errorf("in %s: %+v, %v; want %q", language, p, err, want)
		}
		if p != nil && (len(p.Fields) != 1 || !strings.Contains(p.Fields[0], "body.text")) {
			t.Errorf("for programs: %q", p.Fields)
		}
	}
}

// TestTask_takesAMissedCallerOffEverybodysList whom a colleague was asked to call: the others called them as well.
func TestTask_takesAMissedCallerOffEverybodysList(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s := openSchool(t, url, "")
		const number = "79145550148"
		asks := func(by, whom string, more func(*client.NewTask)) client.Task {
			t.Helper()
			in := client.NewTask{Phone: number, AssigneeID: s.staff[whom].ID}
			if more != nil {
				more(&in)
			}
			task, err := s.api(by).AddTask(t.Context(), in)
			if err != nil {
				t.Fatal(err)
			}
			return task
		}
		undo := func(by string) {
			t.Helper()
			offers, err := s.api(by).Undos(t.Context())
			if err != nil || len(offers) == 0 {
				t.Fatal(offers, err)
			}
			if err := s.api(by).Undo(t.Context(), offers[0].ID); err != nil {
				t.Fatal(err)
			}
		}
		s.ring(1, number, "101", false)
		asks("101", "103", nil)
		s.wantQueue("given away", "48 taken 1 by 103")
		s.ring(9, number, "101", false)
		undo("101")
		s.wantQueue("taken back, though they rang again", "48 waiting 2")
		if open, err := s.api("103").Tasks(t.Context()); err != nil || len(open) != 0 {
			t.Errorf("taken back it leaves %+v, %v", open, err)
		}

		if _, err := s.api("102").TakeMissed(t.Context(), number); err != nil {
			t.Fatal(err)
		}
		asks("101", "103", nil)
		s.wantQueue("whom another has taken", "48 taken 2 by 102")
		asks("102", "104", nil)
		s.wantQueue("given on by whoever had taken them", "48 taken 2 by 104")
		s.ring(20, number, "104", true)
		s.wantQueue("after a talk", "")
		undo("102")
		s.wantQueue("taken back too late", "")
	})
}

// TestTask_takesThePlaceOfOnesOwn: giving a promise away closes it, and both are taken back at once.
func TestTask_takesThePlaceOfOnesOwn(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	due := time.Now().Add(time.Hour)
	mine, theirs := s.api("101"), s.api("103")
	promise, err := mine.AddTask(t.Context(), client.NewTask{Phone: "79145550148", DueAt: &due})
	if err != nil {
		t.Fatal(err)
	}
	open := func(api *client.API) string {
		t.Helper()
		tasks, err := api.Tasks(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, task := range tasks {
			if task.State == client.TaskOpen {
				out = append(out, task.Kind+" of "+strings.TrimPrefix(task.Assignee.Name, "Сотрудник "))
			}
		}
		return strings.Join(out, ", ")
	}
	give := client.NewTask{Phone: "79145550148", AssigneeID: s.staff["103"].ID, InsteadOf: promise.ID}
	var p *client.Problem
	if _, err := theirs.AddTask(t.Context(), client.NewTask{Phone: "79145550148", AssigneeID: s.staff["101"].ID, InsteadOf: promise.ID}); !asProblem(err, &p) || p.Code != "invalid" {
		t.Errorf("another's task is given away: %v", err)
	}
	if got := open(mine); got != "reminder of 101" {
		t.Errorf("a refusal leaves %q", got)
	}
	if _, err := mine.AddTask(t.Context(), give); err != nil {
		t.Fatal(err)
	}
	if got := open(mine); got != "callback of 103" {
		t.Errorf("given away: open are %q", got)
	}
	if _, err := mine.AddTask(t.Context(), give); !asProblem(err, &p) || p.Code != "not_now" {
		t.Errorf("given away twice: %v", err)
	}
	offers, err := mine.Undos(t.Context())
	if err != nil || len(offers) == 0 {
		t.Fatal(offers, err)
	}
	if err := mine.Undo(t.Context(), offers[0].ID); err != nil {
		t.Fatal(err)
	}
	if got := open(mine); got != "reminder of 101" {
		t.Errorf("taken back: open are %q", got)
	}
	if got := open(theirs); got != "" {
		t.Errorf("taken back the colleague has %q", got)
	}
}

// TestMissed_isNotTakenBackOverWhatOthersDidSince: it reopened callers with whom somebody had talked.
func TestMissed_isNotTakenBackOverWhatOthersDidSince(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	const number = "79145550148"
	s.ring(1, number, "101", false)
	if _, err := s.api("102").TakeMissed(t.Context(), number); err != nil {
		t.Fatal(err)
	}
	s.ring(9, number, "103", true)
	offers, err := s.api("102").Undos(t.Context())
	if err != nil || len(offers) != 1 {
		t.Fatal(offers, err)
	}
	var p *client.Problem
	if err := s.api("102").Undo(t.Context(), offers[0].ID); !asProblem(err, &p) || p.Code != "undo_late" {
		t.Errorf("taken back after a talk: %v", err)
	}
	s.wantQueue("after it", "")
}
