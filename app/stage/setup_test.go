//go:build linux

package stage

import (
	"bytes"
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"

	"dozvon/app/server/demo"
)

// testLimit only ends what hangs.
const testLimit = 6 * time.Minute

// quiet is a stage whose test looks at neither sound nor notifications.
var quiet = Config{NoSound: true, NoNotifications: true}

// open is a stage with a demo school for one test; what the programs said is shown if it fails.
func open(t *testing.T, cfg Config) *School {
	t.Helper()
	build, err := filepath.Abs("../../build")
	must(t, err)
	log := &bytes.Buffer{}
	cfg.Bin, cfg.Shots, cfg.Log = build, filepath.Join(build, "screenshots"), log
	s, err := Open(t.Context(), cfg)
	must(t, err)
	t.Cleanup(func() {
		s.Close()
		if t.Failed() {
			t.Log(log.String())
		}
	})
	c, err := s.OpenSchool(t.Context())
	must(t, err)
	return c
}

// begin is open with an end to what hangs.
func begin(t *testing.T, cfg Config) (context.Context, *School) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), testLimit)
	t.Cleanup(cancel)
	return ctx, open(t, cfg)
}

// openSignedIn is a stage on which the demo school's operator is signed in and the app runs.
func openSignedIn(t *testing.T, cfg Config) (context.Context, *School) {
	t.Helper()
	ctx, c := begin(t, cfg)
	must(t, c.SignIn(ctx, demo.Login))
	must(t, c.StartApp(ctx))
	return ctx, c
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// display is another program's connection with the X server.
type display struct {
	*xgb.Conn
	t    *testing.T
	root xproto.Window
}

// connect stays connected until the test's end.
func connect(t *testing.T, c *School) display {
	t.Helper()
	x, err := xgb.NewConnDisplay(c.Env("DISPLAY"))
	must(t, err)
	t.Cleanup(x.Close)
	return display{x, t, xproto.Setup(x).DefaultScreen(x).Root}
}

func (d display) atom(name string) xproto.Atom {
	d.t.Helper()
	reply, err := xproto.InternAtom(d.Conn, false, uint16(len(name)), name).Reply()
	must(d.t, err)
	return reply.Atom
}

// window makes one that is not shown yet.
func (d display) window(at Rect, class uint16, mask uint32, values ...uint32) xproto.Window {
	d.t.Helper()
	id, err := xproto.NewWindowId(d.Conn)
	must(d.t, err)
	must(d.t, xproto.CreateWindowChecked(d.Conn, 0, id, d.root, int16(at.X), int16(at.Y), uint16(at.Width), uint16(at.Height), 0, class, 0, mask, values).Check())
	return id
}
