package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestRun_exitCodesAndWords(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, args  string
		code        int
		out, errOut string
	}{
		{"help", "--help", 0, "Usage:", ""},
		{"no command", "", 0, "Usage:", ""},
		{"version", "--version", 0, "dozvon-pbx", ""},
		{"scenarios", "scenarios", 0, "transfer-blind", ""},
		{"unknown command", "dance", 2, "", "unknown command"},
		{"unknown flag", "serve --colour", 2, "", "colour"},
		{"serve without keys", "serve --key k --salt s", 2, "", "--target is required"},
		{"serve to a word", "serve --key k --salt s --target home", 2, "", "not an http address"},
		{"serve nowhere", "serve --key k --salt s --target http://127.0.0.1:1 --listen 256.0.0.1:1", 1, "", "listening"},
		{"serve of no kind", "serve --kind fax", 2, "", "--kind is \"fax\""},
		{"serve without a token", "serve --kind beeline", 2, "", "--token is required"},
		{"serve with another kind's flag", "serve --kind beeline --token t --salt s", 2, "", "--kind beeline has no --salt"},
		{"serve with a wrong spelling", "serve --kind beeline --token t --events json", 2, "", "events is"},
		{"serve without a target", "serve --kind itoolabs --key k --token t", 2, "", "--target is not an address"},
		{"serve with a wrong answer", "serve --kind itoolabs --key k --token t --target http://127.0.0.1:1 --answer xml", 2, "", "answer is"},
		{"fault of another kind", "serve --kind beeline --token t --fault lose_summary=1", 2, "", "unknown fault"},
		{"faults of two kinds", "faults lose_summary=1 lose_answered=1", 2, "", "no kind of PBX has all"},
		{"scenarios of a kind", "scenarios --kind beeline", 0, "queue-missed", ""},
		{"call from nobody", "call", 2, "", "--from is required"},
		{"call without a PBX", "call --from 79000000101 --pbx http://127.0.0.1:1", 1, "", "is dozvon-pbx serve running?"},
		{"telephone in two minds", "phone 101 --busy --declines", 2, "", "exactly one"},
		{"day without calls", "day --calls 0", 2, "", "calls is 0"},
		{"day of no date", "day --start tomorrow", 2, "", "not like"},
		{"unknown fault", "faults rain=1", 2, "", "unknown fault"},
		{"fault beyond its share", "faults drop=2", 2, "", "a share is from 0 to 1"},
		{"fault without value", "faults drop", 2, "", "not NAME=VALUE"},
		{"serve with a wrong fault", "serve --key k --salt s --target http://127.0.0.1:1 --fault rain=1", 2, "", "unknown fault"},
		{"serve with a wrong policy", "serve --key k --salt s --target http://127.0.0.1:1 --recordings some", 2, "", "recordings is"},
		{"telephone without number", "phone --busy", 2, "", "accepts 1 arg"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var out, errOut bytes.Buffer
			code := run(t.Context(), strings.Fields(tt.args), &out, &errOut)
			if code != tt.code || !strings.Contains(out.String(), tt.out) || !strings.Contains(errOut.String(), tt.errOut) {
				t.Errorf("got %d %q %q, want %d %q %q", code, out.String(), errOut.String(), tt.code, tt.out, tt.errOut)
			}
			if lines := strings.Count(errOut.String(), "\n"); code != 0 && lines != 1 {
				t.Errorf("%d lines on standard error, want 1:\n%s", lines, errOut.String())
			}
		})
	}
}

// TestServe_beelineTakesTheSameCommands subscribes as a server does, and leads the PBX from the command line.
func TestServe_beelineTakesTheSameCommands(t *testing.T) {
	t.Parallel()
	events := make(chan string, 1000)
	target := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { events <- r.URL.Path }))
	defer target.Close()
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	reader, writer := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		args := "serve --kind beeline --token t --listen 127.0.0.1:0 --ivr 1ms --ring 5ms --no-answer 5ms --outside 5ms --talk 5ms --agent-ring 5ms --recording-delay 1ms --append-null --fault seed=4,duplicate=0.5"
		ended <- run(ctx, strings.Fields(args), writer, io.Discard)
		writer.Close()
	}()
	line := make([]byte, 200)
	n, err := reader.Read(line)
	if err != nil {
		t.Fatal(err)
	}
	pbx, _, _ := strings.Cut(strings.TrimPrefix(string(line[:n]), "practice PBX on "), ",")

	body := `{"expires":3600,"subscriptionType":"ADVANCED_CALL","url":"` + target.URL + `/hook/word"}`
	request, err := http.NewRequestWithContext(ctx, http.MethodPut, pbx+"/apis/portal/subscription", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("X-MPBX-API-AUTH-TOKEN", "t")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Fatalf("subscribing: %s", response.Status)
	}

	for _, step := range []struct{ args, out string }{
		{"phone 101 --answer 1ms", ""},
		{"call --from 79000000101 --scenario queue-answered --wait", "-"},
		{"call --from 79000000101 --scenario outbound --wait", "-"},
		{"faults", `{"seed":4,"duplicate":0.5}`},
		{"faults lose_answered=1 seed=2", ""},
		{"faults", `{"seed":2,"lose_answered":1}`},
		{"traffic --every 1ms --count 1", ""},
		{"faults none", ""},
		{"day --operators 7 --calls 5 --wait", "5 calls"},
	} {
		var out, errOut bytes.Buffer
		if code := run(t.Context(), strings.Fields(step.args+" --pbx "+pbx), &out, &errOut); code != 0 || !strings.Contains(out.String(), step.out) {
			t.Errorf("%s: %d %q %q, want %q", step.args, code, out.String(), errOut.String(), step.out)
		}
	}
	select {
	case path := <-events:
		if path != "/hook/word/null" {
			t.Errorf("first event to %s", path)
		}
	case <-time.After(2 * time.Minute):
		t.Error("no event came")
	}
	var errOut bytes.Buffer
	if code := run(t.Context(), strings.Fields("faults lose_summary=1 --pbx "+pbx), io.Discard, &errOut); code != 1 || !strings.Contains(errOut.String(), "lose_summary") {
		t.Errorf("another kind's fault: %d %q", code, errOut.String())
	}
	interrupt()
	select {
	case code := <-ended:
		if code != 0 {
			t.Errorf("serve ended with %d", code)
		}
	case <-time.After(2 * time.Minute):
		t.Error("serve did not end")
	}
}

// TestServe_itoolabsTakesTheSameCommands posts to the one address that it was told, and asks it who calls.
func TestServe_itoolabsTakesTheSameCommands(t *testing.T) {
	t.Parallel()
	posted := make(chan string, 1000)
	target := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		posted <- r.FormValue("crm_token") + " " + r.FormValue("cmd") + " " + r.FormValue("link")
		io.WriteString(w, `{"contact_name":"М","responsible":"boris"}`)
	}))
	defer target.Close()
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	reader, writer := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		args := "serve --kind itoolabs --key k --token t --address http://pbx.example --listen 127.0.0.1:0 --ivr 1ms --ring 5ms --no-answer 5ms --outside 5ms --talk 5ms --recording-delay 1ms --fault seed=4 --target " + target.URL + "/hook/word"
		ended <- run(ctx, strings.Fields(args), writer, io.Discard)
		writer.Close()
	}()
	line := make([]byte, 200)
	n, err := reader.Read(line)
	if err != nil {
		t.Fatal(err)
	}
	pbx, _, _ := strings.Cut(strings.TrimPrefix(string(line[:n]), "practice PBX on "), ",")
	for _, step := range []struct{ args, out string }{
		{"phone 702 --answer 1ms", ""},
		{"call --from 79000000101 --wait", "-"},
		{"call --from 79000000101 --scenario transfer --wait", "-"},
		{"faults", `{"seed":4}`},
		{"faults history_lost=1", ""},
		{"faults", `{"history_lost":1}`},
		{"traffic --every 1ms --count 1", ""},
		{"faults none", ""},
		{"day --operators 7 --calls 5 --wait", "5 calls"},
	} {
		var out, errOut bytes.Buffer
		if code := run(t.Context(), strings.Fields(step.args+" --pbx "+pbx), &out, &errOut); code != 0 || !strings.Contains(out.String(), step.out) {
			t.Errorf("%s: %d %q %q, want %q", step.args, code, out.String(), errOut.String(), step.out)
		}
	}
	interrupt()
	if code := <-ended; code != 0 {
		t.Errorf("serve ended with %d", code)
	}
	target.Close()
	close(posted)
	var all strings.Builder
	for p := range posted {
		all.WriteString(p + "\n")
	}
	for _, want := range []string{"t contact ", "t event ", "t history http://pbx.example/mp3/B10D"} {
		if !strings.Contains(all.String(), want) {
			t.Errorf("%q was not posted, but\n%s", want, all.String())
		}
	}
}

// TestServe_runsUntilInterrupted uses the program as a person does: serve, a rule, a call, an interrupt.
func TestServe_runsUntilInterrupted(t *testing.T) {
	t.Parallel()
	events := make(chan string, 1000)
	target := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { events <- r.URL.Path }))
	defer target.Close()

	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	reader, writer := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		args := "serve --key k --salt s --listen 127.0.0.1:0 --ivr 1ms --ring 5ms --talk 5ms --recording-delay 1ms --fault seed=4,duplicate=0.5,missing=dct:seq --target "
		ended <- run(ctx, strings.Fields(args+target.URL+"/mango"), writer, io.Discard)
		writer.Close()
	}()
	line := make([]byte, 200)
	n, err := reader.Read(line)
	if err != nil {
		t.Fatal(err)
	}
	pbx, _, _ := strings.Cut(strings.TrimPrefix(string(line[:n]), "practice PBX on "), ",")

	for _, args := range []string{
		"phone 101 --answer 1ms --pbx " + pbx,
		"call --from 79000000101 --wait --pbx " + pbx,
		"faults --pbx " + pbx,
		"traffic --every 1ms --count 1 --pbx " + pbx,
		"faults none --pbx " + pbx,
		"day --operators 7 --calls 5 --wait --pbx " + pbx,
	} {
		var out, errOut bytes.Buffer
		if code := run(t.Context(), strings.Fields(args), &out, &errOut); code != 0 {
			t.Errorf("%s: %d %s", args, code, errOut.String())
		}
		want := map[string]string{
			"faults --pbx " + pbx:                             `{"seed":4,"duplicate":0.5,"missing":["dct","seq"]}`,
			"day --operators 7 --calls 5 --wait --pbx " + pbx: "5 calls",
		}[args]
		if !strings.Contains(out.String(), want) {
			t.Errorf("%s: got %q, want %q", args, out.String(), want)
		}
	}
	select {
	case path := <-events:
		if path != "/mango/events/call" {
			t.Errorf("first event to %s", path)
		}
	case <-time.After(2 * time.Minute):
		t.Error("no event came")
	}
	interrupt()
	select {
	case code := <-ended:
		if code != 0 {
			t.Errorf("serve ended with %d", code)
		}
	case <-time.After(2 * time.Minute):
		t.Error("serve did not end")
	}
}
