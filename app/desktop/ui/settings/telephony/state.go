package telephony

import (
	"dozvon/app/desktop/ui/settings/panel"
	"dozvon/client"
)

// State is what outlasts the part's widgets: which page is open, what is being typed, and what the
// server told last, so that the part is drawn at once when it is made anew.
type State struct {
	open     string                // id of the integration whose page is open; empty: the first one's
	choosing bool                  // the list of kinds is open
	fresh    *pageState            // an integration that is being connected; nil: none
	pages    map[string]*pageState // by id
	kinds    []client.PBXKind
	known    []client.Integration
	read     bool // known was read once
	told     bool // kinds were
	lost     *lost
}

// lost tells of an integration that somebody else has deleted while its page was open.
type lost struct {
	name string
	kept bool // what was typed stands in the connection that is being made
}

func (s *State) page(id string) *pageState {
	if s.pages == nil {
		s.pages = map[string]*pageState{}
	}
	if s.pages[id] == nil {
		s.pages[id] = newPageState()
	}
	return s.pages[id]
}

// pageState is what is being typed on one integration's page.
type pageState struct {
	it        client.Integration      // of a new one: what was chosen so far
	fields    map[string]*panel.Draft // by the credential's name
	address   panel.Draft
	replacing map[string]bool // secrets that are typed anew, by name
	naming    bool
	name      string
	table     tableState

	addressOpen, stepsOpen, moreOpen bool
}

func newPageState() *pageState {
	return &pageState{fields: map[string]*panel.Draft{}, replacing: map[string]bool{}}
}

// field is the draft of a credential.
func (s *pageState) field(name string) *panel.Draft {
	if s.fields[name] == nil {
		s.fields[name] = &panel.Draft{}
	}
	return s.fields[name]
}

// tableState is the table of extensions as it is being changed.
type tableState struct {
	rows  []*rowState
	kept  []client.ExtensionRow // what the server holds
	etag  string                // of kept
	fresh *rowState             // the row of «+ Сотрудник»; nil: none
}

// rowState is one employee with the extension as it is being typed.
type rowState struct {
	employee  string
	extension panel.Draft
}
