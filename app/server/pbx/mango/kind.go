package mango

import (
	"time"

	"dozvon/app/server/pbx"
)

// saltField is the credential that the signatures are made with.
const saltField = "api_salt"

// kindName is the kind as the API writes it.
const kindName = "mango"

// Kind is Mango Office as the settings know it.
var Kind = pbx.Kind{
	Name: kindName, Title: "Mango Office",
	Source: source,
	// What the cabinet shows as «Адрес API Виртуальной АТС».
	DefaultURL: "https://app.mango-office.ru/vpbx/",
	Credentials: []pbx.Credential{
		{Name: pbx.KeyField, Label: keyLabel, Hint: dataHint, Check: pbx.CheckToken},
		{Name: saltField, Label: saltLabel, Hint: dataHint, Secret: true, Check: pbx.CheckToken},
	},
	Steps: steps,
	Capabilities: []pbx.Capability{
		pbx.CanDial, pbx.CanDialGroup, pbx.CanDialColleague, pbx.CanHangup, pbx.CanHold, pbx.CanTransfer, pbx.CanConsult, pbx.CanConnect,
		pbx.CanText, pbx.CanRecord, pbx.CanPlay, pbx.CanHistory, pbx.CanDirectory, pbx.CanAddressBook, pbx.CanRoute,
		pbx.CanConnectivity, pbx.CanShowName, pbx.CanPasteAddress,
	},
	Shared: &pbx.SharedPath{Path: "/mango", Glued: []string{"events/", "result/", "ping"}, Key: accountOf},
	// The summary normally comes within a second; a route or transfer makes its next leg sooner still.
	Grace: 15 * time.Second, Summarises: true,
	New: func(a pbx.Account) pbx.Provider { return New(ConfigOf(a)) },
}

// ConfigOf is the configuration of an account.
func ConfigOf(a pbx.Account) Config {
	return Config{
		Key: a.Credentials[pbx.KeyField], Salt: a.Credentials[saltField], URL: a.URL, Now: a.Now, Shared: a.Shared,
		Transport: a.Outbound.For(kindName).RoundTripper(),
	}
}
