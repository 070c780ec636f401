package codes

import (
	"testing"

	"dozvon/app/mango"
)

func TestExplain_fallsBackToTheClass(t *testing.T) {
	t.Parallel()
	for code, want := range map[int]string{
		1111: "no answer in time", 1119: "ended by the caller", 1090: "done", 2219: "limited by the period of use",
		3999: "bad request", 9123: "unknown PBX code 9123", 0: "unknown PBX code 0", -5: "unknown PBX code -5",
	} {
		if got := Explain(code); got.EN != want || got.RU == "" {
			t.Errorf("Explain(%d) = %+v, want %q", code, got, want)
		}
	}
}

func TestExplain_hasWordsForEveryCode(t *testing.T) {
	t.Parallel()
	for _, code := range mango.AllCodes {
		if w, ok := codeWords[code]; !ok || w.RU == "" || w.EN == "" {
			t.Errorf("code %d has no words: %+v", code, w)
		}
	}
	if len(codeWords) != len(mango.AllCodes) {
		t.Errorf("words for %d codes, there are %d", len(codeWords), len(mango.AllCodes))
	}
}
