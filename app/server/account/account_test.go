package account_test

import (
	"path/filepath"
	"slices"
	"testing"

	"dozvon/app/server/access"
	"dozvon/app/server/account"
	"dozvon/app/server/crm"
	"dozvon/app/server/pbx"
	"dozvon/app/server/store"
	"dozvon/client"
)

var kind = pbx.Kind{Name: "acme", Credentials: []pbx.Credential{
	{Name: "api_key", Secret: true}, {Name: "api_salt", Secret: true}, {Name: "office"}, {Name: "pin", Secret: true, Optional: true}, {Name: "note", Optional: true},
}}

// TestChange_whatIsGivenIsKeptAndOpensAgain follows one account through changes.
func TestChange_whatIsGivenIsKeptAndOpensAgain(t *testing.T) {
	t.Parallel()
	sealer, err := access.NewSealer(filepath.Join(t.TempDir(), "seal.key"))
	if err != nil {
		t.Fatal(err)
	}
	text := func(s string) *string { return &s }
	i := store.Integration{Integration: client.Integration{Kind: "acme", APIURL: "https://a.example/"}}
	for _, step := range []struct {
		name   string
		in     client.IntegrationInput
		url    string
		faults []string
		want   map[string]string // nil: as before
	}{
		{"nothing", client.IntegrationInput{}, "", []string{"api_key: is empty", "api_salt: is empty", "office: is empty"}, map[string]string{}},
		{"all", client.IntegrationInput{APIKey: text(" k "), APISalt: text("s"), Credentials: map[string]string{"office": "7", "pin": "p", "note": "n"}}, "", nil, map[string]string{"api_key": "k", "api_salt": "s", "office": "7", "pin": "p", "note": "n"}},
		{"blanks", client.IntegrationInput{APIKey: text(""), APISalt: text(" "), Credentials: map[string]string{"api_salt": " "}}, "", nil, nil},
		{"the optional ones taken out", client.IntegrationInput{Credentials: map[string]string{"pin": "", "note": ""}}, "", nil, map[string]string{"api_key": "k", "api_salt": "s", "office": "7"}},
		{"both ways the same", client.IntegrationInput{APIKey: text("k2"), Credentials: map[string]string{"api_key": "k2"}}, "", nil, map[string]string{"api_key": "k2", "api_salt": "s", "office": "7"}},
		{"another host", client.IntegrationInput{APIKey: text("k3")}, "https://b.example/", []string{"api_salt: give it once more, because api_url leads to another host now"}, nil},
		{"another path", client.IntegrationInput{}, "https://a.example/v2/", nil, nil},
	} {
		next := i
		if step.url != "" {
			next.APIURL = step.url
		}
		faults, err := account.Rules{Sealer: sealer, Kind: kind}.Change(&next, i.APIURL, step.in)
		if err != nil || !slices.Equal((&crm.Invalid{Faults: faults}).In("en"), append([]string{}, step.faults...)) {
			t.Errorf("%s: faults %q, want %q, %v", step.name, faults, step.faults, err)
		}
		if len(faults) > 0 {
			continue // it is not kept
		}
		had := i
		i = next
		got, err := account.Open(sealer, i)
		want := step.want
		if want == nil {
			if want, err = account.Open(sealer, had); err != nil {
				t.Fatal(err)
			}
		}
		if err != nil || len(got) != len(want) {
			t.Errorf("%s: the account is %v, want %v, %v", step.name, got, want, err)
		}
		for name, value := range want {
			if got[name] != value || i.Sealed[name] == value || i.APIKey != "" {
				t.Errorf("%s: %s is %q, want %q, sealed", step.name, name, got[name], value)
			}
		}
	}
	other := i
	if other.APIURL = "https://c.example/"; account.Same(i, other) || !account.Same(i, i) || account.Name(i) == account.Name(other) {
		t.Error("accounts of two addresses are one")
	}
}
