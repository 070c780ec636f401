package server_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"testing"

	"dozvon/app/server"
	"dozvon/client"
)

// TestSignIn_floodStaysUnder600MB signs in 200 times at once at a server of its own process, with
// hashes of full cost. Webhooks that come meanwhile are all taken.
func TestSignIn_floodStaysUnder600MB(t *testing.T) {
	t.Parallel()
	const atOnce, limit = 200, 600 << 20
	data := t.TempDir()
	setUp, err := server.Build(t.Context(), server.Config{Listen: "127.0.0.1:0", Data: data, Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = setUp.Directory.SaveIntegration(t.Context(), client.Employee{}, "", client.IntegrationInput{
		Active: ptr(true), APIKey: ptr(key), APISalt: ptr(salt), APIURL: ptr("http://127.0.0.1:1/vpbx/"),
	})
	if err == nil {
		_, err = setUp.Staff.SaveEmployee(t.Context(), "", client.EmployeeInput{Name: ptr("Киреева"), Login: ptr("kireeva"), Password: ptr(password)})
	}
	if err = errors.Join(err, setUp.Close()); err != nil {
		t.Fatal(err)
	}
	cmd, addr := startChild(t, data)
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})

	statuses, mu := map[int]int{}, sync.Mutex{}
	var flood, hooks sync.WaitGroup
	ctx, stop := context.WithCancel(t.Context())
	hooks.Go(func() {
		for n := 0; ctx.Err() == nil; n++ {
			if !post(ctx, addr, fmt.Sprint("flood", n)) && ctx.Err() == nil {
				t.Errorf("webhook %d was not taken", n)
			}
		}
	})
	for i := range atOnce {
		flood.Go(func() {
			login := fmt.Sprint("nobody", i)
			if i%20 == 0 {
				login = "kireeva"
			}
			got := trySignIn(t, "http://"+addr, login, password, "")
			mu.Lock()
			defer mu.Unlock()
			statuses[got.status]++
			if (got.status == 429 || got.status == 503) && got.after < 1 {
				t.Errorf("refused without a time to come again: %+v", got)
			}
		})
	}
	flood.Wait()
	stop()
	hooks.Wait()

	peak := memoryOf(t, addr, cmd.Process.Pid)
	t.Logf("%d sign-ins at once: answers %v, peak %d MB", atOnce, statuses, peak>>20)
	if peak > limit {
		t.Errorf("peak %d MB, %d MB are allowed", peak>>20, limit>>20)
	}
	if statuses[401] == 0 || statuses[201]+statuses[401]+statuses[429]+statuses[503] != atOnce {
		t.Errorf("answers %v", statuses)
	}
	if got := trySignIn(t, "http://"+addr, "kireeva", password, ""); got.status != 201 {
		t.Errorf("after the flood: %+v", got)
	}
}

// memoryOf is a child's highest resident memory. The race detector's own memory is several times the
// program's, so under it, and where there is no /proc, what Go has ever had of the system counts.
func memoryOf(t *testing.T, addr string, pid int) int64 {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err == nil && !raceDetected() {
		_, rest, _ := strings.Cut(string(status), "VmHWM:")
		kb, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		return kb << 10
	}
	resp, err := http.Get("http://" + addr + childMemory)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	bytes, err := strconv.ParseInt(string(text), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return bytes
}

func raceDetected() bool {
	info, _ := debug.ReadBuildInfo()
	for _, s := range info.Settings {
		if s.Key == "-race" && s.Value == "true" {
			return true
		}
	}
	return false
}
