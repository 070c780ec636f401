// Package itoolabs makes the virtual PBX by ITooLabs, which operators sell under names of their own, a
// PBX of ours: it turns the PBX's requests into call events and our orders into its commands. The
// PBX's words stay inside this package and app/itoolabs. It decides nothing about calls.
package itoolabs

import (
	"slices"
	"strings"
	"time"

	"dozvon/app/server/pbx"
)

// Fields of an account beside pbx.KeyField.
const (
	// tokenField is what the PBX proves with that a request is its own: crm_token.
	tokenField = "api_salt"
	// generationField is which of its two APIs the PBX has.
	generationField = "generation"
	// hostsField are hosts beside the PBX's own that keep its recordings.
	hostsField = "recording_hosts"
)

// grace is how long history may be late: the end of an employee's ringing says nothing of the call
// (section 6 of the reference).
const grace = time.Minute

// brands are the names under which the PBX is sold, and what its customers' addresses look like.
var brands = []pbx.Brand{
	{Name: "megafon", Title: "МегаФон ВАТС", Address: "https://name.megapbx.ru/"},
	{Name: "domru", Title: "Dom.ru", Address: "https://name.domru.biz/"},
	{Name: "gravitel", Title: "Gravitel", Address: "https://name.gravitel.ru/"},
	{Name: "kcell", Title: "Kcell", Address: "https://name.vpbx.kcell.kz/"},
	{Name: "moldcell", Title: "Moldcell", Address: "https://name.pbx.moldcell.md/"},
}

// kindName is the kind as the API writes it.
const kindName = "itoolabs"

// Kind is the PBX as the settings know it.
var Kind = pbx.Kind{
	Name: kindName, Title: "ITooLabs",
	Source: wordsSource,
	Credentials: []pbx.Credential{
		{Name: pbx.KeyField, Label: labelKey, Hint: hintKey, Secret: true, Check: pbx.CheckToken},
		{Name: tokenField, Label: labelToken, Hint: hintToken, Secret: true},
		{Name: generationField, Label: labelGeneration, Hint: hintGeneration, Optional: true, Check: pbx.CheckOneOf(autoAPI, string(oldAPI), string(newAPI))},
		{Name: hostsField, Label: labelHosts, Hint: hintHosts, Optional: true, Check: checkHosts},
	},
	Steps: steps,
	Capabilities: []pbx.Capability{
		pbx.CanDial, pbx.CanPlay, pbx.CanHistory, pbx.CanDirectory, pbx.CanRouteByAnswer, pbx.CanShowName, pbx.CanPasteAddress, pbx.CanConnectivity,
	},
	Brands: brands,
	Grace:  grace, Summarises: true,
	New: func(a pbx.Account) pbx.Provider { return New(ConfigOf(a)) },
}

// ConfigOf is the configuration of an account.
func ConfigOf(a pbx.Account) Config {
	return Config{
		Key: a.Credentials[pbx.KeyField], Token: a.Credentials[tokenField], URL: a.URL,
		Generation: readGeneration(a.Credentials[generationField]),
		Hosts:      splitHosts(a.Credentials[hostsField]),
		Now:        a.Now, Shared: a.Shared, Transport: a.Outbound.For(kindName).RoundTripper(),
	}
}

// autoAPI is what a person writes to have the generation found out.
const autoAPI = "auto"

// readGeneration reads what a person wrote; whatever is neither is found out.
func readGeneration(s string) generation {
	if g := generation(strings.ToLower(strings.TrimSpace(s))); slices.Contains([]generation{oldAPI, newAPI}, g) {
		return g
	}
	return unknownAPI
}
