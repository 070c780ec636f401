package server_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"dozvon/app/phone"
	"dozvon/app/server"
	"dozvon/app/server/call"
	"dozvon/app/server/pbx"
	"dozvon/app/server/store"
	"dozvon/client"
)

// answering is plain that asks whose a number is.
type answering struct{ *plain }

func (answering) Answer(_ pbx.Question, r pbx.Reply) pbx.Answer {
	body, _ := json.Marshal(r)
	return pbx.Answer{ContentType: "application/json", Body: body}
}

// asks puts the PBX's question about a call of a number, and returns what it is answered.
func (s *school) asks(callKey, number string) pbx.Reply {
	s.t.Helper()
	body, err := json.Marshal(pbx.Delivery{Question: &pbx.Question{Key: callKey, Number: phone.Number(number), Line: "+74951234567"}})
	if err != nil {
		s.t.Fatal(err)
	}
	resp, err := http.Post(s.http.URL+"/plain?key="+key, "application/json", bytes.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	var r pbx.Reply
	if err == nil {
		err = json.Unmarshal(raw, &r)
	}
	if err != nil || resp.StatusCode != http.StatusOK {
		s.t.Fatalf("answered %d %q, %v", resp.StatusCode, raw, err)
	}
	return r
}

func openAnswering(t *testing.T, url string) (*school, pbx.Kind) {
	t.Helper()
	kind := plainKind(answering{&plain{}}, nil)
	s := openPlain(t, url, kind)
	if _, err := s.parts.Directory.SaveIntegration(t.Context(), client.Employee{}, s.pbx.ID, client.IntegrationInput{Forwarding: ptr(true)}); err != nil {
		t.Fatal(err)
	}
	return s, kind
}

// The PBX is answered with the name and the telephone of the same person as a route would go to, and what
// changes, here or on another node, changes the next answer.
func TestAnswer_isOfTodayOnEveryNode(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s, kind := openAnswering(t, url)
		other := s
		if url != "" {
			other = s.another(server.Config{Database: url, Kinds: []pbx.Kind{kind}})
		}
		api := other.api("102")
		const number = "+79145550148"
		answer := func(want pbx.Reply) {
			t.Helper()
			eventually(t, "the answer "+want.Name+" "+want.Extension, func() bool {
				if err := s.parts.Hub.CatchUp(t.Context()); err != nil { // what it does when another node has written
					t.Fatal(err)
				}
				return s.asks("", number) == want
			})
		}
		answer(pbx.Reply{})
		who, err := api.CreateClient(t.Context(), client.ClientInput{Kind: ptr("client"), Name: ptr("Анна"), Phones: &[]string{number}, ResponsibleID: ptr(s.staff["101"].ID)})
		if err != nil {
			t.Fatal(err)
		}
		answer(pbx.Reply{Name: "Анна", Extension: "101"})
		if _, err := api.UpdateClient(t.Context(), who.ID, client.ClientInput{Name: ptr("Анна Сергеевна")}); err != nil {
			t.Fatal(err)
		}
		answer(pbx.Reply{Name: "Анна Сергеевна", Extension: "101"})
		task, err := api.AddTask(t.Context(), client.NewTask{Phone: number, AssigneeID: s.staff["101"].ID, Note: "перезвонить"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := api.UpdateClient(t.Context(), who.ID, client.ClientInput{ResponsibleID: ptr(s.staff["102"].ID)}); err != nil {
			t.Fatal(err)
		}
		answer(pbx.Reply{Name: "Анна Сергеевна", Extension: "101"}) // who was asked to call back comes first
		talks := inbound("other", "101", "+79145550100", now())
		other.tellEvents(talks.event(call.LegRinging, 0, ""), talks.event(call.LegTalking, 0, ""))
		answer(pbx.Reply{Name: "Анна Сергеевна", Extension: "102"}) // who talks is not disturbed
		other.tellEvents(talks.event(call.LegEnded, time.Second, call.EndByCaller))
		answer(pbx.Reply{Name: "Анна Сергеевна", Extension: "101"})
		if _, err := api.ChangeTask(t.Context(), task.ID, client.TaskChange{Done: ptr(true)}); err != nil {
			t.Fatal(err)
		}
		answer(pbx.Reply{Name: "Анна Сергеевна", Extension: "102"})
		if _, err := api.UpdateClient(t.Context(), who.ID, client.ClientInput{Phones: &[]string{"+79145550149"}}); err != nil {
			t.Fatal(err)
		}
		answer(pbx.Reply{})
	})
}

// What was answered is told in the call, once however often the PBX asks, and the call is there before
// anybody rings.
func TestAnswer_isToldInTheCall(t *testing.T) {
	t.Parallel()
	s, _ := openAnswering(t, "")
	const number = "+79145550148"
	if _, err := s.api("102").CreateClient(t.Context(), client.ClientInput{Kind: ptr("client"), Name: ptr("Анна"), Phones: &[]string{number}, ResponsibleID: ptr(s.staff["101"].ID)}); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		s.asks("k", number)
	}
	eventually(t, "the call", func() bool {
		c, err := s.parts.Store.ActiveCalls(t.Context())
		return err == nil && len(c) == 1 && c[0].View.Phone == number && c[0].View.Line == "+74951234567"
	})
	s.tellEvents(inbound("k", "101", number, now()).answered(call.EndByCaller)...)
	got := s.onlyCall(t, number)
	if got.Result != client.Answered || !strings.Contains(got.Why, s.staff["101"].Name) {
		t.Errorf("got %s, %s", got.Result, got.Why)
	}
}

// The caller waits: the PBX is answered in time, and of a number that is known with all that is known, also
// while the writer is busy.
func TestAnswer_waitsForNoWriter(t *testing.T) {
	t.Parallel()
	s, _ := openAnswering(t, "")
	const number = "+79145550148"
	if _, err := s.api("102").CreateClient(t.Context(), client.ClientInput{Kind: ptr("client"), Name: ptr("Анна"), Phones: &[]string{number}, ResponsibleID: ptr(s.staff["101"].ID)}); err != nil {
		t.Fatal(err)
	}
	s.asks("first", number)
	release, held := make(chan struct{}), make(chan struct{})
	go s.parts.Store.Write(t.Context(), func(*store.Tx) error { close(held); <-release; return nil })
	<-held
	for range 5 {
		if got := s.asks("k", number); got != (pbx.Reply{Name: "Анна", Extension: "101"}) {
			t.Errorf("answered %+v", got)
		}
	}
	close(release)
	eventually(t, "the question to be kept", func() bool {
		n, err := s.parts.Store.CountRawEvents(t.Context())
		return err == nil && n == 6
	})
}
