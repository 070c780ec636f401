//go:build linux

package stage

import (
	"context"
	"fmt"
	"os"
	"time"

	"dozvon/app/server/demo"
)

// Here is the person's own desktop as a stage: nothing is started on it, and only the app's
// settings are kept apart, so that a real sign-in is not disturbed.
func Here(cfg Config) (*Stage, error) {
	dir, err := os.MkdirTemp("", "dozvon-demo")
	if err != nil {
		return nil, fmt.Errorf("making the demo's folder: %w", err)
	}
	s := &Stage{cfg: cfg, dir: dir}
	s.env = append(os.Environ(), "XDG_CONFIG_HOME="+s.sub("config"), "XDG_STATE_HOME="+s.sub("state"))
	return s, nil
}

// trafficEvery is the pause between the demo's calls, trafficFirst the one before the first: who begins sees the page
// that a day begins with.
const trafficEvery, trafficFirst = 25 * time.Second, 10 * time.Second

// Traffic makes callers call in, known and unknown ones in turn, by one PBX and the other, until ctx
// ends or the app does. Nobody calls while the person practises: a call would end that.
func (c *School) Traffic(ctx context.Context) error {
	callers := []struct {
		number, scenario string
		call             func(ctx context.Context, from, scenario string, more ...string) error
	}{
		{demo.KnownNumber, "answered", c.Call},
		{demo.UnknownNumber, "answered", c.CallBeeline},
		{"+79160001003", "missed", c.Call},
		{demo.SharedNumber, "answered", c.Call},
		{"+79160001007", "ivr-answered", c.CallBeeline},
	}
	next := time.NewTimer(trafficFirst)
	defer next.Stop()
	for i := 0; ; {
		select {
		case <-ctx.Done():
			return nil
		case <-c.app.done:
			return nil
		case <-next.C:
			next.Reset(trafficEvery)
		}
		if s, err := c.Status(ctx); err == nil && s.Practice != "" {
			continue
		}
		caller := callers[i%len(callers)]
		if err := caller.call(ctx, caller.number, caller.scenario, "--to", "101"); err != nil && ctx.Err() == nil {
			return err
		}
		i++
	}
}
