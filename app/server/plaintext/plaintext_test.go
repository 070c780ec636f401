package plaintext_test

import (
	"testing"

	"dozvon/app/server/plaintext"
)

func TestText_keepsWhatIsSeenAndItsLines(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string][2]string{ // text, line
		"":                               {"", ""},
		"Иванов Пётр":                    {"Иванов Пётр", "Иванов Пётр"},
		"  Иванов  Пётр \n":              {"Иванов  Пётр", "Иванов  Пётр"},
		"Ива\x07нов":                     {"Иванов", "Иванов"},
		"Ива\x00нов\x7f\u009f":           {"Иванов", "Иванов"},
		"\u202eвонавИ\u202c":             {"вонавИ", "вонавИ"},
		"\u2066a\u2067b\u2068c\u2069":    {"abc", "abc"},
		"\u200e+7 914\u200f\u061c":       {"+7 914", "+7 914"},
		"Ива\u200bн\u00adо\u2060в\ufeff": {"Иванов", "Иванов"},
		"первая\r\nвторая\rтретья":       {"первая\nвторая\nтретья", "первая вторая третья"},
		"a\vb\fc\u0085d\u2028e\u2029f":   {"a\nb\nc\nd\ne\nf", "a b c d e f"},
		"а\tб":                           {"а\tб", "а б"},
		"\u200b\u200d\u2060":             {"", ""},
		" \u202e\u00a0\u3164\u2800":      {"", ""},
		"\u0301\ufe0f":                   {"", ""},
		"👩\u200d👩\u200d👧 и ❤\ufe0f":      {"👩\u200d👩\u200d👧 и ❤\ufe0f", "👩\u200d👩\u200d👧 и ❤\ufe0f"},
		"и\u0306":                        {"и\u0306", "и\u0306"},
		"می\u200cخواهم":                  {"می\u200cخواهم", "می\u200cخواهم"},
	} {
		if got := plaintext.Text(typed); got != want[0] {
			t.Errorf("the text of %q is %q, want %q", typed, got, want[0])
		}
		if got := plaintext.Line(typed); got != want[1] {
			t.Errorf("the line of %q is %q, want %q", typed, got, want[1])
		}
	}
}

func TestOdd_tellsWhatALineWouldLose(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]bool{
		"Вера": false, " Вера  Ивановна ": false, "👩\u200d👧": false,
		"Ве\x01ра": true, "Вера\n": true, "\u202eаreВ": true, "Ве\u2067ра": true, "Ве\u200bра": true, "Ве\u2028ра": true, "\ufeffВера": true,
	} {
		if got := plaintext.Odd(typed); got != want {
			t.Errorf("%q is odd: %v", typed, got)
		}
	}
}
