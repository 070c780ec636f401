package player

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"dozvon/client"
)

func TestTicks_leaveRoomBetweenThem(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		length time.Duration
		width  float32
		want   string
	}{
		{250 * time.Second, 532, "0s 1m0s 2m0s 3m0s 4m0s"},
		{4 * time.Second, 532, "0s 1s 2s 3s 4s"},
		{30 * time.Second, 532, "0s 5s 10s 15s 20s 25s 30s"},
		{30 * time.Second, 100, "0s 30s"},
		{10 * time.Hour, 300, "0s 1h0m0s 2h0m0s 3h0m0s 4h0m0s 5h0m0s 6h0m0s 7h0m0s 8h0m0s 9h0m0s 10h0m0s"},
		{0, 532, ""},
		{time.Minute, 0, ""},
	} {
		var got []string
		for _, at := range ticks(tt.length, tt.width) {
			got = append(got, at.String())
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%v on %g: %v, want %s", tt.length, tt.width, got, tt.want)
		}
	}
}

func flagOf(seconds float64, word string) client.Flag {
	return client.Flag{Part: 1, FromMS: int64(seconds * 1000), Word: word}
}

func TestPlaceFlags_theLaterOfTwoThatMeetShowsItsSignOnly(t *testing.T) {
	t.Parallel()
	wide := func(word string) float32 { return float32(10 * len([]rune(word))) }
	for name, tt := range map[string]struct {
		flags []client.Flag
		want  string
	}{
		"none":                  {nil, ""},
		"far from each other":   {[]client.Flag{flagOf(20, "цена"), flagOf(50, "дом")}, "цена 200+70, дом 500+60"},
		"they meet":             {[]client.Flag{flagOf(20, "цена"), flagOf(25, "дом")}, "цена 200+70, ⚑ 250+24"},
		"behind one that met":   {[]client.Flag{flagOf(20, "цена"), flagOf(25, "дом"), flagOf(27.8, "я")}, "цена 200+70, ⚑ 250+24, я 278+40"},
		"at the end":            {[]client.Flag{flagOf(99, "цена")}, "цена 930+70"},
		"behind the end":        {[]client.Flag{flagOf(900, "цена")}, "цена 930+70"},
		"two at the end":        {[]client.Flag{flagOf(99, "цена"), flagOf(99.5, "дом")}, "цена 930+70, ⚑ 976+24"},
		"a word over all of it": {[]client.Flag{flagOf(50, strings.Repeat("ж", 120))}, strings.Repeat("ж", 120) + " 0+1230"},
	} {
		var got []string
		for _, p := range placeFlags(tt.flags, 100*time.Second, 1000, wide) {
			word := p.Word
			if p.bare {
				word = "⚑"
			}
			got = append(got, fmt.Sprintf("%s %g+%g", word, p.left, p.width))
		}
		if strings.Join(got, ", ") != tt.want {
			t.Errorf("%s: %s, want %s", name, strings.Join(got, ", "), tt.want)
		}
	}
}

func TestFlagAt_findsTheBoxUnderThePointer(t *testing.T) {
	t.Parallel()
	all := placeFlags([]client.Flag{flagOf(20, "цена"), flagOf(25, "дом")}, 100*time.Second, 1000, func(string) float32 { return 40 })
	for at, want := range map[[2]float32]string{{199, 5}: "", {200, 5}: "цена", {249, 19}: "цена", {252, 5}: "дом", {230, 40}: "", {500, 5}: ""} {
		got, found := flagAt(all, at[0], at[1])
		if got.Word != want || found != (want != "") {
			t.Errorf("at %v: %q, %v, want %q", at, got.Word, found, want)
		}
	}
}

func TestMarked_takesADragInEitherDirection(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		from, to float32
		want     []time.Duration // none: too short
	}{
		{100, 200, []time.Duration{10 * time.Second, 20 * time.Second}},
		{200, 100, []time.Duration{10 * time.Second, 20 * time.Second}},
		{-50, 5, []time.Duration{0, 500 * time.Millisecond}},
		{990, 2000, []time.Duration{99 * time.Second, 100 * time.Second}},
		{100, 104, nil},
		{2000, 3000, nil},
	} {
		begin, end, ok := marked(tt.from, tt.to, 100*time.Second, 1000)
		if got := []time.Duration{begin.Round(time.Millisecond), end.Round(time.Millisecond)}; ok != (tt.want != nil) || ok && !slices.Equal(got, tt.want) {
			t.Errorf("%g to %g: %v, %v, want %v", tt.from, tt.to, got, ok, tt.want)
		}
	}
}
