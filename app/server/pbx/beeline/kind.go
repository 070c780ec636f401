package beeline

import (
	"time"

	"dozvon/app/beeline"
	"dozvon/app/server/pbx"
)

// kindName is the kind as the API writes it.
const kindName = "beeline"

// Kind is Beeline's «Облачная АТС» as the settings know it.
var Kind = pbx.Kind{
	Name: kindName, Title: "Билайн", DefaultURL: beeline.BaseURL,
	Source:      textSource,
	Credentials: []pbx.Credential{{Name: pbx.KeyField, Label: textToken, Hint: textTokenHint, Secret: true, Check: pbx.CheckToken}},
	Steps:       textSteps,
	Capabilities: []pbx.Capability{
		pbx.CanDial, pbx.CanDialColleague, pbx.CanTransfer, pbx.CanConnect, pbx.CanPlay, pbx.CanHistory, pbx.CanDirectory, pbx.CanRouteByRules,
		pbx.CanBeSubscribed, pbx.CanConnectivity, pbx.CanFindRecordings,
	},
	// No event says that a call is over; the gaps between two agents of a queue are shorter (section 8.7).
	Grace: 30 * time.Second, Summarises: false,
	FindAfter: []time.Duration{30 * time.Second, time.Minute, 2 * time.Minute, 5 * time.Minute, 15 * time.Minute},
	New:       func(a pbx.Account) pbx.Provider { return New(ConfigOf(a)) },
}

// ConfigOf is the configuration of an account.
func ConfigOf(a pbx.Account) Config {
	return Config{Token: a.Credentials[pbx.KeyField], URL: a.URL, Now: a.Now, Shared: a.Shared, Transport: a.Outbound.For(kindName).RoundTripper()}
}
