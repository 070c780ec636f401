//go:build linux

package stage

import (
	"context"
	"encoding/binary"
	"io"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/tosone/minimp3"

	"dozvon/app/practice/telephones/baresip"
	"dozvon/app/server/demo"
	"dozvon/client"
)

// TestTelephone_showsTheContractsNameAndIsRecorded: somebody else's softphone (baresip, which make deps installs) is
// rung by a client's call that our server routes, shows the contract's name in its own log, is answered, and what was
// said stands in the feed and is heard in the app. Card, feed, recording and telephone tell the same.
func TestTelephone_showsTheContractsNameAndIsRecorded(t *testing.T) {
	const name = "Шангутов Александр Александрович"
	ctx, cancel := context.WithTimeout(t.Context(), testLimit)
	defer cancel()
	at, err := freeAddress()
	must(t, err)
	c := open(t, Config{NoNotifications: true, Telephones: at})
	must(t, c.SignIn(ctx, demo.Login))
	must(t, c.StartApp(ctx))
	must(t, c.forward(ctx, true))
	api, err := c.API(ctx)
	must(t, err)
	phone, err := baresip.Start(ctx, baresip.Config{Dir: t.TempDir(), Registrar: at, Extension: "101", Password: TelephonePassword})
	must(t, err)
	t.Cleanup(phone.Close)
	must(t, Until(ctx, "the telephone's registration", func() bool { return strings.Contains(phone.Log(), "[1 binding]") }))

	must(t, c.Call(ctx, demo.KnownNumber, "answered", "--to", "102", "--talk", "60s"))
	rings, err := phone.Wait(ctx, "CALL_INCOMING")
	must(t, err)
	if rings.Name != name {
		t.Errorf("the telephone shows %q", rings.Name)
	}
	must(t, Until(ctx, "the name in the telephone's own log", func() bool { return strings.Contains(phone.Log(), "Incoming call from: "+name) }))
	card := func(state string) {
		must(t, c.UntilStatus(ctx, "the card to be "+state, func(s Status) bool {
			return len(s.Cards) == 1 && s.Cards[0].State == state && s.Cards[0].Title == name
		}))
	}
	card("ringing")
	pbx, err := c.pbxCall(ctx)
	must(t, err)
	must(t, phone.Do("accept"))
	answered := time.Now()
	card("talking")
	must(t, Until(ctx, "two seconds of talk", func() bool { return time.Since(answered) > 2*time.Second }))
	must(t, phone.Do("hangup"))
	_, err = phone.Wait(ctx, "CALL_CLOSED")
	must(t, err)

	var entry client.FeedEntry
	must(t, Until(ctx, "the recording in the feed", func() bool {
		page, err := api.Feed(ctx, client.FeedQuery{Limit: 1})
		if err != nil || len(page.Items) == 0 {
			return false
		}
		entry = page.Items[0]
		return entry.Recording != nil && entry.Recording.Ready
	}))
	if entry.CallID == "" || entry.TalkSeconds == nil || *entry.TalkSeconds < 1 || *entry.TalkSeconds > 50 {
		t.Errorf("a talk of two seconds or more stands in the feed as %+v", entry)
	}
	for _, l := range pbx.Legs {
		if l.Extension == "102" {
			t.Errorf("102 rang, too: %+v", pbx)
		}
	}
	loudEnough(ctx, t, api, entry.CallID)
	must(t, c.Do(ctx, "play", entry.CallID))
	must(t, Until(ctx, "the talk at the null sink's monitor", func() bool {
		rms, err := c.Loudness(ctx)
		return err == nil && rms > 0.01
	}))
}

// loudEnough checks that the operator's tone and the client's speech are on a recording.
func loudEnough(ctx context.Context, t *testing.T, api *client.API, call string) {
	t.Helper()
	answer, err := api.Recording(ctx, call, 0)
	must(t, err)
	defer answer.Body.Close()
	mp3, err := io.ReadAll(answer.Body)
	must(t, err)
	d, raw, err := minimp3.DecodeFull(mp3)
	must(t, err)
	sum := 0.0
	for at := 0; at+1 < len(raw); at += 2 {
		v := float64(int16(binary.LittleEndian.Uint16(raw[at:]))) / math.MaxInt16
		sum += v * v
	}
	lasts := time.Duration(len(raw)/2) * time.Second / 8000
	if loud := math.Sqrt(sum / float64(max(1, len(raw)/2))); d.SampleRate != 8000 || loud < 0.05 || lasts < time.Second {
		t.Errorf("the recording has %d Hz, lasts %s and is %.4f loud", d.SampleRate, lasts, loud)
	}
}
