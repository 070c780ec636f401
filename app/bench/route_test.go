//go:build linux

package bench

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"dozvon/app/mango"
	"dozvon/app/server/wire"
	"dozvon/client"
)

const (
	// routeAccounts is how many calls are routed: one to an account, since an account takes one
	// route in two seconds and the wait for that is not what is measured.
	routeAccounts = 200
	routeTarget   = 25 * time.Millisecond
	routePatience = 10 * time.Second
)

// routed measures how long after a webhook is sent the PBX has our route: verified, decoded,
// committed, looked up, signed, posted. The PBX does not wait.
func routed(t *testing.T, b *bench) {
	s := openSchool(t, b, "route")
	p := startRoutePBX(t)
	contract(t, s)
	for n := range routeAccounts {
		account(t, s, p.addr, n)
	}
	pbx, floor := dial(t, s.addr), times{}
	var took times
	for n := range routeAccounts {
		raw := menuEvent(n)
		began := time.Now()
		if err := pbx.send(raw); err != nil {
			t.Fatal(err)
		}
		at, err := p.wait(fmt.Sprintf("account-%d", n))
		if err != nil {
			t.Fatal(err)
		}
		took = append(took, at.Sub(began))
		began = time.Now()
		resp, err := http.PostForm("http://"+p.addr+"/vpbx/"+mango.PathRoute, mango.NewForm("floor", salt, "{}").Values())
		if err != nil {
			t.Fatal(err)
		}
		io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
		floor = append(floor, time.Since(began))
	}
	b.add(t, row{
		what: "webhook sent → route at the PBX", measured: took.String(), floor: "POST alone " + floor.String(),
		ratio: factor(over(took.p99(), floor.p99())), target: "p99 ≤ " + ms(routeTarget), met: took.p99() <= routeTarget,
	})
}

// contract is the card of the caller, with the one employee as the responsible.
func contract(t *testing.T, s *school) {
	t.Helper()
	number, name, phones, id := "Д-1", "Шангутов Александр Александрович", []string{"+79030000001"}, s.me.ID
	_, err := s.parts.Cards.Save(t.Context(), s.me, client.SubjectRef{Kind: client.KindContract}, wire.ContractInput(client.ContractInput{Number: &number, Name: &name, Phones: &phones, ResponsibleID: &id}))
	if err != nil {
		t.Fatal(err)
	}
}

func account(t *testing.T, s *school, pbx string, n int) {
	t.Helper()
	i, err := s.parts.Directory.SaveIntegration(t.Context(), client.Employee{}, "", client.IntegrationInput{
		Active: new(true), Forwarding: new(true), APIKey: new(fmt.Sprintf("account-%d", n)), APISalt: new(salt), APIURL: new("http://" + pbx + "/vpbx/"),
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.parts.Directory.SetExtensions(t.Context(), client.Employee{}, i.ID, []client.ExtensionRow{{EmployeeID: s.me.ID, Extension: "101"}}); err != nil {
		t.Fatal(err)
	}
}

func menuEvent(n int) []byte {
	payload := encode(map[string]any{
		"entry_id": fmt.Sprintf("route-%d", n), "call_id": fmt.Sprintf("leg-%d", n), "timestamp": time.Now().Unix(), "seq": 1,
		"call_state": mango.StateAppeared, "location": mango.LocationIVR,
		"from": map[string]any{"number": "79030000001"}, "to": map[string]any{"number": "74950000010", "line_number": "74950000010"},
	})
	body := mango.NewForm(fmt.Sprintf("account-%d", n), salt, payload).Values().Encode()
	return fmt.Appendf(nil, "POST /mango/events/call HTTP/1.1\r\nHost: bench\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
}

// routePBX notes when each account's route came.
type routePBX struct {
	addr string
	mu   sync.Mutex // guards came
	came map[string]chan time.Time
}

func startRoutePBX(t *testing.T) *routePBX {
	t.Helper()
	l := listen(t)
	p := &routePBX{addr: l.Addr().String(), came: map[string]chan time.Time{}}
	srv := &http.Server{ReadHeaderTimeout: routePatience, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		at := time.Now()
		if err := r.ParseForm(); err == nil && strings.HasSuffix(r.URL.Path, mango.PathRoute) {
			select {
			case p.of(r.PostForm.Get(mango.FieldKey)) <- at:
			default:
			}
		}
		io.WriteString(w, `{"result":1000}`)
	})}
	go srv.Serve(l)
	closing(t, srv)
	return p
}

func (p *routePBX) of(key string) chan time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.came[key] == nil {
		p.came[key] = make(chan time.Time, 1)
	}
	return p.came[key]
}

func (p *routePBX) wait(key string) (time.Time, error) {
	ctx, cancel := context.WithTimeout(context.Background(), routePatience)
	defer cancel()
	select {
	case at := <-p.of(key):
		return at, nil
	case <-ctx.Done():
		return time.Time{}, fmt.Errorf("no route of %s came in %s", key, routePatience)
	}
}
