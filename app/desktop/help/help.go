// Package help holds what the program says of itself: a page for each place where somebody may be, in both
// languages. The pages are Markdown; what stands on the screen they take from the translations, so that they
// cannot name a button that is called otherwise. It draws nothing.
package help

import (
	"fmt"
	"regexp"
	"strings"

	"dozvon/app/desktop/i18n"
	"dozvon/assets"
)

// Place is where somebody is when they ask for help.
type Place string

// The places.
const (
	Start      Place = "start"
	CallCard   Place = "call"
	Dialling   Place = "dialling"
	Feed       Place = "feed"
	Recording  Place = "recording"
	Missed     Place = "missed"
	Tasks      Place = "tasks"
	Clients    Place = "clients"
	Contracts  Place = "contracts"
	Colleagues Place = "colleagues"
	Reports    Place = "reports"
	Telephony  Place = "telephony"
	School     Place = "school"
	Employees  Place = "accounts"
	Audit      Place = "audit"
	Program    Place = "program"
	Practice   Place = "practice"
)

// Places are all of them, in the order in which the table of contents has them.
var Places = []Place{
	Start, CallCard, Dialling, Feed, Recording, Missed, Tasks, Clients, Contracts, Colleagues, Reports,
	Telephony, School, Employees, Audit, Program, Practice,
}

// Of is the place of a page of the main window; tab is the part in front of the page of settings. A page that
// has no help of its own is where one begins.
func Of(page, tab string) Place {
	name := page
	if page == "settings" {
		name = tab
	}
	for _, place := range Places {
		if string(place) == name {
			return place
		}
	}
	return Start
}

// Page is what the help says of a place.
type Page struct {
	Title string
	Body  string // Markdown
}

// word is a key of the translations within a page.
var word = regexp.MustCompile(`\{\{([^}]*)\}\}`)

// Read is the page of a place in the language of text; what stands on the screen is bold.
func Read(place Place, text *i18n.Text) (Page, error) {
	raw, err := assets.Help.ReadFile(fmt.Sprintf("help/%s/%s.md", text.Lang(), place))
	if err != nil {
		return Page{}, fmt.Errorf("reading the help of %s: %w", place, err)
	}
	title, body, _ := strings.Cut(string(raw), "\n")
	body = word.ReplaceAllStringFunc(body, func(hole string) string {
		return "**" + text.T(word.FindStringSubmatch(hole)[1]) + "**"
	})
	return Page{Title: strings.TrimPrefix(title, "# "), Body: strings.TrimSpace(body)}, nil
}
