package main

import (
	"fmt"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"dozvon/app/practice/control"
	"dozvon/app/practice/day"
)

func newTraffic() *cobra.Command {
	var every time.Duration
	var r control.TrafficRequest
	cmd := &cobra.Command{
		Use: "traffic", Short: "Make random calls on the running practice PBX", Args: usage(cobra.NoArgs),
		Example: "  dozvon-pbx traffic --every 10s --count 20",
		RunE: func(cmd *cobra.Command, _ []string) error {
			r.EveryMS = every.Milliseconds()
			return ask(cmd, askLimit, http.MethodPost, "traffic", r, nil)
		},
	}
	f := cmd.Flags()
	f.DurationVar(&every, "every", 25*time.Second, "the pause between calls")
	f.IntVar(&r.Count, "count", 0, "how many calls; 0 means until the PBX ends")
	f.StringSliceVar(&r.Numbers, "numbers", nil, "clients of the calls")
	return pbxFlag(cmd)
}

// newDay plays a day of calls. It knows the bounds only from the PBX's answer.
func newDay() *cobra.Command {
	var r day.Request
	var start string
	var wait bool
	cmd := &cobra.Command{
		Use: "day", Short: "Play a day of a school on the running practice PBX", Args: usage(cobra.NoArgs),
		Long: `day plays a day of a school: calls come as the hours go, find operators free or
busy, get lost, come again and are called back. One seed always gives the same day.

With --speed 0 no pause is taken at all: the events carry the times of the day,
which ends now unless --start says otherwise, and come as fast as the server
takes them. With --speed 60 an hour takes a minute.`,
		Example: "  dozvon-pbx day --operators 12 --calls 300 --seed 7\n  dozvon-pbx day --operators 5 --calls 80 --speed 60",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if start != "" {
				at, err := time.Parse(time.RFC3339, start)
				if err != nil {
					return usageError{fmt.Errorf("--start %q is not like 2006-01-02T08:00:00+03:00", start)}
				}
				r.Start = at.Unix()
			}
			if err := r.Validate(); err != nil {
				return usageError{err}
			}
			path, limit := "day", askLimit
			if wait {
				path, limit = "day?wait", 0
			}
			var answer struct{ Calls int }
			if err := ask(cmd, limit, http.MethodPost, path, r, &answer); err != nil {
				return err
			}
			fmt.Fprintln(cmd.OutOrStdout(), answer.Calls, "calls")
			return nil
		},
	}
	f := cmd.Flags()
	f.IntVar(&r.Operators, "operators", 5, "how many employees take part; those that are missing are made up")
	f.IntVar(&r.Calls, "calls", 100, "how many calls, callbacks and repeated ones included")
	f.Uint64Var(&r.Seed, "seed", 1, "decides everything about the day")
	f.Float64Var(&r.Speed, "speed", 0, "how many times faster than real; 0 takes no pauses")
	f.StringVar(&start, "start", "", "when the day begins, such as 2006-01-02T08:00:00+03:00; without it the day ends now")
	f.IntVar(&r.Hours, "hours", 12, "how long the day is")
	f.BoolVar(&wait, "wait", false, "return only when every event has been delivered")
	return pbxFlag(cmd)
}
