//go:build linux

package bench

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"dozvon/client"
)

const (
	// keyLimit is from a key in the dialler until its suggestions are on the screen, and frame what the
	// screen takes of that.
	keyLimit = 50 * time.Millisecond
	frame    = time.Second / 60
	// keyNames and keyNumbers are typed letter by letter and digit by digit, keyLetters of each.
	keyNames, keyNumbers, keyLetters = 30, 30, 7
)

// keys measures what the app waits for after each key in the dialler: contracts and clients that fit, both at
// once, over HTTP. The floor is a request for what is always the same.
func (l *large) keys(t *testing.T, b *bench) {
	t.Helper()
	web := httptest.NewServer(l.parts.API.Handler())
	defer web.Close()
	api := l.signIn(t, web.URL)
	var typed []string
	for range keyNames {
		typed = append(typed, strings.ToLower(personName(l.r.IntN(l.cards))))
	}
	for range keyNumbers {
		typed = append(typed, cardPhone(l.r.IntN(l.cards))[2:])
	}
	var taken, floor times
	var worst time.Duration
	var slow string
	for _, whole := range typed {
		letters := []rune(whole)
		for n := 1; n <= min(keyLetters, len(letters)); n++ {
			query, began := string(letters[:n]), time.Now()
			both, ctx := errgroup.WithContext(t.Context())
			both.Go(func() error { _, err := api.Contracts(ctx, query, ""); return err })
			both.Go(func() error { _, err := api.Clients(ctx, query, ""); return err })
			if err := both.Wait(); err != nil {
				t.Fatal(err)
			}
			took := time.Since(began)
			if taken = append(taken, took); took > worst {
				worst, slow = took, query
			}
			began = time.Now()
			if _, err := api.Me(t.Context()); err != nil {
				t.Fatal(err)
			}
			floor = append(floor, time.Since(began))
		}
	}
	b.add(t, row{
		fmt.Sprintf("a key in the dialler → suggestions at the app, among %d cards, %s", l.cards, l.name),
		fmt.Sprintf("%s, the longest %s (%q)", taken, ms(worst), slow), "a request for oneself: " + floor.String(), factor(over(taken.p99(), floor.p99())),
		"p99 ≤ " + ms(keyLimit-frame) + ", and a frame to draw them", taken.p99() <= keyLimit-frame,
	})
}

// signIn signs in as somebody whom the database is given for that, once.
func (l *large) signIn(t *testing.T, url string) *client.API {
	t.Helper()
	in := client.SignIn{Login: login, Password: password, Device: "bench"}
	got, err := client.New(url, "").SignIn(t.Context(), in)
	if err != nil {
		_, err = l.parts.Staff.SaveEmployee(t.Context(), "", client.EmployeeInput{
			Name: new("Киреева Анна Сергеевна"), Login: new(login), Password: new(password), Role: new(client.RoleOperator), Extension: new("101"),
		})
		if err == nil {
			got, err = client.New(url, "").SignIn(t.Context(), in)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return client.New(url, got.Token)
}
