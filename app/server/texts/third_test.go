package texts

import (
	"testing"
	"testing/fstest"
)

// A third language is a file; what it does not tell yet is told in Russian.
func TestLoad_aThirdLanguageIsAFile(t *testing.T) {
	t.Parallel()
	c := load(fstest.MapFS{
		"ru.json": {Data: []byte(`{"feed.call_in": "Входящий вызов: {{.number}}", "subject.client": "Клиент"}`)},
		"en.json": {Data: []byte(`{"feed.call_in": "Incoming call: {{.number}}", "subject.client": "Client"}`)},
		"kk.json": {Data: []byte(`{"feed.call_in": "Кіріс қоңырау: {{.number}}"}`)},
	})
	number := Args{"number": "+7 914 555-01-48"}
	for language, want := range map[string]string{
		"ru": "Входящий вызов: +7 914 555-01-48", "en": "Incoming call: +7 914 555-01-48", "kk": "Кіріс қоңырау: +7 914 555-01-48",
		"fr": "Входящий вызов: +7 914 555-01-48",
	} {
		if got := c.tell(language, "feed.call_in", number); got != want {
			t.Errorf("in %s: %q, want %q", language, got, want)
		}
	}
	if got := c.tell("kk", "subject.client", nil); got != "Клиент" {
		t.Errorf("what Kazakh does not tell yet is %q, want the Russian", got)
	}
	if got := c.tell("en", "nowhere", nil); got != "nowhere" {
		t.Errorf("an unknown code is told as %q", got)
	}
}
