package phone_test

import (
	"errors"
	"testing"
	"time"

	"dozvon/app/phone"
)

func TestParse_readsEverySpelling(t *testing.T) {
	t.Parallel()
	tests := []struct{ typed, want string }{
		{"+7 964 439-90-95", "+79644399095"},
		{"8 (964) 439-90-95", "+79644399095"},
		{"9644399095", "+79644399095"},
		{"79644399095", "+79644399095"},
		{"tel:+79644399095", "+79644399095"},
		{"81079644399095", "+79644399095"},
		{"442079460958", "+442079460958"},
		{"78005550199", "+78005550199"},
	}
	for _, tt := range tests {
		got, err := phone.Parse(tt.typed)
		if err != nil || string(got) != tt.want {
			t.Errorf("Parse(%q) = %q, %v; want %q", tt.typed, got, err, tt.want)
		}
	}
}

func TestParse_refusesWhatIsNoNumber(t *testing.T) {
	t.Parallel()
	for _, typed := range []string{"", "101", "мама", "sip:u1@vpbx400000001.mangosip.ru", "+7", "123456789012345678901"} {
		if got, err := phone.Parse(typed); !errors.Is(err, phone.ErrNotANumber) {
			t.Errorf("Parse(%q) = %q, %v; want ErrNotANumber", typed, got, err)
		}
	}
}

func TestNumber_isReadableAndMasked(t *testing.T) {
	t.Parallel()
	n := phone.Number("+79145550148")
	if got := n.Pretty(); got != "+7 914 555-01-48" {
		t.Errorf("Pretty = %q", got)
	}
	if got := n.Masked(); got != "+7914•••0148" {
		t.Errorf("Masked = %q", got)
	}
}

func TestNumber_knowsTheCallersClock(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	local, ok := phone.Number("+74232550148").LocalTime(noon)
	if !ok || local.Format("15:04") != "22:00" {
		t.Errorf("LocalTime of Vladivostok = %v, %v; want 22:00", local, ok)
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"+7 964 439-90-95", "8(964)", "tel:", "810", "\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		n, err := phone.Parse(typed)
		if err != nil {
			return
		}
		again, err := phone.Parse(string(n))
		if err != nil || again != n {
			t.Errorf("Parse(%q) = %q, but parsing that gives %q, %v", typed, n, again, err)
		}
	})
}

func TestParseExt_tellsTheExtensionApart(t *testing.T) {
	t.Parallel()
	tests := []struct{ typed, number, ext string }{
		{"8 (495) 123-45-67 доб. 12", "+74951234567", "12"},
		{"+7 495 123 45 67 ext 104", "+74951234567", "104"},
		{"+74951234567;ext=7", "+74951234567", "7"},
		{"8 (495) 123-45-67", "+74951234567", ""},
		{"+375 29 123-45-67", "+375291234567", ""},
	}
	for _, tt := range tests {
		n, ext, err := phone.ParseExt(tt.typed)
		if err != nil || string(n) != tt.number || ext != tt.ext {
			t.Errorf("%q: %s, extension %q, %v; want %s, %q", tt.typed, n, ext, err, tt.number, tt.ext)
		}
	}
	for _, typed := range []string{"мама", "доб. 12", "", "a@b.ru"} {
		if _, _, err := phone.ParseExt(typed); !errors.Is(err, phone.ErrNotANumber) {
			t.Errorf("%q: %v, want ErrNotANumber", typed, err)
		}
	}
}
