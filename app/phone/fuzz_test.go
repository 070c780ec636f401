package phone_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"dozvon/app/phone"
)

// sound checks what must hold of every entry, whatever was read.
func sound(t *testing.T, r phone.Reader, typed string, e phone.Entry) {
	t.Helper()
	if e.Number == "" {
		if e.Doubt == phone.Sure || e.Doubt == phone.DigitsBeside || e.Doubt == phone.LettersRead || e.Ext != "" {
			t.Errorf("%q: no number, yet %+v", typed, e)
		}
		return
	}
	n := string(e.Number)
	if len(n) < 8 || len(n) > 16 || n[0] != '+' || strings.Trim(n[1:], "0123456789") != "" {
		t.Fatalf("%q: %q is not E.164", typed, n)
	}
	if strings.Trim(e.Ext, "0123456789") != "" || len(e.Ext) > 20 {
		t.Errorf("%q: extension %q", typed, e.Ext)
	}
	written := e.Number.Pretty()
	if e.Ext != "" {
		written += " доб. " + e.Ext
	}
	for _, again := range []string{n, written} {
		got, err := r.One(again)
		if err != nil || got.Number != e.Number || again == written && len(e.Ext) < 9 && got.Ext != e.Ext {
			t.Errorf("%q: %+v, but %q is read as %+v, %v", typed, e, again, got, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		"914 555-02-61 после 6", "8 (495) 123-45-67, доб. 104", "+7 914 555-02-06,,104#", "8914555026189145550262", "ИНН 2536123456",
		"мама: 89145550261, папа: 8 914 555 О2 62", "2-55-02-08", "+375 29 123-45-67", "8 10 49 30 1234567", "7,91456E+10", "79,145,550,203.00", "\xff8\u200b914", "24.11.2026 18:00 8 914 555-02-61",
	} {
		f.Add(seed, "")
		f.Add(seed, "423")
	}
	f.Fuzz(func(t *testing.T, typed, city string) {
		if !phone.CheckCityCode(city) {
			city = ""
		}
		r := phone.Reader{CityCode: city}
		all := r.Read(typed)
		if len(all) == 0 && strings.ContainsFunc(typed, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
			t.Errorf("%q is lost", typed)
		}
		kept := ""
		for _, e := range all {
			sound(t, r, typed, e)
			kept += e.Text + e.Label + e.Ext
		}
		// Every digit that was written is in a number, an extension, a label, or kept as typed.
		if utf8.ValidString(typed) && !strings.ContainsAny(typed, ",.eEеЕ:%") {
			if was, is := digitsIn(typed), digitsIn(kept); is < was-1 {
				t.Errorf("%q: %d digits of %d are left in %+v", typed, is, was, all)
			}
		}
	})
}

func digitsIn(text string) int {
	n := 0
	for _, r := range text {
		if unicode.IsDigit(r) {
			n++
		}
	}
	return n
}

func FuzzLink(f *testing.F) {
	for _, seed := range []string{
		"tel:%2B7%20914%20555-02-53", "tel:+7914;ext=1", "tel:5550252;phone-context=+7914", "callto://89145550252", "sip:89145550252@x;user=phone", "tel:*21*8914%23", "tel:+74951234567,,104#", "TEL:%252B7",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, link string) {
		e, err := phone.Reader{}.Link(link)
		if err != nil {
			if e.Number != "" {
				t.Errorf("%q: refused, yet %+v", link, e)
			}
			return
		}
		sound(t, phone.Reader{}, link, e)
		if e.Number == "" {
			t.Errorf("%q: neither a number nor a refusal", link)
		}
		again, err := phone.Reader{}.Link("tel:" + string(e.Number))
		if err != nil || again.Number != e.Number {
			t.Errorf("%q: %s as a link is %+v, %v", link, e.Number, again, err)
		}
	})
}
