package person

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
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

func TestTraces_namesStandByThemselves(t *testing.T) {
	t.Parallel()
	plan := plan{Names: []string{"1204", "Анна Ким", `ООО "Рога & <Копыта>"`, `a\b-c`}}
	for _, tt := range []struct {
		text string
		want bool
	}{
		{"1204", true},
		{`{"number":"1204"}`, true},
		{"№1204, категория B", true},
		{"89141204555", false},
		{`"at":"2026-11-28T12:04:00.120412Z"`, false},
		{"К-12045", false},
		{"12041204 и 1204.", true},
		{"Звонила Анна Ким", true},
		{`{"text":"первая строка\nАнна Ким"}`, true},
		{`{"text":"\u003cАнна Ким\u003e"}`, true},
		{"Жанна Ким", false},
		{"Анна Кимова", false},
		{`ООО "Рога & <Копыта>", директор`, true},
		{`{"name":"ООО \"Рога \u0026 \u003cКопыта\u003e\""}`, true},
		{`{"name":"ООО \"Рога & <Копыта>\""}`, true},
		{`{"name":"a\\b-c"}`, true},
		{"", false},
	} {
		if got := plan.traces().in(tt.text); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.text, got, tt.want)
		}
	}
}

// TestRemains_looksForWhatIsThePersonsAlone: a few digits stand in any file.
func TestRemains_looksForWhatIsThePersonsAlone(t *testing.T) {
	t.Parallel()
	got := plan{Numbers: []phone.Number{"+79145550148"}, Names: []string{"1204", "20260001", "К-12", "Анна & Ко"}}.remains()
	want := []string{"9145550148", "914 555-01-48", "20260001", "К-12", "Анна & Ко", `Анна \u0026 Ко`}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestOccurrences_countsEachOnce(t *testing.T) {
	t.Parallel()
	const needle = "Кузнецова"
	for name, tt := range map[string]struct {
		file  string
		texts []string
		want  int
	}{
		"nothing to look for":       {strings.Repeat("x", 2*lookAtOnce+7), nil, 0},
		"an empty file":             {"", []string{needle}, 0},
		"over the edge of a piece":  {strings.Repeat("x", lookAtOnce-4) + needle + strings.Repeat("y", lookAtOnce), []string{needle, "y" + needle}, 1},
		"at the very end":           {strings.Repeat("x", lookAtOnce) + needle, []string{needle}, 1},
		"a whole piece and no more": {strings.Repeat("x", lookAtOnce-len(needle)) + needle, []string{needle, "z"}, 1},
		"of one letter":             {"z" + strings.Repeat("x", lookAtOnce-1) + "z", []string{"z"}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "file")
			if err := os.WriteFile(path, []byte(tt.file), 0o600); err != nil {
				t.Fatal(err)
			}
			if n, err := occurrences(t.Context(), path, tt.texts); n != tt.want || err != nil {
				t.Errorf("%d, %v, want %d", n, err, tt.want)
			}
		})
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
