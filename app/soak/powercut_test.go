//go:build linux

package soak

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"dozvon/app/mango"
	practice "dozvon/app/practice/mango"
	"dozvon/app/server/store"
	"dozvon/app/soak/lossydisk"
	"dozvon/client"
)

// plant is a server whose data lies on a disk whose power can be cut.
type plant struct {
	t       *testing.T
	disk    *lossydisk.Disk
	program *program
	unmount func() error
	log     *os.File
}

// newPlant mounts an empty disk; the server has not been started.
func newPlant(t *testing.T, seed uint64) *plant {
	t.Helper()
	p := &plant{t: t, disk: lossydisk.New(seed), program: newProgram(t, t.TempDir())}
	p.mount()
	var err error
	if p.log, err = os.Create(filepath.Join(t.TempDir(), "server.log")); err != nil {
		t.Fatal(err)
	}
	p.program.log = p.log
	t.Cleanup(func() {
		p.program.kill()
		p.unmount()
		p.log.Close()
	})
	return p
}

func (p *plant) mount() {
	p.t.Helper()
	unmount, err := p.disk.Mount(p.program.data)
	if errors.Is(err, lossydisk.ErrNoFUSE) {
		p.t.Skip(err)
	}
	if err != nil {
		p.t.Fatal(err)
	}
	p.unmount = unmount
}

// powerBack ends whatever runs, and mounts what survived the cut.
func (p *plant) powerBack() {
	p.t.Helper()
	p.disk.CutNow()
	p.program.kill()
	if err := p.unmount(); err != nil {
		p.t.Fatal(err)
	}
	p.disk = p.disk.Survive()
	p.mount()
}

// account makes the first account.
func (p *plant) account(ctx context.Context, login string) error {
	_, err := p.program.run(ctx, password+"\n", "account", "add", "--login", login, "--name", "Громов Павел Ильич", "--role", "admin", "--password-stdin")
	return err
}

func (p *plant) start(what string) {
	p.t.Helper()
	if err := p.program.start(p.t.Context()); err != nil {
		p.t.Fatalf("%s: %v\n%s", what, err, p.told())
	}
}

// told is the end of the server's log.
func (p *plant) told() string {
	raw, err := os.ReadFile(p.log.Name())
	if err != nil {
		return err.Error()
	}
	return string(raw[max(0, len(raw)-4000):])
}

func (p *plant) signIn(login string) (*client.API, error) {
	in, err := client.New(p.program.publicURL, "").SignIn(p.t.Context(), client.SignIn{Login: login, Password: password, Device: "soak"})
	return client.New(p.program.publicURL, in.Token), err
}

// doctor complains where something is wrong.
func (p *plant) doctor(what string) {
	p.t.Helper()
	out, err := p.program.run(p.t.Context(), "", "doctor", "--listen", p.program.listen, "--public-url", p.program.publicURL, "--allow-local-pbx")
	if err != nil || strings.Contains(out, "FAIL") {
		p.t.Errorf("%s: the doctor: %v\n%s", what, err, out)
	}
}

// acked are what the server said it keeps, and all that it was ever sent.
type acked struct {
	mu      sync.Mutex // guards what follows
	calls   map[string]bool
	clients map[string]bool // ids
	sent    map[string]bool // keys of calls
	next    int
}

// TestServer_powerCutLosesNothingAcknowledged cuts the power at random moments under load: each time the server starts
// again, what was acknowledged is there, what is there was sent and is whole, and the doctor is content.
func TestServer_powerCutLosesNothingAcknowledged(t *testing.T) {
	t.Parallel()
	cuts := 12
	if *soakLasts > 0 {
		cuts = 50
	}
	p := newPlant(t, 14)
	random := rand.New(rand.NewPCG(14, 14))
	if err := p.account(t.Context(), login); err != nil {
		t.Fatal(err)
	}
	p.start("the first time")
	api, err := p.signIn(login)
	if err != nil {
		t.Fatal(err)
	}
	connectQuiet(t, api)
	all := &acked{calls: map[string]bool{}, clients: map[string]bool{}, sent: map[string]bool{}}
	for n := range cuts {
		what := fmt.Sprintf("cut %d", n+1)
		p.disk.CutAfter(1 + random.IntN(3000))
		fresh := p.load(api, all)
		p.powerBack()
		p.start(what)
		for id := range fresh {
			if _, err := api.Client(t.Context(), id); err != nil {
				t.Errorf("%s: a client that was acknowledged: %v", what, err)
			}
		}
		p.doctor(what)
	}
	p.program.stop()
	p.compare(all)
	t.Logf("%d cuts; %d calls and %d clients were acknowledged, none is lost; %d calls were sent", cuts, len(all.calls), len(all.clients), len(all.sent))
}

// connectQuiet connects a practice PBX that plays nothing: it answers the doctor.
func connectQuiet(t *testing.T, api *client.API) client.Integration {
	t.Helper()
	address, serve := serveLater(t)
	quiet := practice.New(practice.Config{Key: pbxKey, Salt: pbxSalt, Target: "http://127.0.0.1:1/mango", NoLimits: true, StatsDelay: time.Millisecond})
	t.Cleanup(quiet.Close)
	serve(quiet.Handler())
	return connect(t, api, client.IntegrationInput{
		Kind: new("mango"), Active: new(true), APIKey: new(pbxKey), APISalt: new(pbxSalt), APIURL: new(address + "/vpbx/"),
	}, extensions(101))
}

// load sends calls and makes clients until the power is cut, and returns the clients that were acknowledged now.
func (p *plant) load(api *client.API, all *acked) (fresh map[string]bool) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), patience)
	defer cancel()
	fresh = map[string]bool{}
	var sending sync.WaitGroup
	for range 4 {
		sending.Go(func() {
			for p.powered(ctx) {
				all.mu.Lock()
				all.next++
				key := fmt.Sprintf("cut-%06d", all.next)
				all.sent[key] = true
				all.mu.Unlock()
				if p.ring(ctx, key) {
					all.mu.Lock()
					all.calls[key] = true
					all.mu.Unlock()
				}
			}
		})
	}
	for p.powered(ctx) {
		made, err := api.CreateClient(ctx, client.ClientInput{Name: new("Ученик")})
		if err == nil {
			fresh[made.ID], all.clients[made.ID] = true, true
		}
	}
	sending.Wait()
	if ctx.Err() != nil {
		p.t.Fatal("the power was not cut")
	}
	return fresh
}

func (p *plant) powered(ctx context.Context) bool {
	select {
	case <-p.disk.Cut():
		return false
	default:
		return ctx.Err() == nil
	}
}

// ring tells the server of a missed call by two events, and reports whether both were acknowledged.
func (p *plant) ring(ctx context.Context, key string) bool {
	return p.ringFrom(ctx, key, "7999"+key[len("cut-"):]+"0")
}

func (p *plant) ringFrom(ctx context.Context, key, number string) bool {
	now := time.Now().Unix()
	return p.deliver(ctx, mango.PathCall, fmt.Sprintf(`{"entry_id":%q,"call_id":"leg-%s","timestamp":%d,"seq":1,"call_state":"Appeared","location":"abonent","from":{"number":%q},"to":{"extension":"101","line_number":"74950000010"}}`, key, key, now, number)) &&
		p.deliver(ctx, mango.PathSummary, fmt.Sprintf(`{"entry_id":%q,"call_direction":1,"from":{"number":%q},"to":{"extension":"101"},"line_number":"74950000010","create_time":%d,"forward_time":%d,"talk_time":0,"end_time":%d,"entry_result":0,"disconnect_reason":1110}`, key, number, now, now, now))
}

func (p *plant) deliver(ctx context.Context, path, payload string) bool {
	form := mango.NewForm(pbxKey, pbxSalt, payload).Values().Encode()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.program.publicURL+"/mango/"+strings.Trim(path, "/"), strings.NewReader(form))
	if err != nil {
		return false
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	defer resp.Body.Close()
	io.Copy(io.Discard, resp.Body)
	return resp.StatusCode == http.StatusOK
}

// compare reads the stopped server's database: every call that was acknowledged is there, with its entry, and no other
// than those that were sent.
func (p *plant) compare(all *acked) {
	p.t.Helper()
	dir := p.t.TempDir()
	if err := p.disk.Extract(dir); err != nil {
		p.t.Fatal(err)
	}
	db, err := store.Open(p.t.Context(), "sqlite://"+filepath.Join(dir, "dozvon.db"), time.Now)
	if err != nil {
		p.t.Fatal(err)
	}
	defer db.Close()
	kept := map[string]bool{}
	for cursor := store.Start; ; {
		page, err := db.Calls(p.t.Context(), cursor, 500)
		if err != nil {
			p.t.Fatal(err)
		}
		for _, rec := range page {
			if kept[rec.Key] {
				p.t.Errorf("the call %s is kept twice", rec.Key)
			}
			kept[rec.Key] = true
			if !all.sent[rec.Key] {
				p.t.Errorf("the call %s was never sent", rec.Key)
			}
			cursor.At, cursor.ID = rec.View.StartedAt.UnixMilli(), rec.ID
		}
		if len(page) < 500 {
			break
		}
	}
	for key := range all.calls {
		if !kept[key] {
			p.t.Errorf("the call %s was acknowledged and is lost", key)
		}
	}
}

// TestServer_powerCutAtTheFirstStart: while the database and the key are made there is nothing to lose, but the next
// start must come to its end, and an account that was acknowledged must be there.
func TestServer_powerCutAtTheFirstStart(t *testing.T) {
	t.Parallel()
	begin := func(seed uint64, cutAfter int) (p *plant, made bool) {
		p = newPlant(t, seed)
		if cutAfter > 0 {
			p.disk.CutAfter(cutAfter)
		}
		return p, p.account(t.Context(), login) == nil
	}
	p, _ := begin(1, 0)
	total := p.disk.Changes()
	cuts := 8
	if *soakLasts > 0 {
		cuts = 50
	}
	for n := range cuts {
		what := fmt.Sprintf("cut at change %d of %d", 1+n*total/cuts, total)
		p, made := begin(uint64(n), 1+n*total/cuts)
		p.powerBack()
		if !made {
			if err := p.account(t.Context(), login); err != nil && !strings.Contains(err.Error(), "login") {
				t.Errorf("%s: the account cannot be made: %v", what, err)
			}
		}
		p.start(what)
		if _, err := p.signIn(login); err != nil {
			t.Errorf("%s, the account was acknowledged: %t: %v", what, made, err)
		}
		p.doctor(what)
		p.program.kill()
	}
	// An account that was acknowledged and then loses its power at once.
	for n := range cuts {
		p, made := begin(uint64(100+n), 0)
		p.powerBack()
		p.start("cut right after the account")
		if _, err := p.signIn(login); err != nil {
			t.Errorf("cut right after the account was acknowledged (%t): %v", made, err)
		}
		p.program.kill()
	}
}
