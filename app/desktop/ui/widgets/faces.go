package widgets

import (
	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui/theme"
)

// Empty is the face of a list without rows: what there is not, and what to do.
func Empty(title, hint string) fyne.CanvasObject {
	return Middle(Column(4,
		NewBold(title, theme.Heading, InkNormal).Fixed().Aligned(fyne.TextAlignCenter),
		NewLabel(hint, theme.Body, InkMuted).Fixed().Aligned(fyne.TextAlignCenter)))
}

// Broken is the face of a list that could not be read: what failed, and a way to repeat.
func Broken(title, why, repeat string, again func()) fyne.CanvasObject {
	text := NewParagraph(why, theme.Body, 420, 8, InkMuted)
	return Middle(Column(theme.Gap,
		NewBold(title, theme.Heading, ToneInk(theme.ToneMiss)).Fixed(),
		text, Row(0, nil, NewButton(repeat, Primary, again))))
}

// Skeleton is the face of a list that is being read: pale rows.
func Skeleton(rows int) fyne.CanvasObject {
	var out []fyne.CanvasObject
	for range rows {
		bar := func(width float32) fyne.CanvasObject {
			return Row(0, []float32{width}, Sized(NewBox(Line, 4), 0, 12))
		}
		line := Row(12, []float32{28, 210, Wide, 60},
			Sized(NewBox(Line, 14), 28, 28), Column(6, bar(170), bar(90)), Column(6, bar(120), bar(180)), bar(44))
		out = append(out, Stack(NewBox(Surface, 0), Sized(Pad(0, theme.Side, 0, theme.Side, line), 0, theme.Row)), Rule())
	}
	return Fill(Column(0, out...), Space(0, 0), nil)
}
