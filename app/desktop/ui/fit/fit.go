// Package fit makes text fit a width: one line that ends in …, or several.
package fit

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
)

// Longest is how wide one line may be drawn: each is a texture of its own, which every graphics card takes up to 8,192
// pixels; a wider one is a black bar. At twice the size that are as many units.
const Longest float32 = 4000

// Line cuts text to width, and to Longest, ending in ….
func Line(text string, width, size float32, style fyne.TextStyle) string {
	width = min(width, Longest)
	// Half a unit of play: sums of float32 columns come out a hair too narrow.
	if text == "" || fyne.MeasureText(text, size, style).Width <= width+0.5 {
		return text
	}
	runes := []rune(text)
	low, high := 0, len(runes)
	for low < high {
		mid := (low + high + 1) / 2
		if fyne.MeasureText(string(runes[:mid])+"…", size, style).Width <= width {
			low = mid
		} else {
			high = mid - 1
		}
	}
	if low == 0 {
		return ""
	}
	return string(runes[:low]) + "…"
}

// Lines breaks text into lines no wider than width; the last of most lines ends in ….
func Lines(text string, width, size float32, most int, style fyne.TextStyle) []string {
	var out []string
	for _, part := range strings.Split(text, "\n") {
		line := ""
		for _, word := range words(part, width, size, style) {
			longer := line + word
			if line != "" && !strings.HasSuffix(line, "-") {
				longer = line + " " + word
			}
			if line != "" && fyne.MeasureText(longer, size, style).Width > width {
				out = append(out, line)
				line = word
				continue
			}
			line = longer
		}
		out = append(out, line)
	}
	if most > 0 && len(out) > most {
		out[most-1] = Line(out[most-1]+" "+out[most]+"…", width, size, style)
		out = out[:most]
	}
	for n := range out {
		out[n] = Line(out[n], width, size, style)
	}
	if len(out) == 1 && out[0] == "" {
		return nil
	}
	return out
}

// words are what a line may break between: words, and the parts of one with hyphens that is too
// long for a line, such as a double surname.
func words(text string, width, size float32, style fyne.TextStyle) []string {
	var out []string
	for word := range strings.FieldsSeq(text) {
		if fyne.MeasureText(word, size, style).Width <= width {
			out = append(out, word)
			continue
		}
		out = append(out, slices.DeleteFunc(strings.SplitAfter(word, "-"), func(part string) bool { return part == "" })...)
	}
	return out
}
