package server_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	practice "dozvon/app/practice/mango"
	"dozvon/app/server"
	"dozvon/client"
)

// talking brings about a talk of a client with 101 that lasts until somebody ends it.
func (s *school) talking(pbx *practice.PBX, number string) client.Call {
	s.t.Helper()
	if _, err := pbx.Call(practice.CallRequest{From: number, To: "101", Scenario: "direct", RingMS: 5, TalkMS: 120_000}); err != nil {
		s.t.Fatal(err)
	}
	return s.until(number, "talk", func(c client.Call) bool { return c.State == client.StateTalking })
}

// until waits for the living or ended call of a number to be as wanted.
func (s *school) until(number, what string, ok func(client.Call) bool) client.Call {
	s.t.Helper()
	var c client.Call
	reached := false
	defer func() {
		if !reached {
			s.t.Logf("the call of %s stands at: %+v", number, c)
		}
	}()
	eventually(s.t, "the call of "+number+" to "+what, func() bool {
		page, err := s.parts.Store.Calls(s.t.Context(), storeStart, 100)
		if err != nil {
			s.t.Fatal(err)
		}
		for _, rec := range page {
			if strings.TrimPrefix(rec.View.Phone, "+") == number {
				c = rec.View
				return ok(c)
			}
		}
		return false
	})
	reached = true
	return c
}

func can(c client.Call, a client.Ability) bool { return slices.Contains(c.Can, a) }

func TestHold_andBack(t *testing.T) {
	t.Parallel()
	s, pbx := withPBXOf(t, server.Config{}, practice.Config{HoldOff: true})
	api, number := s.api("101"), "79000000201"
	c := s.talking(pbx, number)
	if !can(c, client.CanHold) || can(c, client.CanResume) || !can(c, client.CanConsult) {
		t.Errorf("a talk can %v", c.Can)
	}
	if err := api.HoldCall(t.Context(), c.ID); err != nil {
		t.Fatal(err)
	}
	c = s.until(number, "be held", func(c client.Call) bool { return c.State == client.StateHeld })
	if can(c, client.CanHold) || !can(c, client.CanResume) {
		t.Errorf("a held call can %v", c.Can)
	}
	var p *client.Problem
	if err := api.HoldCall(t.Context(), c.ID); !asProblem(err, &p) || p.Code != "not_now" {
		t.Errorf("a second hold: %v", err)
	}
	if err := api.ResumeCall(t.Context(), c.ID); err != nil {
		t.Fatal(err)
	}
	s.until(number, "be talked on", func(c client.Call) bool { return c.State == client.StateTalking })
}

func TestResume_onAPBXWithoutTheCommandSaysToUseTheTelephone(t *testing.T) {
	t.Parallel()
	s, pbx := withPBX(t, "")
	api, number := s.api("101"), "79000000202"
	c := s.talking(pbx, number)
	if err := api.HoldCall(t.Context(), c.ID); err != nil {
		t.Fatal(err)
	}
	s.until(number, "be held", func(c client.Call) bool { return c.State == client.StateHeld })
	var p *client.Problem
	err := api.ResumeCall(t.Context(), c.ID)
	if !asProblem(err, &p) || p.PBXCode != 4001 || !strings.Contains(p.Detail, "АТС ответила 4001: ") || !strings.Contains(p.Detail, "на самом телефоне") {
		t.Errorf("got %v", err)
	}
}

func TestConsultation_joinsOrReturns(t *testing.T) {
	t.Parallel()
	t.Run("joins", func(t *testing.T) {
		t.Parallel()
		s, pbx := withPBX(t, "")
		number := "79000000203"
		c := s.consulting(pbx, number)
		if err := s.api("101").ConnectTransfer(t.Context(), c.ID); err != nil {
			t.Fatal(err)
		}
		c = s.until(number, "be 102's", func(c client.Call) bool {
			return c.Consulting == nil && c.State == client.StateTalking && c.Employee != nil && c.Employee.ID == s.staff["102"].ID
		})
		if len(c.Path) != 2 {
			t.Errorf("the path has %d steps: %+v", len(c.Path), c.Path)
		}
	})
	t.Run("returns", func(t *testing.T) {
		t.Parallel()
		s, pbx := withPBX(t, "")
		number := "79000000204"
		c := s.consulting(pbx, number)
		if err := s.api("101").ReturnTransfer(t.Context(), c.ID); err != nil {
			t.Fatal(err)
		}
		s.until(number, "be 101's again", func(c client.Call) bool {
			return c.Consulting == nil && c.State == client.StateTalking && c.Employee != nil && c.Employee.ID == s.staff["101"].ID
		})
	})
}

// consulting is a call on hold whose operator talks with 102 about it.
func (s *school) consulting(pbx *practice.PBX, number string) client.Call {
	s.t.Helper()
	c := s.talking(pbx, number)
	if err := s.api("101").Transfer(s.t.Context(), c.ID, client.Transfer{Extension: "102", Consult: true}); err != nil {
		s.t.Fatal(err)
	}
	c = s.until(number, "wait for 102's advice", func(c client.Call) bool {
		return c.State == client.StateHeld && c.Consulting != nil && c.Consulting.State == client.StateTalking
	})
	if c.Consulting.Extension != "102" || !can(c, client.CanConnect) || !can(c, client.CanReturn) || can(c, client.CanResume) {
		s.t.Errorf("consulting %+v, can %v", c.Consulting, c.Can)
	}
	return c
}

// TestCommand_takenBackLaterIsToldToWhoAsked: the PBX accepts the command and refuses it in a
// webhook; the operator's stream says so in words, nobody else's does.
func TestCommand_takenBackLaterIsToldToWhoAsked(t *testing.T) {
	t.Parallel()
	s, pbx := withPBX(t, "")
	number := "79000000205"
	c := s.talking(pbx, number)
	mine, others := s.listen("101"), s.listen("102")
	if err := s.api("101").Transfer(t.Context(), c.ID, client.Transfer{Extension: "777"}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the refusal", func() bool { return len(mine()) == 1 })
	got := mine()[0]
	if got.Kind != "transfer" || got.State != client.CommandRefused || got.Code != 3330 || got.CallID != c.ID ||
		!strings.HasPrefix(got.Text, "АТС ответила 3330: ") || !strings.HasPrefix(got.TextEN, "The PBX answered 3330: ") {
		t.Errorf("told %+v", got)
	}
	if n := len(others()); n != 0 {
		t.Errorf("another operator was told %d commands", n)
	}
}

// listen follows the commands on an employee's stream.
func (s *school) listen(ext string) func() []client.Command {
	s.t.Helper()
	ctx, cancel := context.WithCancel(s.t.Context())
	s.t.Cleanup(cancel)
	var mu sync.Mutex
	var all []client.Command
	live := make(chan struct{})
	var once sync.Once
	go s.api(ext).Stream(ctx, client.StreamConfig{
		State: func(st client.StreamState) {
			if st.Live {
				once.Do(func() { close(live) })
			}
		},
		Handle: func(e client.StreamEvent) {
			if c, ok := e.Data.(*client.Command); ok && c.State == client.CommandRefused {
				mu.Lock()
				all = append(all, *c)
				mu.Unlock()
			}
		},
	})
	<-live
	return func() []client.Command {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(all)
	}
}

func TestRecord_startsOnceAndSaysSoTheSecondTime(t *testing.T) {
	t.Parallel()
	s, pbx := withPBXOf(t, server.Config{}, practice.Config{Recordings: practice.RecordOnCommand})
	number := "79000000206"
	c := s.talking(pbx, number)
	if !can(c, client.CanRecord) {
		t.Errorf("a talk that is not recorded can %v", c.Can)
	}
	if err := s.api("101").RecordCall(t.Context(), c.ID); err != nil {
		t.Fatal(err)
	}
	s.until(number, "be recorded", func(c client.Call) bool { return len(c.Recordings) == 1 && !can(c, client.CanRecord) })
	mine := s.listen("101")
	if err := s.api("101").RecordCall(t.Context(), c.ID); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the refusal of the second", func() bool { return len(mine()) == 1 && mine()[0].Code == 4102 })
}

func TestDial_repeatedCommandRingsOnce(t *testing.T) {
	t.Parallel()
	s, pbx := withPBX(t, "")
	api := s.api("101")
	first, err := api.Dial(t.Context(), client.Dial{Phone: "+79145550148", CommandID: "click-1"})
	if err != nil {
		t.Fatal(err)
	}
	again, err := api.Dial(t.Context(), client.Dial{Phone: "+79145550148", CommandID: "click-1"})
	if err != nil || again.ID != first.ID {
		t.Errorf("the repeat gave call %s, %v; want %s", again.ID, err, first.ID)
	}
	s.ended("79145550148")
	if n := len(pbx.Calls()); n != 1 {
		t.Errorf("the PBX made %d calls", n)
	}
}

func TestDial_forAGroupRingsTheGroupFirst(t *testing.T) {
	t.Parallel()
	s, _ := withPBX(t, "")
	if _, err := s.api("101").Dial(t.Context(), client.Dial{Phone: "+79145550148", Group: "900"}); err != nil {
		t.Fatal(err)
	}
	c := s.ended("79145550148")
	if c.Direction != client.Out || c.Result != client.Answered || c.Employee == nil {
		t.Errorf("ended as %+v", c)
	}
}

func TestSMS_isFollowedToItsEnd(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		faults practice.Faults
		want   client.SMSState
	}{
		{"delivered", practice.Faults{}, client.SMSDelivered},
		{"lost by the operator", practice.Faults{SMSFailed: 1}, client.SMSFailed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, _ := withPBXOf(t, server.Config{}, practice.Config{Faults: tt.faults, SMSDelay: 5 * time.Millisecond})
			api := s.api("101")
			student := s.student("Петрова Мария", "+79000000207", "")
			e, err := api.SendSMS(t.Context(), client.SMSInput{Phone: "8 900 000-02-07", Text: "Мария, ждём вас 25.11"})
			if err != nil {
				t.Fatal(err)
			}
			if e.Type != client.EntrySMS || e.Delivery != client.SMSSending || e.Subject == nil || e.Subject.ID != student.ID {
				t.Errorf("begun as %+v", e)
			}
			eventually(t, "the message to be "+string(tt.want), func() bool {
				page, err := api.Feed(t.Context(), client.FeedQuery{Type: "sms"})
				return err == nil && len(page.Items) == 1 && page.Items[0].Delivery == tt.want && (tt.want != client.SMSFailed || page.Items[0].Why != "")
			})
		})
	}
}

func TestSMS_tooLongIsRefusedBeforeItIsSent(t *testing.T) {
	t.Parallel()
	s, _ := withPBX(t, "")
	var p *client.Problem
	_, err := s.api("101").SendSMS(t.Context(), client.SMSInput{Phone: "+79000000208", Text: strings.Repeat("щ", 269)})
	if !asProblem(err, &p) || p.Code != "too_long" || !strings.Contains(p.Detail, "269 / 268") {
		t.Errorf("got %v", err)
	}
}

// TestCommands_areRetriedOnlyWhereARepeatIsHarmless: a PBX that fails every request is asked again
// for a hang-up, and asked once for a callback.
func TestCommands_areRetriedOnlyWhereARepeatIsHarmless(t *testing.T) {
	t.Parallel()
	s, pbx := withPBX(t, "")
	c := s.talking(pbx, "79000000209")
	if err := pbx.SetFaults(practice.Faults{Seed: 3, APIError: 0.5}); err != nil {
		t.Fatal(err)
	}
	if err := s.api("101").Hangup(t.Context(), c.ID); err != nil {
		t.Errorf("a hang-up was not repeated: %v", err)
	}
	s.ended("79000000209")
	if err := pbx.SetFaults(practice.Faults{Seed: 3, APIError: 1}); err != nil {
		t.Fatal(err)
	}
	var p *client.Problem
	if _, err := s.api("101").Dial(t.Context(), client.Dial{Phone: "+79145550149"}); !asProblem(err, &p) || p.PBXCode != 5008 {
		t.Errorf("a callback: %v", err)
	}
	if n := len(pbx.Calls()); n != 1 {
		t.Errorf("the PBX made %d calls", n)
	}
}
