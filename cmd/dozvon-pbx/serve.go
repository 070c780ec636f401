package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/viper"

	practice "dozvon/app/practice/mango"
)

const (
	// shutdownLimit is how long running requests may take when the program ends.
	shutdownLimit = 5 * time.Second
	// headerLimit is how long a client may take to send a request's headers.
	headerLimit = 10 * time.Second
)

func newServe() *cobra.Command {
	t := practice.DefaultTiming()
	cmd := &cobra.Command{
		Use: "serve", Short: "Run the practice PBX until interrupted", Args: usage(cobra.NoArgs), RunE: serve,
		Example: "  dozvon-pbx serve --key K --salt S --target http://127.0.0.1:8420/mango --traffic 25s",
	}
	f := cmd.Flags()
	f.String("listen", "127.0.0.1:8421", "address of the API and of the control API, which has no login")
	f.String("key", "", "vpbx_api_key that both sides know (required)")
	f.String("salt", "", "vpbx_api_salt that both sides know (required)")
	f.String("target", "", "the server's base; events go to TARGET/events/call (required)")
	f.Duration("ivr", t.IVR, "how long a client stays in the voice menu")
	f.Duration("ring", t.Ring, "how long a telephone rings before it is answered")
	f.Duration("no-answer", t.NoAnswer, "how long a telephone rings that nobody answers")
	f.Duration("outside", t.Outside, "how long a client's telephone rings before he answers")
	f.Duration("talk", t.Talk, "how long a conversation lasts")
	f.Duration("hold", t.Hold, "how long somebody put on hold by a command waits for the employee")
	f.Duration("consult", t.Consult, "how long an employee talks to a consultant before he hands the client over")
	f.Duration("recording-delay", t.RecordingDelay, "from the end of a call to its recording")
	f.String("recordings", practice.RecordAll, "which talks are recorded: all, command or none")
	f.Bool("record-each-employee", false, "begin a new recording for whoever takes a transferred call over")
	f.Int("operators", 0, "have at least this many employees, from extension 106 on beyond the five")
	f.Bool("odd", false, "add an employee with extension 0511 and no e-mail")
	f.Bool("hold-off", false, "know commands/call/hold/off, which the real PBX's document does not have")
	f.Duration("stats-delay", time.Second, "how long a statistics takes")
	f.Int("history", practice.DefaultHistory, "how many calls are remembered")
	f.Bool("parallel", false, "send webhooks side by side, as the real PBX does, and so out of order")
	f.Bool("multipart", false, "send webhooks as multipart/form-data")
	f.Bool("silent-book", false, "send no event when the address book changes")
	f.StringToString("fault", nil, faultHelp())
	f.Duration("traffic", 0, "make a random call this often; 0 makes none")
	f.StringSlice("traffic-numbers", nil, "clients of the random calls")
	f.Bool("no-limits", false, "leave out the rate limits and the block after wrong requests")
	return cmd
}

func serve(cmd *cobra.Command, _ []string) error {
	v, err := settingsOf(cmd)
	if err != nil {
		return err
	}
	config, err := configOf(v)
	if err != nil {
		return err
	}
	config.Log = slog.New(slog.NewTextHandler(cmd.ErrOrStderr(), nil))
	listener, err := net.Listen("tcp", v.GetString("listen"))
	if err != nil {
		return fmt.Errorf("listening: %w", err)
	}
	pbx := practice.New(config)
	defer pbx.Close()
	if every := v.GetDuration("traffic"); every != 0 {
		if err := pbx.Traffic(every, 0, v.GetStringSlice("traffic-numbers")); err != nil {
			listener.Close()
			return usageError{err}
		}
	}
	fmt.Fprintf(cmd.OutOrStdout(), "practice PBX on http://%s, events to %s\n", listener.Addr(), config.Target)
	return serveUntilDone(cmd.Context(), listener, pbx)
}

// serveUntilDone answers requests until ctx ends, then lets running ones finish.
func serveUntilDone(ctx context.Context, listener net.Listener, pbx *practice.PBX) error {
	server := &http.Server{Handler: pbx.Handler(), ReadHeaderTimeout: headerLimit}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serving: %w", err)
	case <-ctx.Done():
	}
	// The PBX goes first: a client that waits for the end of a call would hold the server up.
	pbx.Close()
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownLimit)
	defer cancel()
	if err := server.Shutdown(ending); err != nil {
		return fmt.Errorf("shutting down: %w", err)
	}
	if err := <-failed; !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serving: %w", err)
	}
	return nil
}

func configOf(v *viper.Viper) (practice.Config, error) {
	config := practice.Config{
		Key: v.GetString("key"), Salt: v.GetString("salt"), Target: v.GetString("target"), NoLimits: v.GetBool("no-limits"),
		Timing: practice.Timing{
			IVR: v.GetDuration("ivr"), Ring: v.GetDuration("ring"), NoAnswer: v.GetDuration("no-answer"),
			Outside: v.GetDuration("outside"), Talk: v.GetDuration("talk"), RecordingDelay: v.GetDuration("recording-delay"),
			Hold: v.GetDuration("hold"), Consult: v.GetDuration("consult"),
		},
		Recordings: v.GetString("recordings"), RecordEachEmployee: v.GetBool("record-each-employee"),
		Operators: v.GetInt("operators"), Odd: v.GetBool("odd"), HoldOff: v.GetBool("hold-off"),
		StatsDelay: v.GetDuration("stats-delay"), History: v.GetInt("history"),
		Parallel: v.GetBool("parallel"), Multipart: v.GetBool("multipart"), SilentAddressBook: v.GetBool("silent-book"),
	}
	var faults []error
	if err := config.Validate(); err != nil {
		faults = append(faults, err)
	}
	var err error
	if config.Faults, err = faultsOf(v.GetStringMapString("fault")); err != nil {
		faults = append(faults, err)
	}
	for _, name := range []string{"key", "salt", "target"} {
		if v.GetString(name) == "" {
			faults = append(faults, fmt.Errorf("--%s is required", name))
		}
	}
	if u, err := url.Parse(config.Target); config.Target != "" &&
		(err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
		faults = append(faults, fmt.Errorf("--target %q is not an http address", config.Target))
	}
	if len(faults) > 0 {
		return config, usageError{errors.Join(faults...)}
	}
	return config, nil
}
