//go:build unix

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	practice "dozvon/app/practice/mango"
	"dozvon/app/server"
	"dozvon/client"
)

// examined runs doctor on a site.
func (s *site) examined(flags ...string) (code int, said string) {
	s.t.Helper()
	dir, err := programs()
	if err != nil {
		s.t.Fatal(err)
	}
	cmd := exec.CommandContext(s.t.Context(), filepath.Join(dir, "dozvon-server"), append([]string{"doctor", "--data", s.data}, flags...)...)
	cmd.Dir, cmd.Env = s.dir, []string{"PATH=" + os.Getenv("PATH"), "HOME=" + s.dir}
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err = cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		s.t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), out.String()
}

func TestDoctor_onAFreshMachineMakesNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	code, said := s.examined()
	if code != 0 {
		t.Errorf("exit code %d", code)
	}
	wantSaid(t, said, "OK    configuration:", "WARN  disk: the data folder", "WARN  database:", "there is no database yet", "WARN  PBXs:", "WARN  public URL: no server runs")
	if _, err := os.Stat(s.data); err == nil {
		t.Error("it has made the data folder")
	}
}

// TestDoctor_besideARunningServer asks a practice PBX, by a server that runs, and tells no secrets.
func TestDoctor_besideARunningServer(t *testing.T) {
	t.Parallel()
	const key, salt = "k7w4hrq2", "s9f3zzu1"
	pbx := practice.New(practice.Config{Key: key, Salt: salt, Target: "http://127.0.0.1:1/mango"})
	defer pbx.Close()
	web := httptest.NewServer(pbx.Handler())
	defer web.Close()
	s := newSite(t)
	cfg := server.Config{Listen: freeAddress(t), Data: s.data, Version: "test"}
	p, err := server.Build(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	kind, on, url := "mango", true, web.URL+"/vpbx/"
	input := client.IntegrationInput{Kind: &kind, Active: &on, APIKey: ptr(key), APISalt: ptr(salt), APIURL: &url}
	saved, err := p.Directory.SaveIntegration(t.Context(), client.Employee{}, "", input)
	if err == nil {
		_, err = p.Directory.SaveIntegration(t.Context(), client.Employee{}, saved.ID, client.IntegrationInput{HookSecret: &on})
	}
	if err = errors.Join(err, p.Close()); err != nil {
		t.Fatal(err)
	}
	t.Run("running", func(t *testing.T) {
		(&site{t: t, dir: s.dir, data: s.data}).servingOn(cfg)
		code, said := s.examined("--listen", cfg.Listen)
		wantSaid(t, said, "OK    disk speed: a durable write takes", "OK    database: it is whole", "OK    sealing key: it opens", "OK    clock: it agrees with the database's",
			"OK    clock: it agrees with that of", "OK    public URL: http://"+cfg.Listen, "Extensions", "FAIL")
		if code != 1 { // nobody has an extension
			t.Errorf("exit code %d", code)
		}
		code, asJSON := s.examined("--listen", cfg.Listen, "--json")
		var got struct {
			Lines  []map[string]string
			Failed bool
		}
		if err := json.NewDecoder(strings.NewReader(asJSON)).Decode(&got); err != nil || code != 1 || !got.Failed || len(got.Lines) < 8 {
			t.Errorf("exit code %d, %v: %s", code, err, asJSON)
		}
		for _, secret := range []string{key, salt, "/mango/"} {
			if strings.Contains(said+asJSON, secret) {
				t.Errorf("%q is told:\n%s", secret, said)
			}
		}
	})
	_, said := s.examined("--listen", cfg.Listen)
	wantSaid(t, said, "WARN  public URL: no server runs on this machine")
	s.sql("UPDATE integrations SET sealed = '{}', active = FALSE")
	if code, said := s.examined("--listen", cfg.Listen); code != 0 || !strings.Contains(said, "it is switched off and was not asked") {
		t.Errorf("exit code %d: %s", code, said)
	}
	if err := os.Remove(filepath.Join(s.data, "seal.key")); err != nil {
		t.Fatal(err)
	}
	s.sql("UPDATE integrations SET active = TRUE")
	code, said := s.examined("--listen", cfg.Listen)
	if code != 1 {
		t.Errorf("without its key: exit code %d", code)
	}
	wantSaid(t, said, "FAIL  sealing key:", "put seal.key back", "WARN  PBXs: they were not asked", "failed (sealing key)")
}

func ptr[T any](v T) *T { return &v }

func TestDoctor_saysWhatIsWrongWithTheSettings(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	code, said := s.examined("--listen", "nowhere")
	if code != 1 || !strings.Contains(said, `FAIL  configuration: listen "nowhere": host:port expected`) {
		t.Errorf("exit code %d: %s", code, said)
	}
	s.certificate()
	code, said = s.examined("--listen", ":8420", "--tls-cert", filepath.Join(s.data, "cert.pem"), "--tls-key", filepath.Join(s.data, "none.pem"))
	if code != 1 || !strings.Contains(said, "FAIL  TLS:") {
		t.Errorf("exit code %d: %s", code, said)
	}
	code, said = s.examined("--listen", ":8420", "--public-url", "http://192.0.2.1:8420")
	if code != 0 || !strings.Contains(said, "WARN  configuration: it listens on :8420, and passwords and calls go over the network unencrypted") {
		t.Errorf("exit code %d: %s", code, said)
	}
}
