package pbx

import (
	"time"

	"dozvon/app/bilingual"
	"dozvon/app/server/outbound"
	"dozvon/app/server/texts"
)

// Kind is one make of PBX: all that the settings need to know before there is an account, and what
// the call's way needs to know that is the same for every account.
type Kind struct {
	Name       string // a short word, as the API writes it
	Title      string // what a new integration is called
	DefaultURL string // where its commands go unless told otherwise; empty: every customer has an own one
	// Source is how the feed names the PBX: «Виртуальная АТС от …».
	Source bilingual.Text
	// Credentials are the fields that an account has. One is named KeyField.
	Credentials []Credential
	// Steps say what to do in the PBX's cabinet, one after the other.
	Steps []bilingual.Text
	// Capabilities are what its adapter can do, see CapabilitiesOf.
	Capabilities []Capability
	// Brands are the names under which operators sell this PBX; none where the kind is one.
	Brands []Brand
	// Shared is the one address that accounts of this kind had before each had its own; nil: none.
	Shared *SharedPath
	// Grace is how long a call whose legs have all ended waits for another word of the PBX.
	Grace time.Duration
	// Summarises says that the PBX tells the end of every call. Where it does not, a call that was
	// silent for Grace has ended as it should.
	Summarises bool
	// FindAfter is when, after a talk ended, a recording is looked for that no event announces.
	FindAfter []time.Duration
	// New makes the adapter of one account. It does no I/O.
	New func(Account) Provider
}

// KeyField is the credential by which two accounts of a kind are told apart: one is connected once.
const KeyField = "api_key"

// Credential is one field of an account.
type Credential struct {
	Name     string // as the API writes it: "api_key"
	Label    bilingual.Text
	Hint     bilingual.Text // where the cabinet shows it
	Secret   bool           // kept sealed and never told back
	Optional bool
	// Check tells what is wrong with a value that is not empty; zero: nothing. allowed are the addresses
	// beside the public ones that it may name. Nil: any text that people can see is one.
	Check func(value string, allowed outbound.Policy) texts.Message
}

// Brand is an operator's name for a PBX of this kind.
type Brand struct {
	Name  string // "megafon"
	Title string // "МегаФон ВАТС"
	// Address is what a customer's own address looks like: "https://name.megapbx.ru/".
	Address string
}

// SharedPath is an address at which accounts of a kind are told apart by what the request says.
type SharedPath struct {
	Path string // "/word", by which the kind is known
	// Glued are what the PBX joins to the address without a slash of its own: "events/".
	Glued []string
	// Key reads of which account (its KeyField) a request is. probe: the cabinet only asks whether we
	// are here, and any account would say yes. ErrUnreadable, ErrForeign.
	Key func(Request) (key string, probe bool, err error)
}

// Capability is one thing that a PBX can do here.
type Capability string

// Capabilities, as the API writes them.
const (
	CanDial           Capability = "dial"            // click-to-call
	CanDialGroup      Capability = "dial_group"      // the same, ringing a group first
	CanDialColleague  Capability = "dial_colleague"  // the same, to a colleague
	CanHangup         Capability = "hangup"          // end a call
	CanHold           Capability = "hold"            // hold and resume
	CanTransfer       Capability = "transfer"        // blind transfer
	CanConsult        Capability = "consult"         // ring a colleague while the client waits
	CanConnect        Capability = "connect"         // join the client with the colleague who was asked
	CanText           Capability = "sms"             // text messages
	CanRecord         Capability = "record"          // start a recording during a talk
	CanPlay           Capability = "recordings"      // fetch recordings
	CanHistory        Capability = "history"         // statistics for reconciliation
	CanDirectory      Capability = "directory"       // its own list of employees
	CanAddressBook    Capability = "address_book"    // our cards in its own book
	CanShowName       Capability = "display_name"    // the client's name on the telephone
	CanRoute          Capability = "route"           // an inbound call to the responsible: by a command
	CanRouteByRules   Capability = "route_rules"     // the same by rules uploaded before
	CanRouteByAnswer  Capability = "route_answer"    // the same by the answer to the PBX's question
	CanBeSubscribed   Capability = "subscription"    // events come by a subscription that we keep alive
	CanPasteAddress   Capability = "paste_address"   // events come to an address that is pasted into the cabinet
	CanConnectivity   Capability = "check"           // «Проверить»
	CanFindRecordings Capability = "find_recordings" // recordings are looked for, because no event announces them
)

// CapabilitiesOf lists what an adapter implements. A kind's own list is the same, but for
// CanShowName and CanPasteAddress, which no interface tells.
func CapabilitiesOf(p Provider) []Capability {
	var can []Capability
	add := func(ok bool, c Capability) {
		if ok {
			can = append(can, c)
		}
	}
	add(is[Dialler](p), CanDial)
	add(is[GroupDialler](p), CanDialGroup)
	add(is[ColleagueDialler](p), CanDialColleague)
	add(is[Hanger](p), CanHangup)
	add(is[Holder](p), CanHold)
	add(is[Transferrer](p), CanTransfer)
	add(is[Consulter](p), CanConsult)
	add(is[Connecter](p), CanConnect)
	add(is[Texter](p), CanText)
	add(is[RecordStarter](p), CanRecord)
	add(is[Recorder](p), CanPlay)
	add(is[Historian](p), CanHistory)
	add(is[Directory](p), CanDirectory)
	add(is[AddressBook](p), CanAddressBook)
	add(is[Router](p), CanRoute)
	add(is[RuleRouter](p), CanRouteByRules)
	add(is[Answerer](p), CanRouteByAnswer)
	add(is[Subscriber](p), CanBeSubscribed)
	add(is[Checker](p), CanConnectivity)
	add(is[RecordingFinder](p), CanFindRecordings)
	return can
}

func is[T any](p Provider) bool {
	_, ok := p.(T)
	return ok
}
