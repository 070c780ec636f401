package server_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	practice "dozvon/app/practice/mango"
	"dozvon/app/server/pgtest"
	"dozvon/client"
)

// TestNodes_killedBehindABalancerUnderLoad: three whole servers as processes of their own behind a plain TCP balancer; two
// are killed while calls come and screens follow, one comes back. Every call is there once, every screen was told all
// of it once and in order; what all nodes share holds whatever node a connection comes to; what one does for all was
// done once.
func TestNodes_killedBehindABalancerUnderLoad(t *testing.T) {
	t.Parallel()
	between := int64(150)
	if underRace || testing.Short() {
		between = 40
	}
	database := pgtest.URL(t)
	pbx := practice.New(practice.Config{Key: key, Salt: salt, NoLimits: true, SilentAddressBook: true})
	t.Cleanup(pbx.Close)
	web := httptest.NewServer(pbx.Handler())
	t.Cleanup(web.Close)
	s := openSchool(t, database, web.URL+"/vpbx/")
	s.change(client.IntegrationInput{AddressBook: ptr(true)})
	nodes := []*process{startNode(t, database, s.data), startNode(t, database, s.data), startNode(t, database, s.data)}
	for _, n := range nodes {
		n.ready()
	}
	b := startBalancer(t, nodes[0].addr, nodes[1].addr, nodes[2].addr)
	var screens []*screen
	for _, ext := range []string{"101", "102", "103", "105"} {
		screens = append(screens, watch(t, b.url(), s.token(ext)))
	}
	token := s.token("104")
	var book []string
	addCard := func(n int) {
		number := fmt.Sprintf("+7900000030%d", n)
		s.student(fmt.Sprint("Клиент ", n), number, "101")
		book = append(book, fmt.Sprintf("Клиент %d: %s, employee 300040101", n, number[1:]))
	}

	load := newSender(t, b.url()).load(t, 6)
	load.more(t, between)
	addCard(1)
	nodes[0].kill()
	addCard(2)
	load.more(t, between)
	nodes[0].start()
	nodes[0].ready()
	nodes[1].kill()
	addCard(3)
	load.more(t, between)
	calls := load.stop()
	load.check()

	s.wantCalls(t, calls)
	told, moved := s.toldEntries(), 0
	for i, one := range screens {
		one.wantWhole(t, fmt.Sprint("screen ", i), told)
		moved += one.lives - 1
	}
	if moved == 0 {
		t.Error("two nodes were killed and no screen had to move: they follow something else")
	}
	s.wantShared(t, b, token)
	eventually(t, "each card to be in the PBX's book, once: "+strings.Join(book, "; "), func() bool { return slices.Equal(ours(pbx), book) })
}

// wantShared looks at what belongs to all nodes, each connection coming to another of them.
func (s *school) wantShared(t *testing.T, b *balancer, token string) {
	t.Helper()
	each := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	me := func() int {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, b.url()+"/api/v1/me", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+token)
		resp, err := each.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		return resp.StatusCode
	}
	for range 4 {
		if status := me(); status != http.StatusOK {
			t.Errorf("a session is refused on one of the nodes: %d", status)
		}
	}
	eventually(t, "everybody whose screen is live to be free", func() bool {
		people, err := client.New(b.url(), token).Employees(t.Context())
		if err != nil {
			return false
		}
		states := map[string]client.PresenceState{}
		for _, e := range people {
			states[e.Extension] = e.Presence
		}
		for _, ext := range []string{"101", "102", "103", "105"} {
			if states[ext] != client.PresenceFree {
				return false
			}
		}
		return true
	})
	if err := client.New(b.url(), token).SignOut(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range 4 {
		if status := me(); status != http.StatusUnauthorized {
			t.Errorf("a session that ended on one node is good on another: %d", status)
		}
	}
	for range 5 { // over the nodes in turn: none of them sees five
		trySignIn(t, b.url(), "u104", "not the password", "")
	}
	for range 3 {
		if got := trySignIn(t, b.url(), "u104", password, ""); got.code != "too_many_tries" {
			t.Errorf("after five wrong passwords over all nodes: %+v", got)
		}
	}
}
