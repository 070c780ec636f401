package bilingual_test

import (
	"testing"

	"dozvon/app/bilingual"
)

func TestText_isToldInTheLanguageAskedFor(t *testing.T) {
	t.Parallel()
	hello := bilingual.Text{RU: "Здравствуйте", EN: "Hello"}
	for language, want := range map[string]string{"ru": "Здравствуйте", "en": "Hello", "": "Здравствуйте", "kk": "Здравствуйте"} {
		if got := hello.In(language); got != want {
			t.Errorf("In(%q) = %q, want %q", language, got, want)
		}
	}
}

func TestJoin_keepsTheLanguagesApart(t *testing.T) {
	t.Parallel()
	got := bilingual.Join([]bilingual.Text{{RU: "доб.", EN: "ext."}, bilingual.Same("101")}, " ")
	if want := (bilingual.Text{RU: "доб. 101", EN: "ext. 101"}); got != want {
		t.Errorf("Join gives %+v, want %+v", got, want)
	}
	if !bilingual.Join(nil, " ").IsZero() {
		t.Error("nothing joined is something")
	}
}
