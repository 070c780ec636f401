package server_test

import (
	"fmt"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	practice "dozvon/app/practice/mango"
	"dozvon/app/server"
	"dozvon/app/server/access"
	"dozvon/client"
)

// recorded brings about a call of a number with 101 whose recording is ready.
func (s *school) recorded(pbx *practice.PBX, number string) client.Call {
	s.t.Helper()
	if _, err := pbx.Call(practice.CallRequest{From: number, To: "101", Scenario: "direct"}); err != nil {
		s.t.Fatal(err)
	}
	return s.until(number, "have its recording", func(c client.Call) bool { return c.Recording != nil && c.Recording.Ready })
}

// TestListening_isAuditedOnce: a player asks for a recording piece by piece, several pieces at once,
// and that is one listening. It was a row a request, so that nobody could see who really heard what.
func TestListening_isAuditedOnce(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		var ahead atomic.Int64
		now := func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
		s, pbx := withPBXOf(t, server.Config{Database: url, Now: now}, practice.Config{NoLimits: true})
		c := s.recorded(pbx, "79000000501")
		ask := func(token, query, span string) {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.http.URL+"/api/v1/calls/"+c.ID+"/recording"+query, nil)
			if err != nil {
				t.Error(err)
				return
			}
			req.Header.Set("Authorization", "Bearer "+token)
			if span != "" {
				req.Header.Set("Range", span)
			}
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Error(err)
				return
			}
			defer resp.Body.Close()
			if _, err := io.Copy(io.Discard, resp.Body); err != nil || resp.StatusCode >= 300 {
				t.Errorf("%s %s answered %d, %v", query, span, resp.StatusCode, err)
			}
		}
		count := func(action, employee string) int {
			page, err := s.api("105").Audit(t.Context(), client.AuditQuery{Actions: []string{action}, Target: "call:" + c.ID, Employee: s.staff[employee].ID})
			if err != nil {
				t.Fatal(err)
			}
			return len(page.Items)
		}
		want := func(when, action, employee string, n int) {
			t.Helper()
			if got := count(action, employee); got != n {
				t.Errorf("%s: %d rows of %s by %s, want %d", when, got, action, employee, n)
			}
		}
		first, second := s.token("101"), s.token("102")
		var all sync.WaitGroup
		for i := range 12 {
			all.Go(func() { ask(first, "", fmt.Sprintf("bytes=%d-%d", i*100, i*100+99)) })
		}
		all.Wait()
		want("twelve pieces at once", access.ActionListen, "101", 1)
		ask(s.token("101"), "", "")
		want("again, in another session", access.ActionListen, "101", 1)
		ask(second, "", "bytes=0-")
		want("another's", access.ActionListen, "102", 1)

		ask(first, "?download=1", "")
		ask(first, "?download=1", "bytes=500-")
		want("a download that is resumed", access.ActionDownload, "101", 1)
		ask(first, "?download=1", "bytes=0-")
		want("downloaded twice", access.ActionDownload, "101", 2)
		want("after downloads", access.ActionListen, "101", 1)

		ahead.Store(int64(2 * time.Hour))
		ask(first, "", "bytes=100-199")
		want("two hours later", access.ActionListen, "101", 2)
	})
}
