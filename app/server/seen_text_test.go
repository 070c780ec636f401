package server_test

import (
	"strings"
	"testing"
	"time"

	"dozvon/app/server/plaintext"
	"dozvon/client"
)

// TestText_thatPeopleSeeIsCleanedOnItsWayIn: names with bells and turned letters were kept as they came, and one that
// showed nothing was a name.
func TestText_thatPeopleSeeIsCleanedOnItsWayIn(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s := openSchool(t, url, "")
		api, ctx := s.api("105"), t.Context()
		const dirty, clean = "А\x07\u202e\u2066бв\u2069\u200b\x7fг", "Абвг"
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		want := func(what, got, want string) {
			t.Helper()
			if got != want {
				t.Errorf("%s is kept as %q, want %q", what, got, want)
			}
		}
		phones := []client.Phone{{Number: "\u202a89145550141\u202c", Label: dirty}}
		c, err := api.CreateClient(ctx, client.ClientInput{Name: ptr(dirty), Note: ptr(dirty + "\r\n" + dirty), Tags: &[]string{dirty}, PhoneList: &phones, ExternalID: ptr("e\x071")})
		must(err)
		want("a name", c.Name, clean)
		want("a card's note", c.Note, clean+"\n"+clean)
		want("a tag", strings.Join(c.Tags, "|"), clean)
		want("an id", c.ExternalID, "e1")
		if len(c.PhoneList) != 1 || c.PhoneList[0].Number != "+79145550141" || c.PhoneList[0].Label != clean {
			t.Errorf("numbers are kept as %+v", c.PhoneList)
		}
		again, err := api.SyncClients(ctx, []client.ClientInput{{ExternalID: ptr("e\x071"), Name: ptr(dirty)}})
		if err != nil || again[0].Outcome != client.SyncUnchanged {
			t.Errorf("the same of another CRM: %+v, %v", again, err)
		}
		k, err := api.CreateContract(ctx, client.ContractInput{Number: ptr("7\u202e7"), Name: ptr("Орлов\nТимур"), Group: ptr(dirty)})
		must(err)
		want("a number and its name", k.Number+" "+k.Name+" "+k.Group, "77 Орлов Тимур "+clean)

		ref := client.SubjectRef{Kind: client.KindClient, ID: c.ID}
		note, err := api.AddNote(ctx, client.NewNote{Subject: ref, Text: dirty + "\n" + dirty})
		must(err)
		want("a note", note.Description, clean+"\n"+clean)
		note, err = api.EditNote(ctx, note.ID, dirty+"\n\n"+dirty+dirty)
		must(err)
		want("a note that was changed", note.Description, clean+"\n\n"+clean+clean)
		due := time.Now().Add(time.Hour)
		task, err := api.AddTask(ctx, client.NewTask{Subject: &ref, Note: dirty, DueAt: &due})
		must(err)
		want("a task", task.Note, clean)
		s.ring(1, "79145550142", "101", true)
		page, err := api.Feed(ctx, client.FeedQuery{Phone: "79145550142"})
		must(err)
		said, err := api.NoteCall(ctx, page.Items[0].CallID, client.CallNote{Outcome: dirty, Text: dirty})
		must(err)
		want("an outcome", said.Outcome+": "+said.Description, clean+": "+clean+": "+clean)
		school, err := api.UpdateSettings(ctx, client.SchoolInput{Name: ptr(dirty), SMSTemplates: &[]client.SMSTemplate{{Name: dirty, Text: dirty + "\n" + dirty}}})
		must(err)
		want("a school's name and template", school.Name+" "+school.SMSTemplates[0].Name+" "+school.SMSTemplates[0].Text, clean+" "+clean+" "+clean+"\n"+clean)
		s.bringIn(api, s.upload(api, "contracts", "Номер;ФИО;Примечание\n5;И\u202eва\u200bнов;о\u2066дин\n"), "update", false)
		read := s.contract("5")
		want("what a file says", read.Name+" "+read.Note, "Иванов один")
		for what, in := range map[string]client.EmployeeInput{"turned": {Name: ptr("\u202eareB")}, "empty": {Name: ptr("\u200b\u2060")}} {
			if _, err := api.UpdateEmployee(ctx, s.staff["101"].ID, in); codeOf(err) != "invalid" {
				t.Errorf("an employee's name that is %s: %v", what, err)
			}
		}
		for what, err := range map[string]error{
			"client": second(api.CreateClient(ctx, client.ClientInput{Name: ptr("\u200b\u202e\u3164")})),
			"note":   second(api.AddNote(ctx, client.NewNote{Subject: ref, Text: "\u200b\u2060"})),
			"change": second(api.EditNote(ctx, note.ID, "\u200b")),
			"said":   second(api.NoteCall(ctx, page.Items[0].CallID, client.CallNote{Text: "\u2060"})),
		} {
			if codeOf(err) != "invalid" {
				t.Errorf("a %s that shows nothing: %v", what, err)
			}
		}
		if plaintext.Line(dirty) != clean {
			t.Error("what is cleaned is not what is compared")
		}
	})
}

func second[T any](_ T, err error) error { return err }
