package hearing_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"dozvon/app/mango"
	"dozvon/app/server"
	"dozvon/client"
)

// The PBX's key and salt.
const (
	key  = "heard-key-1234567890"
	salt = "heard-salt-1234567890"
)

// connect gives the school a PBX.
func (d *desk) connect(parts *server.Parts) {
	d.t.Helper()
	active, key, salt, url := true, key, salt, "http://127.0.0.1:1/vpbx/"
	_, err := parts.Directory.SaveIntegration(d.t.Context(), client.Employee{}, "", client.IntegrationInput{Active: &active, APIKey: &key, APISalt: &salt, APIURL: &url})
	if err != nil {
		d.t.Fatal(err)
	}
}

// misses is a call of a number that nobody answers, as the PBX tells it.
func (d *desk) misses(n int, from string) {
	d.t.Helper()
	at := time.Now().Add(-time.Hour).Unix() + int64(n)*100
	leg := func(seq int, state, extra string) {
		d.deliver("events/call", fmt.Sprintf(`{"entry_id":"e%d","call_id":"c%d","timestamp":%d,"seq":%d,"call_state":%q,"location":"abonent","from":{"number":%q},"to":{"extension":"101","line_number":"74951234567"}%s}`,
			n, n, at+int64(seq), seq, state, from, extra))
	}
	leg(1, "Appeared", "")
	leg(2, "Disconnected", `,"disconnect_reason":1110`)
	d.deliver("events/summary", fmt.Sprintf(`{"entry_id":"e%d","call_direction":1,"from":{"number":%q},"to":{"extension":"101"},"line_number":"74951234567","create_time":%d,"forward_time":%d,"talk_time":0,"end_time":%d,"entry_result":0,"disconnect_reason":1110}`,
		n, from, at, at, at+20))
}

func (d *desk) deliver(path, payload string) {
	d.t.Helper()
	resp, err := http.PostForm(strings.TrimSuffix(d.API.Base(), "/")+"/mango/"+path, mango.NewForm(key, salt, payload).Values())
	if err != nil {
		d.t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		d.t.Fatalf("%s was answered with %s", path, resp.Status)
	}
}

// owners are whose the calls of a number are.
func (d *desk) owners(number string) (out []string) {
	d.t.Helper()
	page, err := d.API.Feed(d.t.Context(), client.FeedQuery{Phone: number, Limit: 50})
	if err != nil {
		d.t.Fatal(err)
	}
	for _, entry := range page.Items {
		owner := "nobody"
		if entry.Subject != nil {
			owner = entry.Subject.Name
		}
		out = append(out, string(entry.Type)+" "+owner)
	}
	return out
}

func TestEar_bindsTheEarlierCallsOfTheNumberAtOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.connect(d.parts)
	const number = "79145550133"
	d.misses(1, number)
	d.misses(2, number)
	is := func(when, owner string) {
		t.Helper()
		want := []string{"call_missed " + owner, "call_missed " + owner}
		if got := d.owners(number); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s the feed has %q, want %q", when, got, want)
		}
	}
	is("before", "nobody")
	offer := d.hears("жена 8-914-555-01-33")
	if offer == nil || offer.Hint != "2 прежних звонка привяжутся сразу" {
		t.Fatalf("offered %+v", offer)
	}
	done := d.takes(offer)
	if done == nil || done.Hint != "Привязано звонков: 2" || done.Undo == "" {
		t.Fatalf("told %+v", done)
	}
	is("with the number added", "Шангутов Александр")
	d.ear.TakeBack(*done, func(words string, ok bool) {
		if !ok {
			t.Errorf("not taken back: %s", words)
		}
	})
	is("taken back", "nobody")
}
