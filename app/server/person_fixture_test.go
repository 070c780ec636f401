package server_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"dozvon/app/server/call"
	"dozvon/app/server/recordings"
	"dozvon/client"
)

// Whom the tests of export-person and erase are about, and somebody else beside them.
const (
	herName, herFormerName = "Кузнецова Аграфена Тихоновна", "Заплатина Аграфена"
	herNumber, herOther    = "79145550148", "79145550149"
	otherName, otherNumber = "Сидоров Прокоп Лукич", "79145550177"
	herNote, herFormerNote = "Просит инструктора Зябликова", "Боится парковки задним ходом"
	herSMS                 = "Ждём вас на Ягодной улице"
	herRecording           = "rec-of-agrafena"
)

// her is the person with everything that the server keeps of people.
type her struct {
	client   client.Client
	contract client.Contract
	other    client.Client
	call     client.Call // answered, with a note, a flag and a recording
	sound    string      // its file
}

// fillHer makes them.
func (s *school) fillHer() her {
	t := s.t
	t.Helper()
	ctx, api := t.Context(), s.api("101")
	var h her
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	var err error
	h.client, err = api.CreateClient(ctx, client.ClientInput{Name: ptr(herFormerName), Phones: &[]string{"+" + herNumber}, Email: ptr("agrafena@example.ru")})
	must(err)
	s.ring(1, herNumber, "101", true)
	s.ring(2, herNumber, "102", false)
	h.client, err = api.UpdateClient(ctx, h.client.ID, client.ClientInput{Name: ptr(herName), Note: ptr("Учится с отрывом")})
	must(err)
	duplicate, err := api.CreateClient(ctx, client.ClientInput{Name: ptr("Кузнецова А. Т."), Phones: &[]string{"+" + herOther}})
	must(err)
	must(api.MergeCards(ctx, client.SubjectRef{Kind: client.KindClient, ID: h.client.ID}, duplicate.ID))
	h.contract, err = api.CreateContract(ctx, client.ContractInput{Number: ptr("К-771"), Name: ptr(herName), ClientID: ptr(h.client.ID), Phones: &[]string{}})
	must(err)
	h.other, err = api.CreateClient(ctx, client.ClientInput{Name: ptr(otherName), Phones: &[]string{"+" + otherNumber}})
	must(err)
	s.ring(3, otherNumber, "101", true)
	s.ring(4, herOther, "101", true)

	must(s.parts.Calls.ApplyEvent(ctx, s.pbx.ID, call.Event{
		Kind: call.KindRecording, Key: "e1", Recording: herRecording, RecordingState: call.RecordingReady, To: call.Party{Extension: "101"}, At: time.Unix(1760000110, 0),
	}))
	path, _ := recordings.Folder{Dir: filepath.Join(s.data, "recordings")}.Kept(s.pbx.ID, herRecording)
	must(os.MkdirAll(filepath.Dir(path), 0o700))
	must(os.WriteFile(path, []byte("ID3 the sound of her voice"), 0o600))
	h.sound = path
	for _, e := range s.entriesOf(herNumber) {
		if e.Type == client.EntryCallIn {
			h.call, err = api.Call(ctx, e.CallID)
			must(err)
		}
	}
	note, err := api.NoteCall(ctx, h.call.ID, client.CallNote{Text: herFormerNote})
	must(err)
	_, err = api.EditNote(ctx, note.ID, herNote)
	must(err)
	_, err = api.AddNote(ctx, client.NewNote{Subject: client.SubjectRef{Kind: client.KindContract, ID: h.contract.ID}, Text: "Договор подписан у Ягодной"})
	must(err)
	_, err = api.SetFlag(ctx, h.call.ID, client.NewFlag{Word: "жалоба Аграфены"})
	must(err)
	due := time.Now().Add(time.Hour)
	_, err = api.AddTask(ctx, client.NewTask{CallID: h.call.ID, Note: "перезвонить Аграфене", DueAt: &due})
	must(err)
	// The PBX is not there: the message's entry stays all the same.
	_, _ = api.SendSMS(ctx, client.SMSInput{Phone: "+" + herNumber, Text: herSMS})
	must(s.parts.Indexer.Index(ctx))
	return h
}

// entriesOf are a number's entries of the feed.
func (s *school) entriesOf(number string) []client.FeedEntry {
	s.t.Helper()
	page, err := s.api("105").Feed(s.t.Context(), client.FeedQuery{Phone: number, Limit: 50})
	if err != nil {
		s.t.Fatal(err)
	}
	return page.Items
}

func TestFixture_ofThePersonIsWhole(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	h := s.fillHer()
	types := map[client.EntryType]int{}
	for _, e := range s.entriesOf(herNumber) {
		types[e.Type]++
	}
	if types[client.EntryCallIn] != 1 || types[client.EntryCallMissed] != 1 || types["note"] != 1 || types["sms"] != 1 || h.call.Recording == nil {
		t.Errorf("the fixture has %v, recording %+v", types, h.call.Recording)
	}
}
