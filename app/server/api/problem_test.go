package api

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"dozvon/app/server/texts"
)

// Every error of the API has a status and words in both languages; the words of some come from what
// went wrong itself.
func TestProblems_everyCodeHasAStatusAndWords(t *testing.T) {
	t.Parallel()
	own := []string{"bad_import", "weak_password", "pbx_refused"}
	for code, status := range problems {
		if http.StatusText(status) == "" {
			t.Errorf("%s has the status %d", code, status)
		}
		if text := "problem." + code; texts.Has(text) == slices.Contains(own, code) {
			t.Errorf("%s has words in the catalogue: %t", code, texts.Has(text))
		}
		for _, known := range byError {
			if _, ok := problems[known.code]; !ok {
				t.Errorf("%v is told as %s, which is no problem", known.err, known.code)
			}
		}
	}
	for _, language := range []string{"ru", "en"} {
		if p := problem("internal", language); p.Status != http.StatusInternalServerError || strings.TrimSpace(p.Detail) == "" {
			t.Errorf("in %s: %+v", language, p)
		}
	}
}
