//go:build linux

package bench

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dozvon/client"
)

const (
	// askTarget is for how long a caller may wait for the answer to a PBX's question about them.
	askTarget = 300 * time.Millisecond
	// askSenders keep the writer busy meanwhile; askCount questions are measured.
	askSenders, askCount = 32, 1000
	askToken             = "bench-token"
)

// answeredInTime measures how long a PBX waits for the caller's name and the responsible's telephone while 32
// senders of another PBX keep the writer busy; each question is of another number, so that hardly one is in
// memory because it was asked before.
func answeredInTime(t *testing.T, b *bench) {
	s := openSchool(t, b, "ask")
	fill(t, s, 2000)
	i, err := s.parts.Directory.SaveIntegration(t.Context(), client.Employee{}, "", client.IntegrationInput{
		Kind: new("itoolabs"), Active: new(true), Forwarding: new(true), APIURL: new("http://127.0.0.1:1/"),
		Credentials: map[string]string{"api_key": "bench-key", "api_salt": askToken},
	})
	if err != nil {
		t.Fatal(err)
	}
	hook, err := url.Parse(i.HookURL)
	if err != nil {
		t.Fatal(err)
	}
	senders := make([]*sender, askSenders)
	for n := range senders {
		senders[n] = dial(t, s.addr)
	}
	var next atomic.Int64
	var stop atomic.Bool
	poured := make(chan int)
	go func() {
		events := 0
		for !stop.Load() {
			n, _ := pour(t, senders, &next, time.Second/4)
			events += n
		}
		poured <- events
	}()
	pbx, named := dial(t, s.addr), 0
	var took times
	for n := range askCount {
		began := time.Now()
		answer, err := pbx.ask(hook.Path, n)
		if err != nil {
			t.Fatal(err)
		}
		took = append(took, time.Since(began))
		if strings.Contains(answer, "contact_name") {
			named++
		}
	}
	stop.Store(true)
	events := <-poured
	b.add(t, row{
		what: "PBX's question → name and responsible, 32 senders beside it", measured: fmt.Sprintf("%s (%d of %d named)", took, named, askCount),
		floor: fmt.Sprintf("%d webhooks taken meanwhile", events), ratio: factor(over(took.p99(), askTarget)),
		target: "p99 ≤ " + ms(askTarget), met: took.p99() <= askTarget && named >= askCount/3,
	})
}

// ask puts the n-th question and returns what it is answered.
func (s *sender) ask(path string, n int) (string, error) {
	form := url.Values{"cmd": {"contact"}, "crm_token": {askToken}, "phone": {caller(3 * n)}, "callid": {fmt.Sprintf("ask-%08d", n)}, "diversion": {"74951234567"}}.Encode()
	_, err := fmt.Fprintf(s.conn, "POST %s HTTP/1.1\r\nHost: bench\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s", path, len(form), form)
	if err != nil {
		return "", err
	}
	resp, err := http.ReadResponse(s.in, nil)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(bufio.NewReader(resp.Body))
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("the question was answered %s", resp.Status)
	}
	return string(raw), err
}
