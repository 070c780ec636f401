//go:build linux

package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	stdlog "log"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"

	"dozvon/app/mango"
	"dozvon/app/server/demo"
	"dozvon/app/stage"
)

// Set before any connection, whose goroutines read it: it complains of a missing ~/.Xauthority.
func init() { xgb.Logger = stdlog.New(io.Discard, "", 0) }

const (
	cardCalls = 40
	// cardLimit is how long a card may take to come or to go.
	cardLimit = 10 * time.Second
	// lookEvery is the pause between two looks at the screen.
	lookEvery = 500 * time.Microsecond
)

// card measures from the sending of the webhook to the pixels of the caller's name on the
// screen: the real server, the real stream, the real app in its window on a virtual display.
func card(t *testing.T, b *bench) {
	d := openDesk(t)
	known, other := strings.TrimPrefix(demo.KnownNumber, "+"), strings.TrimPrefix(demo.UnknownNumber, "+")
	names := map[string]*picture{known: d.learn(t, known), other: d.learn(t, other)}
	var drawn, acks, floor times
	for i := range cardCalls {
		number := []string{known, other}[i%2]
		time.Sleep(200*time.Millisecond + rand.N(50*time.Millisecond)) // at any moment of a frame
		c := d.ring(t, number)
		drawn = append(drawn, d.until(t, names[number], true).Sub(c.sent))
		acks = append(acks, c.acknowledged.Sub(c.sent))
		d.takeAway(t, c)
		d.until(t, names[number], false)
		floor = append(floor, d.bareWindow(t, names[number]))
	}
	b.add(t, row{
		"webhook sent → call card drawn", drawn.String(),
		fmt.Sprintf("the POST alone: %s; a bare window drawn: %s", acks, floor), factor(over(drawn.p50(), acks.p50()+floor.p50())),
		"p50 ≤ 60 ms, p99 ≤ 150 ms", drawn.p50() <= 60*time.Millisecond && drawn.p99() <= 150*time.Millisecond,
	})
}

// desk is the stage with the school on it, and our own eyes on its screen.
type desk struct {
	*stage.School
	pbx  *sender
	x    *xgb.Conn
	root xproto.Window
	next int
}

// openDesk is a stage with the school and the app on it, signed in.
func openDesk(t *testing.T) *desk {
	t.Helper()
	d := openStage(t)
	if err := errors.Join(d.SignIn(t.Context(), demo.Login), d.StartApp(t.Context())); err != nil {
		t.Fatal(err)
	}
	return d
}

// openStage is a stage with the school on it; the app is not started.
func openStage(t *testing.T) *desk {
	t.Helper()
	build, err := filepath.Abs("../../build")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"dozvon", "dozvon-server", "dozvon-pbx"} {
		if _, err := os.Stat(filepath.Join(build, name)); err != nil {
			t.Fatalf("there is no program %s in %s: run make build before measuring the desktop", name, build)
		}
	}
	log := &bytes.Buffer{}
	s, err := stage.Open(t.Context(), stage.Config{Bin: build, Shots: filepath.Join(build, "screenshots"), Log: log})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.Close()
		if t.Failed() {
			t.Log(log.String())
		}
	})
	d := &desk{}
	if d.School, err = s.OpenSchool(t.Context()); err != nil {
		t.Fatal(err)
	}
	if d.x, err = xgb.NewConnDisplay(s.Env("DISPLAY")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.x.Close)
	d.root = xproto.Setup(d.x).DefaultScreen(d.x).Root
	d.redial(t)
	return d
}

// redial connects to the server as the PBX anew: the server closes a connection that says nothing.
func (d *desk) redial(t *testing.T) {
	t.Helper()
	server, err := url.Parse(d.ServerURL)
	if err != nil {
		t.Fatal(err)
	}
	d.pbx = dial(t, server.Host)
}

// inbound is a call that rings the operator.
type inbound struct {
	n                  int
	number             string
	at                 int64
	sent, acknowledged time.Time
}

func (d *desk) ring(t *testing.T, number string) inbound {
	t.Helper()
	d.next++
	c := inbound{n: d.next, number: number, at: time.Now().Unix()}
	request := callEvent(c.n, 1, "101", number, 1, mango.StateAppeared, c.at, 0).request()
	c.sent = time.Now()
	if err := d.pbx.send(request); err != nil {
		t.Fatal(err)
	}
	c.acknowledged = time.Now()
	return c
}

// takeAway moves the call on to a colleague, whose telephone rings on: so the card goes at once
// and nothing of the call comes back to it.
func (d *desk) takeAway(t *testing.T, c inbound) {
	t.Helper()
	for _, w := range []webhook{
		callEvent(c.n, 2, "102", c.number, 1, mango.StateAppeared, c.at+1, 0),
		callEvent(c.n, 1, "101", c.number, 2, mango.StateDisconnected, c.at+1, 1110),
	} {
		if err := d.pbx.send(w.request()); err != nil {
			t.Fatal(err)
		}
	}
}

// hangUp lets the colleague answer a call that was taken away, and end it.
func (d *desk) hangUp(t *testing.T, c inbound) {
	t.Helper()
	for _, w := range []webhook{
		callEvent(c.n, 2, "102", c.number, 2, mango.StateConnected, c.at+2, 0),
		callEvent(c.n, 2, "102", c.number, 3, mango.StateDisconnected, c.at+3, 1120),
		summary(c.n, "102", c.number, c.at),
	} {
		if err := d.pbx.send(w.request()); err != nil {
			t.Fatal(err)
		}
	}
}

// picture is what a caller's name looks like on the screen, and where.
type picture struct {
	card   stage.Rect
	pixels []byte
}

// Where the name stands in a card at scale 1, beside the initials and away from the running timer.
const (
	nameX, nameY          = 70, 44
	nameWide, nameHigh    = 296, 22
	leastColours          = 16 // letters have soft edges; less is a blank
	settled               = 300 * time.Millisecond
	allPlanes, xImageBits = 0xffffffff, 24
)

// learn lets a number ring and remembers how its name looks, so that later a card counts as
// drawn when just these pixels stand there, and not those of the card before. The first of two
// calls makes the past that the card tells of, and so its height, the same for all that follow.
func (d *desk) learn(t *testing.T, number string) *picture {
	t.Helper()
	p := &picture{}
	for range 2 {
		c := d.ring(t, number)
		p.card = d.place(t, "ringing")
		time.Sleep(settled)
		p.pixels = d.look(t, p)
		time.Sleep(settled)
		if !bytes.Equal(p.pixels, d.look(t, p)) {
			t.Fatal("the caller's name on the card does not come to rest")
		}
		d.takeAway(t, c)
		d.until(t, p, false)
	}
	colours := map[[4]byte]bool{}
	for i := 0; i+4 <= len(p.pixels); i += 4 {
		colours[[4]byte(p.pixels[i:])] = true
	}
	if len(colours) < leastColours {
		t.Fatalf("no name stands on the card where it should: %d colours there", len(colours))
	}
	return p
}

func (d *desk) place(t *testing.T, state string) stage.Rect {
	t.Helper()
	var place stage.Rect
	limited, cancel := context.WithTimeout(t.Context(), cardLimit)
	defer cancel()
	err := d.UntilStatus(limited, "one card, "+state, func(s stage.Status) bool {
		if len(s.Cards) != 1 || s.Cards[0].State != state {
			return false
		}
		place = s.Cards[0].Rect
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	return place
}

// look reads the screen, as a person does: what covers a window is seen in its place.
func (d *desk) look(t *testing.T, p *picture) []byte {
	t.Helper()
	reply, err := xproto.GetImage(d.x, xproto.ImageFormatZPixmap, xproto.Drawable(d.root),
		int16(p.card.X+nameX), int16(p.card.Y+nameY), nameWide, nameHigh, allPlanes).Reply()
	if err != nil {
		t.Fatalf("reading the screen: %v", err)
	}
	for i := 3; i < len(reply.Data); i += 4 {
		reply.Data[i] = 0 // no colour is in the fourth byte
	}
	return reply.Data
}

// until returns when the name was first seen, or first seen no more.
func (d *desk) until(t *testing.T, p *picture, there bool) time.Time {
	t.Helper()
	for deadline := time.Now().Add(cardLimit); ; time.Sleep(lookEvery) {
		if bytes.Equal(d.look(t, p), p.pixels) == there {
			return time.Now()
		}
		if time.Now().After(deadline) {
			d.Shot(t.Context(), "failed-bench")
			t.Fatalf("waited %s in vain: the caller's name should be seen at %+v: %t", cardLimit, p.card, there)
		}
	}
}

// bareWindow is the floor of drawing: a window as large as the card with nothing but the name.
func (d *desk) bareWindow(t *testing.T, p *picture) time.Duration {
	t.Helper()
	began := time.Now()
	w, err := xproto.NewWindowId(d.x)
	if err != nil {
		t.Fatal(err)
	}
	screen := xproto.Setup(d.x).DefaultScreen(d.x)
	xproto.CreateWindow(d.x, screen.RootDepth, w, d.root, int16(p.card.X), int16(p.card.Y), uint16(p.card.Width), uint16(p.card.Height), 0,
		xproto.WindowClassInputOutput, screen.RootVisual, xproto.CwBackPixel|xproto.CwOverrideRedirect, []uint32{screen.BlackPixel, 1})
	gc, err := xproto.NewGcontextId(d.x)
	if err != nil {
		t.Fatal(err)
	}
	xproto.CreateGC(d.x, gc, xproto.Drawable(w), 0, nil)
	xproto.MapWindow(d.x, w)
	xproto.PutImage(d.x, xproto.ImageFormatZPixmap, xproto.Drawable(w), gc, nameWide, nameHigh, nameX, nameY, 0, xImageBits, p.pixels)
	taken := d.until(t, p, true).Sub(began)
	xproto.FreeGC(d.x, gc)
	if err := xproto.DestroyWindowChecked(d.x, w).Check(); err != nil {
		t.Fatal(err)
	}
	return taken
}
