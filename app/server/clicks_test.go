package server_test

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	practice "dozvon/app/practice/mango"
	"dozvon/app/server"
	"dozvon/app/server/pbx"
	"dozvon/app/server/pgtest"
	"dozvon/client"
)

// TestDial_anotherEmployeesCommandIsUnknown: two programs gave the same id; the second answered 202 and
// dialled nothing.
func TestDial_anotherEmployeesCommandIsUnknown(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s, pbx := withPBX(t, url)
		first, err := s.api("101").Dial(t.Context(), client.Dial{Phone: "+79145550148", CommandID: "click-1"})
		if err != nil {
			t.Fatal(err)
		}
		second, err := s.api("102").Dial(t.Context(), client.Dial{Phone: "+79145550149", CommandID: "click-1"})
		if err != nil || second.ID == first.ID || second.Phone != "+79145550149" {
			t.Errorf("102's own: %+v, %v", second, err)
		}
		again, err := s.api("102").Dial(t.Context(), client.Dial{Phone: "+79145550149", CommandID: "click-1"})
		if err != nil || again.ID != second.ID {
			t.Errorf("102's repeat gave %s, %v; want %s", again.ID, err, second.ID)
		}
		s.ended("79145550148")
		s.ended("79145550149")
		if n := len(pbx.Calls()); n != 2 {
			t.Errorf("the PBX made %d calls, want 2", n)
		}
	})
}

// TestDial_doubleClickRingsOnce, also of two programs on two nodes at once; another number, another
// employee, and the same again later are calls of their own.
func TestDial_doubleClickRingsOnce(t *testing.T) {
	t.Parallel()
	var ahead atomic.Int64
	now := func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	url := pgtest.URL(t)
	s, _ := withPBXOf(t, server.Config{Database: url, Now: now}, practice.Config{NoLimits: true})
	other := s.otherNode(t, url, now)
	api := s.api("101")
	nodes := []*client.API{api, client.New(other, s.token("101"))}
	ids := map[string]int{}
	var mu sync.Mutex
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			c, err := nodes[i%2].Dial(t.Context(), client.Dial{Phone: "+79145550148"})
			if err != nil {
				t.Error(err)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			ids[c.ID]++
		})
	}
	all.Wait()
	if len(ids) != 1 {
		t.Errorf("eight clicks on two nodes made %d calls", len(ids))
	}
	for _, order := range []struct {
		name, ext, phone string
		later            time.Duration
	}{
		{"another number", "101", "+79145550149", 0},
		{"another employee", "102", "+79145550148", 0},
		{"the same three seconds later", "101", "+79145550148", 3 * time.Second},
	} {
		ahead.Add(int64(order.later))
		c, err := s.api(order.ext).Dial(t.Context(), client.Dial{Phone: order.phone})
		if err != nil || ids[c.ID] != 0 {
			t.Errorf("%s: %+v, %v", order.name, c, err)
		}
		ids[c.ID]++
	}
}

// otherNode is a second server on the same database and data folder.
func (s *school) otherNode(t *testing.T, database string, now func() time.Time) string {
	t.Helper()
	parts, err := server.Build(t.Context(), server.Config{
		Listen: "127.0.0.1:0", Data: s.data, Database: database, Version: "test", Now: now, Kinds: []pbx.Kind{quickKind},
	})
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(parts.API.Handler())
	t.Cleanup(func() {
		parts.API.CloseStreams()
		web.Close()
		parts.Close()
	})
	return web.URL
}

// TestDial_afterARefusalTheSameNumberIsDialledAtOnce: what the PBX did not begin is no double click.
func TestDial_afterARefusalTheSameNumberIsDialledAtOnce(t *testing.T) {
	t.Parallel()
	s, pbx := withPBX(t, "")
	if err := pbx.SetFaults(practice.Faults{Seed: 3, APIError: 1}); err != nil {
		t.Fatal(err)
	}
	api := s.api("101")
	var p *client.Problem
	if _, err := api.Dial(t.Context(), client.Dial{Phone: "+79145550148"}); !asProblem(err, &p) {
		t.Fatalf("the PBX refuses everything: %v", err)
	}
	if err := pbx.SetFaults(practice.Faults{}); err != nil {
		t.Fatal(err)
	}
	second, err := api.Dial(t.Context(), client.Dial{Phone: "+79145550148"})
	if err != nil {
		t.Fatalf("the second try: %v", err)
	}
	eventually(t, "the second try to end", func() bool {
		c, err := api.Call(t.Context(), second.ID)
		return err == nil && c.State == client.StateEnded
	})
	if n := len(pbx.Calls()); n != 1 {
		t.Errorf("the PBX made %d calls, want 1", n)
	}
}

// TestLimits_boundWhatOneEmployeeCosts, many at once too; others have their own.
func TestLimits_boundWhatOneEmployeeCosts(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		var ahead atomic.Int64
		now := func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
		s, _ := withPBXOf(t, server.Config{Database: url, Now: now}, practice.Config{NoLimits: true})
		director, api := s.api("105"), s.api("101")
		set := func(in client.SchoolInput) {
			t.Helper()
			if _, err := director.UpdateSettings(t.Context(), in); err != nil {
				t.Fatal(err)
			}
		}
		code := func(err error) string {
			var p *client.Problem
			switch {
			case err == nil:
				return "done"
			case asProblem(err, &p):
				return p.Code
			}
			t.Error(err)
			return ""
		}
		text := func(api *client.API) string {
			_, err := api.SendSMS(t.Context(), client.SMSInput{Phone: "+79000000701", Text: "ждём"})
			return code(err)
		}
		dial := func(api *client.API, number string) string {
			_, err := api.Dial(t.Context(), client.Dial{Phone: number})
			return code(err)
		}
		set(client.SchoolInput{SMSPerMinute: ptr(3), SMSPerDay: ptr(5), AbroadPerDay: ptr(2)})
		var sent atomic.Int32
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				switch got := text(api); got {
				case "done":
					sent.Add(1)
				case "sms_minute_limit":
				default:
					t.Errorf("a message: %s", got)
				}
			})
		}
		all.Wait()
		if sent.Load() != 3 {
			t.Errorf("%d messages of eight at once were sent, want 3", sent.Load())
		}
		if got := text(s.api("102")); got != "done" {
			t.Errorf("a colleague's message: %s", got)
		}
		ahead.Add(int64(2 * time.Minute))
		for i, want := range []string{"done", "done", "sms_day_limit"} {
			if got := text(api); got != want {
				t.Errorf("message %d of the day: %s, want %s", 4+i, got, want)
			}
		}
		for i, step := range []struct{ number, want string }{
			{"+12025550101", "done"}, {"+77012345678", "done"}, {"+375291234567", "abroad_limit"}, {"+79145550148", "done"},
		} {
			if got := dial(api, step.number); got != step.want {
				t.Errorf("call %d, to %s: %s, want %s", i+1, step.number, got, step.want)
			}
		}
		if got := dial(s.api("102"), "+12025550101"); got != "done" {
			t.Errorf("a colleague's call abroad: %s", got)
		}
		set(client.SchoolInput{AbroadPerDay: ptr(0), SMSPerDay: ptr(0)})
		if got := dial(s.api("103"), "+12025550101"); got != "abroad_forbidden" {
			t.Errorf("abroad, where nobody may: %s", got)
		}
		if got := text(s.api("103")); got != "sms_forbidden" {
			t.Errorf("a message, where nobody may: %s", got)
		}
		// A school whose lines are in Kazakhstan is at home there.
		if _, err := director.UpdateIntegration(t.Context(), s.pbx.ID, client.IntegrationInput{Lines: &[]client.Line{{Number: "+77272501122"}}}); err != nil {
			t.Fatal(err)
		}
		if got := dial(s.api("104"), "+77012345678"); got != "done" {
			t.Errorf("a Kazakh school calls Kazakhstan: %s", got)
		}
		ahead.Add(int64(25 * time.Hour))
		set(client.SchoolInput{AbroadPerDay: ptr(2), SMSPerDay: ptr(5)})
		if got := text(api); got != "done" {
			t.Errorf("a message the day after: %s", got)
		}
		var p *client.Problem
		if _, err := director.UpdateSettings(t.Context(), client.SchoolInput{SMSPerDay: ptr(-1)}); !asProblem(err, &p) || p.Status != http.StatusUnprocessableEntity {
			t.Errorf("less than none: %v", err)
		}
	})
}

// TestTransfer_abroadIsRefused: else the limit on calls abroad could be walked around.
func TestTransfer_abroadIsRefused(t *testing.T) {
	t.Parallel()
	s, pbx := withPBX(t, "")
	c := s.talking(pbx, "79000000801")
	var p *client.Problem
	for _, consult := range []bool{false, true} {
		err := s.api("101").Transfer(t.Context(), c.ID, client.Transfer{Extension: "+12025550101", Consult: consult})
		if !asProblem(err, &p) || p.Code != "abroad_forbidden" {
			t.Errorf("a transfer abroad, consulting %v: %v", consult, err)
		}
	}
	s.transfer("101", "102", c.ID)
}
