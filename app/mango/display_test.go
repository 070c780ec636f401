package mango_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"dozvon/app/mango"
)

func TestDisplayName_shortensAsPeopleDo(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"short stays", "Шангутов Александр", "Шангутов Александр"},
		{"three words that fit", "Иванов Иван Иванович", "Иванов Иван Иванович"},
		{"the patronymic goes first", "Рождественская Александра Владимировна", "Рождественская Александра В."},
		{"then the first name", "Константинопольская Александра-Виктория Владимировна", "Константинопольская А. В."},
		{
			"then the second half of a double surname", "Константинопольский-Преображенский Святослав Александрович",
			"Константинопольский-П. С. А.",
		},
		{"Latin takes a byte a letter", "Featherstonehaugh-Cholmondeley Maximilian Bartholomew", "Featherstonehaugh-Cholmondeley Maximilian Bartholomew"},
		{
			"long Latin", "Featherstonehaugh-Cholmondeley Maximilian-Alexander Bartholomew Theodore",
			"Featherstonehaugh-Cholmondeley Maximilian-Alexander B. T.",
		},
		{"quotes of a firm", "ООО «Ромашка»", "ООО Ромашка"},
		{
			"a long firm loses words, not letters", `ООО "Учебный центр дополнительного профессионального образования"`,
			"ООО Учебный центр дополнительного",
		},
		{"forbidden signs", `Иванов;/?:@&=+$,Иван`, "Иванов Иван"},
		{"apostrophe", "Д'Артаньян Шарль", "ДАртаньян Шарль"},
		{"long dash between halves", "Петрова–Водкина Анна", "Петрова-Водкина Анна"},
		{"accents come joined", "Андре\u0438\u0306 Бои\u0306ков", "Андрей Бойков"},
		{"several spaces", "  Иванов \t Иван \n", "Иванов Иван"},
		{"one endless word", strings.Repeat("щ", 60), strings.Repeat("щ", 32)},
		{"one word with a cut before a sign of four bytes", strings.Repeat("x", 62) + "𐐀", strings.Repeat("x", 62)},
		{"nothing but signs", "«»--..", ""},
		{"broken bytes", "Иван\xff\xfe Петров", "Иван Петров"},
		{"emoji", "Мария 🚗 Петрова", "Мария Петрова"},
		{"line break to inject a header", "Иван\r\nX-Evil: 1", "Иван X-Evil 1"},
		{"Chinese", "王小明", "王小明"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := mango.DisplayName(tt.in); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func FuzzDisplayName(f *testing.F) {
	f.Add("Константинопольский-Преображенский Святослав Александрович")
	f.Add("ООО «Ромашка»; a\r\nb")
	f.Add("\xff\u0306-.-")
	f.Fuzz(func(t *testing.T, name string) {
		got := mango.DisplayName(name)
		if len(got) > mango.MaxHeader || !utf8.ValidString(got) {
			t.Fatalf("%q: %d bytes of %q", name, len(got), got)
		}
		for _, r := range got {
			if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(" -.", r) {
				t.Fatalf("%q: %q holds %q", name, got, r)
			}
		}
		if again := mango.DisplayName(got); again != got {
			t.Fatalf("%q became %q, and then %q", name, got, again)
		}
	})
}
