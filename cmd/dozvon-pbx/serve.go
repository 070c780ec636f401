package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/spf13/cobra"
)

const (
	// shutdownLimit is how long running requests may take when the program ends.
	shutdownLimit = 5 * time.Second
	// headerLimit is how long a client may take to send a request's headers.
	headerLimit = 10 * time.Second
)

func newServe() *cobra.Command {
	cmd := &cobra.Command{
		Use: "serve", Short: "Run the practice PBX until interrupted", Args: usage(cobra.NoArgs), RunE: serve,
		Example: "  dozvon-pbx serve --key K --salt S --target http://127.0.0.1:8420/mango --traffic 25s\n" +
			"  dozvon-pbx serve --kind beeline --token T --listen 127.0.0.1:8422",
	}
	f := cmd.Flags()
	kindFlag(f)
	f.String("listen", "127.0.0.1:8421", "address of the API and of the control API, which has no login")
	timingFlags(f)
	f.Int("operators", 0, "have at least this many employees, from extension 106 on beyond the five")
	f.Int("history", defaultHistory, "how many calls are remembered")
	f.Bool("parallel", false, "send webhooks side by side, as a real PBX may, and so out of order")
	f.StringToString("fault", nil, faultHelp())
	f.Duration("traffic", 0, "make a random call this often; 0 makes none")
	f.StringSlice("traffic-numbers", nil, "clients of the random calls")
	addKindFlags(f)
	return cmd
}

// defaultHistory is a month of a school, and more than any client pages through at once.
const defaultHistory = 20_000

func serve(cmd *cobra.Command, _ []string) error {
	v, err := settingsOf(cmd)
	if err != nil {
		return err
	}
	k, err := kindOf(v.GetString("kind"))
	if err != nil {
		return err
	}
	if err := k.refuseForeign(cmd.Flags()); err != nil {
		return err
	}
	// The PBX starts before it listens, so that wrong settings are told first.
	pbx, events, err := k.start(v, slog.New(slog.NewTextHandler(cmd.ErrOrStderr(), nil)))
	if err != nil {
		return err
	}
	defer pbx.Close()
	listener, err := net.Listen("tcp", v.GetString("listen"))
	if err != nil {
		return fmt.Errorf("listening: %w", err)
	}
	if every := v.GetDuration("traffic"); every != 0 {
		if err := pbx.Traffic(every, 0, v.GetStringSlice("traffic-numbers")); err != nil {
			listener.Close()
			return usageError{err}
		}
	}
	fmt.Fprintf(cmd.OutOrStdout(), "practice PBX on http://%s, %s\n", listener.Addr(), events)
	return serveUntilDone(cmd.Context(), listener, pbx)
}

// serveUntilDone answers requests until ctx ends, then lets running ones finish.
func serveUntilDone(ctx context.Context, listener net.Listener, pbx pbx) error {
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
