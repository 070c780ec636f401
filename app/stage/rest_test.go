//go:build linux

package stage

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/damage"
	"github.com/jezek/xgb/xproto"

	"dozvon/app/server/demo"
)

// restsFor is how long a window must stand still to be at rest. A cursor that fades is drawn every
// half second.
const restsFor = 3 * time.Second

// TestApp_drawsNothingWhileNobodyTouchesIt: after a sign-in by script the field that had the keyboard was
// gone, and its cursor drew the window sixty times a second for ever.
func TestApp_drawsNothingWhileNobodyTouchesIt(t *testing.T) {
	ctx, c := begin(t, Config{NoNotifications: true, NoKeyring: true, NoSound: true})
	must(t, c.StartAppAs(ctx, demo.Login))
	must(t, c.Do(ctx, "page", "feed"))
	w := watch(ctx, t, c, "Dozvon")
	must(t, w.untilStill(ctx, "after a sign-in by script"))
	must(t, c.Do(ctx, "dialler")) // its field has the keyboard
	must(t, w.untilDrawn(ctx))
	must(t, w.untilStill(ctx, "with a cursor in a field"))
}

// watched counts how often a window is drawn, as the X server is told.
type watched struct{ drawn chan struct{} }

func watch(ctx context.Context, t *testing.T, c *School, name string) *watched {
	t.Helper()
	var id uint64
	must(t, Until(ctx, "the window of "+name, func() bool {
		out, err := c.Output(ctx, "xdotool", "search", "--onlyvisible", "--name", "^"+name+"$")
		if err == nil {
			id, err = strconv.ParseUint(strings.TrimSpace(strings.Split(out, "\n")[0]), 10, 32)
		}
		return err == nil
	}))
	x, err := xgb.NewConnDisplay(c.Env("DISPLAY"))
	must(t, err)
	t.Cleanup(x.Close)
	must(t, damage.Init(x))
	_, err = damage.QueryVersion(x, 1, 1).Reply()
	must(t, err)
	d, err := damage.NewDamageId(x)
	must(t, err)
	must(t, damage.CreateChecked(x, d, xproto.Drawable(id), damage.ReportLevelRawRectangles).Check())
	w := &watched{drawn: make(chan struct{}, 1)}
	go func() {
		for {
			event, err := x.WaitForEvent()
			if event == nil && err == nil {
				return // the connection is closed
			}
			select {
			case w.drawn <- struct{}{}:
			default:
			}
		}
	}()
	return w
}

func (w *watched) untilDrawn(ctx context.Context) error {
	select {
	case <-w.drawn:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("the window was not drawn: %w", ctx.Err())
	}
}

// untilStill waits until the window stands still; what comes in, as the feed does, may draw it meanwhile.
func (w *watched) untilStill(ctx context.Context, when string) error {
	limited, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for times := 0; ; times++ {
		select {
		case <-w.drawn:
		case <-time.After(restsFor):
			return nil
		case <-limited.Done():
			return fmt.Errorf("%s the window was drawn %d times and never stood still for %s", when, times, restsFor)
		}
	}
}
