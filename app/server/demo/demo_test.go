package demo_test

import (
	"errors"
	"net/http/httptest"
	"testing"
	"time"

	"dozvon/app/practice/beeline"
	"dozvon/app/server"
	"dozvon/app/server/demo"
	"dozvon/client"
)

const password = "practice makes perfect"

// fill makes a demo school whose second PBX is at beelineURL, and signs its operator in.
func fill(t *testing.T, beelineURL string) (*client.API, error) {
	t.Helper()
	clock := demo.NewClock(time.Now())
	parts, err := server.Build(t.Context(), server.Config{
		Data: t.TempDir(), Listen: "127.0.0.1:0", Now: clock.Now, AllowLocalPBX: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = parts.Close() })
	filled := demo.Fill(t.Context(), demo.Rooms{
		Store: parts.Store, Directory: parts.Directory, Staff: parts.Staff, Calls: parts.Calls, Cards: parts.Cards, Followup: parts.Followup,
	}, demo.Config{
		PBXURL: "http://127.0.0.1:1/vpbx/", Key: "k", Salt: "s", Password: password, Clock: clock,
		Second: demo.Account{URL: beelineURL, Token: "t"},
	})
	api := httptest.NewServer(parts.API.Handler())
	t.Cleanup(api.Close)
	in, err := client.New(api.URL, "").SignIn(t.Context(), client.SignIn{Login: demo.Login, Password: password, Device: "test"})
	if err != nil {
		t.Fatal(err)
	}
	return client.New(api.URL, in.Token), filled
}

// sources counts the calls of the past by the PBX that they came by, and those with an employee of the school.
func sources(t *testing.T, api *client.API) (all, known map[string]int) {
	t.Helper()
	all, known = map[string]int{}, map[string]int{}
	page, err := api.Feed(t.Context(), client.FeedQuery{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range page.Items {
		if e.CallID == "" {
			continue
		}
		all[e.SourceName]++
		if e.Employee != nil && e.Employee.ID != "" {
			known[e.SourceName]++
		}
	}
	return all, known
}

const mangos, beelines = "Виртуальная АТС от Mango Office", "Виртуальная АТС от Билайн"

func TestFill_theDaysBeforeHaveCallsOfBothPBXs(t *testing.T) {
	t.Parallel()
	pbx := beeline.New(beeline.Config{Token: "t"})
	t.Cleanup(pbx.Close)
	portal := httptest.NewServer(pbx.Handler())
	t.Cleanup(portal.Close)
	api, err := fill(t, portal.URL+"/apis/portal/")
	if err != nil {
		t.Fatal(err)
	}
	all, known := sources(t, api)
	if all[mangos] != 36 || all[beelines] != 12 {
		t.Errorf("calls %v, want 36 and 12", all)
	}
	if known[beelines] < 8 || known[mangos] < 20 {
		t.Errorf("calls of employees %v", known)
	}
	if live := pbx.Subscriptions(); len(live) != 0 {
		t.Errorf("the demo left subscriptions behind: %v", live)
	}
}

func TestFill_withoutTheSecondPBXHasAPastOfTheFirst(t *testing.T) {
	t.Parallel()
	api, err := fill(t, "http://127.0.0.1:1/apis/portal/")
	if !errors.Is(err, demo.ErrSilent) {
		t.Errorf("told %v", err)
	}
	if all, _ := sources(t, api); all[mangos] != 48 || all[beelines] != 0 {
		t.Errorf("calls %v, want 48 of the first", all)
	}
	if api, err := fill(t, ""); err != nil {
		t.Errorf("a school with one PBX: %v", err)
	} else if all, _ := sources(t, api); all[mangos] != 48 {
		t.Errorf("calls %v, want 48", all)
	}
}
