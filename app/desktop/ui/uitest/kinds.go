package uitest

import (
	_ "embed"
	"encoding/json"
	"time"

	"dozvon/client"
)

// kindsTold are what the server tells of the PBXs that can be connected, one of them made up.
//
//go:embed testdata/kinds.json
var kindsTold []byte

// Kinds are kindsTold: a PBX to paste an address into, one with a subscription, one with brands, one that
// nobody knows.
func Kinds() []client.PBXKind {
	var out []client.PBXKind
	if err := json.Unmarshal(kindsTold, &out); err != nil {
		panic(err) // the file is part of the tests
	}
	return out
}

// Third is a PBX whose events come by a subscription, half of whose time has passed at the given moment.
func Third() client.Integration {
	return client.Integration{
		ID: "i3", Kind: Kinds()[1].Kind, Name: Kinds()[1].Title, Active: true, Secrets: []string{"api_key"}, APIURL: Kinds()[1].DefaultURL,
		HookURL: "https://phone.autoschool.example/hook/k3Vx9QpL2mT7", Forwarding: true, Health: client.Health{State: client.HealthOK},
		Subscription: &client.Subscription{
			State: client.SubscriptionOK, Began: At(Ago(23 * time.Minute)), RenewAt: At(Now.Add(7 * time.Minute)), Until: At(Now.Add(37 * time.Minute)),
			LostAt: At(Ago(142 * time.Minute)), RestoredAt: At(Ago(142*time.Minute - 40*time.Second)),
		},
		Rules:      &client.RouteRules{Ours: 214, Foreign: 6, At: At(Ago(32 * time.Minute))},
		Reconciled: &client.Reconciled{Until: Now, At: Ago(time.Minute), Calls: 47, Restored: 1},
		LastEvent:  At(Ago(2 * time.Minute)), UpdatedAt: Ago(12 * 24 * time.Hour), UpdatedBy: Person(Schetova),
	}
}
