package textindex_test

import (
	"slices"
	"strings"
	"testing"

	"dozvon/app/server/search"
	"dozvon/app/server/store/textindex"
)

// Nothing that a person types may look like a filter term as the index is asked, and terms hold letters
// and digits alone: both databases take anything else for syntax.
func TestDocument_termsAreLettersAndDigits(t *testing.T) {
	t.Parallel()
	d := textindex.Document{
		Kind: textindex.Feed, ID: "e1", Words: search.Words("Входящий вызов"), Numbers: []string{"+79145550148"},
		Entry: &textindex.Entry{Type: "call_in", Employee: "0198-a'b\"", Line: "+74951234567", Result: "no_answer", Subject: "clientc-1) OR (x"},
	}
	terms := d.Terms()
	for _, term := range terms {
		if strings.ContainsAny(term, " '\"()+-&|:*!_") || term == "" {
			t.Errorf("the term %q is not letters and digits", term)
		}
	}
	for _, want := range []string{"входящий", "вызов", "xtcallin", "xl74951234567", "xrnoanswer", "xbound", "xd914"} {
		if !slices.Contains(terms, want) {
			t.Errorf("%q is missing in %q", want, terms)
		}
	}
	d.Entry.Subject = ""
	if terms := d.Terms(); !slices.Contains(terms, "xunbound") || slices.Contains(terms, "xbound") {
		t.Errorf("an entry of nobody's has %q", terms)
	}
}

// The bits are stored: what was given once must mean the same for ever.
func TestKindOf_bitsStayWhatTheyWere(t *testing.T) {
	t.Parallel()
	for name, bit := range map[string]int{
		"client": 0, "contract": 1, "call_in": 2, "call_missed": 3, "call_out": 4, "note": 5, "sms": 6,
		"client_created": 7, "contract_created": 8, "unheard_of": 32,
	} {
		if got := textindex.KindOf(name); got != 1<<bit {
			t.Errorf("%s has bit %b, want 1<<%d", name, got, bit)
		}
	}
}
