package person

import (
	"testing"

	"dozvon/app/phone"
)

func TestTraces_knowAPersonInEverySpelling(t *testing.T) {
	t.Parallel()
	hers := tracesOf([]phone.Number{"+79145550148", "+4930123456"}, []string{"MToxMDA0Njc2==", "e1"})
	for _, tt := range []struct {
		text string
		want bool
	}{
		{`{"from":{"number":"79145550148"}}`, true},
		{"from=89145550148", true},
		{"tel:+4930123456", true},
		{"9145550149", false},
		{`"entry_id":"MToxMDA0Njc2=="`, true},
		{"entry_id=MToxMDA0Njc2%3D%3D", true},
		{`{"entry_id":"e1"}`, true},
		{"json=%7B%22entry_id%22%3A%22e1%22%7D", true},
		{`{"entry_id":"e17"}`, false},
		{"<externalTrackingId>e1</externalTrackingId>", true},
		{"", false},
	} {
		if got := hers.in(tt.text); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.text, got, tt.want)
		}
	}
}

func TestWithoutOthers_hidesTheNumbersOfOthersAlone(t *testing.T) {
	t.Parallel()
	own := []string{"9145550148", "4951234567"}
	for text, want := range map[string]string{
		`{"from":"79145550148","line":"74951234567","to":"79145550177"}`: `{"from":"79145550148","line":"74951234567","to":"…"}`,
		"8(914)5550177 and 89145550177":                                  "8(914)5550177 and …",
		`"timestamp":1760000000,"ms":1760000000123`:                      `"timestamp":1760000000,"ms":1760000000123`,
		"9145550177 9145550148":                                          "… 9145550148",
	} {
		if got := withoutOthers(text, own); got != want {
			t.Errorf("%s became %s, want %s", text, got, want)
		}
	}
}
