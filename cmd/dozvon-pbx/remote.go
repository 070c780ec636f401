package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"dozvon/app/practice"
)

// askLimit bounds one request to the running PBX; waiting for a call's end has none.
const askLimit = 10 * time.Second

// maxAnswer bounds an answer of the running PBX, in bytes.
const maxAnswer = 1 << 20

// pbxFlag adds the address of the running PBX.
func pbxFlag(cmd *cobra.Command) *cobra.Command {
	cmd.Flags().String("pbx", "http://127.0.0.1:8421", "address of the running practice PBX")
	return cmd
}

func newCall() *cobra.Command {
	var r practice.CallRequest
	var ring, talk time.Duration
	var wait bool
	cmd := &cobra.Command{
		Use: "call", Short: "Make a call on the running practice PBX", Args: usage(cobra.NoArgs),
		Example: "  dozvon-pbx call --from 79000000101 --scenario hold --talk 30s --wait",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if r.From == "" {
				return usageError{fmt.Errorf("--from is required")}
			}
			r.RingMS, r.TalkMS = ring.Milliseconds(), talk.Milliseconds()
			var answer struct {
				EntryID string `json:"entry_id"`
			}
			if err := ask(cmd, askLimit, http.MethodPost, "calls", r, &answer); err != nil {
				return err
			}
			fmt.Fprintln(cmd.OutOrStdout(), answer.EntryID)
			if !wait {
				return nil
			}
			return ask(cmd, 0, http.MethodGet, "calls/"+url.PathEscape(answer.EntryID)+"/ended", nil, nil)
		},
	}
	f := cmd.Flags()
	f.StringVar(&r.From, "from", "", "the client's number, or an extension for internal calls (required)")
	f.StringVar(&r.Line, "line", "", "our number that the client dials")
	f.StringVar(&r.To, "to", "", "extension or group that rings, or the client of an outbound call")
	f.StringVar(&r.Scenario, "scenario", "answered", "what happens; see dozvon-pbx scenarios")
	f.DurationVar(&ring, "ring", 0, "how long telephones ring; 0 is the PBX's usual")
	f.DurationVar(&talk, "talk", 0, "how long they talk; 0 is the PBX's usual")
	f.BoolVar(&wait, "wait", false, "return only when the call has ended")
	return pbxFlag(cmd)
}

func newScenarios() *cobra.Command {
	cmd := &cobra.Command{
		Use: "scenarios", Short: "List the kinds of calls", Args: usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			name, err := cmd.Flags().GetString("kind")
			if err != nil {
				return err
			}
			k, err := kindOf(name)
			if err != nil {
				return err
			}
			for _, s := range k.scenarios() {
				fmt.Fprintf(cmd.OutOrStdout(), "%-27s %s\n", s.Name, s.About)
			}
			return nil
		},
	}
	kindFlag(cmd.Flags())
	return cmd
}

func newPhone() *cobra.Command {
	var after time.Duration
	cmd := &cobra.Command{
		Use: "phone NUMBER", Short: "Change how an employee's or a client's telephone behaves",
		Example: "  dozvon-pbx phone 101 --answer 3s\n  dozvon-pbx phone 79000000101 --no-answer",
		Args:    usage(cobra.ExactArgs(1)),
	}
	f := cmd.Flags()
	f.DurationVar(&after, "answer", 0, "answer after this long")
	f.Bool(practice.Busy, false, "be busy")
	f.Bool(practice.NoAnswer, false, "ring until the caller gives up")
	f.Bool(practice.Declines, false, "decline the call")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		rule, given := practice.Rule{}, 0
		if f.Changed("answer") {
			rule, given = practice.Rule{Outcome: practice.Answers, AfterMS: after.Milliseconds()}, 1
		}
		for _, outcome := range []string{practice.Busy, practice.NoAnswer, practice.Declines} {
			if on, err := f.GetBool(outcome); err == nil && on {
				rule, given = practice.Rule{Outcome: outcome}, given+1
			}
		}
		if given != 1 {
			return usageError{fmt.Errorf("give exactly one of --answer, --busy, --no-answer, --declines")}
		}
		return ask(cmd, askLimit, http.MethodPut, "phones/"+url.PathEscape(args[0]), rule, nil)
	}
	return pbxFlag(cmd)
}

// ask sends a request to the control API of the running PBX. limit 0 waits as long as it takes.
func ask(cmd *cobra.Command, limit time.Duration, method, path string, body, answer any) error {
	v, err := settingsOf(cmd)
	if err != nil {
		return err
	}
	ctx := cmd.Context()
	if limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, limit)
		defer cancel()
	}
	raw, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("encoding the request: %w", err)
	}
	address := strings.TrimRight(v.GetString("pbx"), "/") + "/control/" + path
	request, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(raw))
	if err != nil {
		return usageError{fmt.Errorf("reading --pbx: %w", err)}
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("asking the practice PBX (is dozvon-pbx serve running?): %w", err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return fmt.Errorf("reading the practice PBX's answer: %w", err)
	}
	if response.StatusCode/100 != 2 {
		var refusal struct{ Error string }
		if json.Unmarshal(text, &refusal) == nil && refusal.Error != "" {
			return fmt.Errorf("the practice PBX refused: %s", refusal.Error)
		}
		return fmt.Errorf("the practice PBX answered %s", response.Status)
	}
	if answer == nil {
		return nil
	}
	if err := json.Unmarshal(text, answer); err != nil {
		return fmt.Errorf("reading the practice PBX's answer: %w", err)
	}
	return nil
}
