package health_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dozvon/app/server/health"
)

func well(context.Context) health.Finding { return health.Well() }

// asked is what the checks answer over HTTP.
func asked(t *testing.T, c *health.Checks) (int, health.Report, string) {
	t.Helper()
	w := httptest.NewRecorder()
	c.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/readyz", nil))
	var report health.Report
	if err := json.Unmarshal(w.Body.Bytes(), &report); err != nil {
		t.Fatal(err)
	}
	return w.Code, report, w.Body.String()
}

func TestChecks_oneThatFailsMakesTheServerNotReadyAndAWarningDoesNot(t *testing.T) {
	t.Parallel()
	failed := false
	c := health.New(time.Minute, map[string]health.Look{
		"well": well,
		"exposed": func(context.Context) health.Finding {
			return health.Warn("unencrypted", "passwords go in the clear")
		},
		"disk": func(context.Context) health.Finding {
			if failed {
				return health.Fail("disk_full", "make room", errors.New("/secret/path: no space"))
			}
			return health.Well()
		},
	})
	if status, report, _ := asked(t, c); status != http.StatusOK || !report.Ready() || report.Checks["exposed"].State != health.Warning {
		t.Errorf("with a warning: %d %+v", status, report)
	}
	failed = true
	status, report, body := asked(t, c)
	if f := report.Checks["disk"]; status != http.StatusServiceUnavailable || f.State != health.Failed || f.Code != "disk_full" || f.Detail != "make room" {
		t.Errorf("%d %s", status, body)
	}
	if strings.Contains(body, "/secret/path") {
		t.Errorf("the cause is told to anybody: %s", body)
	}
	if report.Checks["well"].State != health.OK {
		t.Errorf("the others are told, too: %s", body)
	}
}

func TestChecks_aStoppingServerIsNotReady(t *testing.T) {
	t.Parallel()
	c := health.New(time.Minute, map[string]health.Look{"well": well})
	c.Stop()
	if status, report, body := asked(t, c); status != http.StatusServiceUnavailable || report.Checks[health.Shutdown].Code != "shutting_down" {
		t.Errorf("%d %s", status, body)
	}
}

// A look that hangs, whatever its context says, is told as one that does not answer, and only one of it hangs.
func TestChecks_oneThatHangsIsToldInTimeAndHangsOnce(t *testing.T) {
	t.Parallel()
	var begun atomic.Int32
	let := make(chan struct{})
	c := health.New(20*time.Millisecond, map[string]health.Look{"well": well, "database": func(context.Context) health.Finding {
		begun.Add(1)
		<-let
		return health.Well()
	}})
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			status, report, body := asked(t, c)
			if status != http.StatusServiceUnavailable || report.Checks["database"].Code != "no_answer" || report.Checks["well"].State != health.OK {
				t.Errorf("%d %s", status, body)
			}
		})
	}
	all.Wait()
	if status, _, _ := asked(t, c); status != http.StatusServiceUnavailable || begun.Load() != 1 {
		t.Errorf("%d, %d looks hang", status, begun.Load())
	}
	close(let)
	deadline := time.After(time.Minute)
	for {
		if status, _, _ := asked(t, c); status == http.StatusOK {
			return
		}
		select {
		case <-deadline:
			t.Fatal("it is never ready again")
		case <-time.After(time.Millisecond):
		}
	}
}
