package reports

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"log/slog"

	"fyne.io/fyne/v2"
	"golang.org/x/image/font/opentype"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"

	"dozvon/app/desktop/ui/theme"
)

// pen writes in charts with the typeface of the program, at the size of captions.
type pen struct {
	handler text.Handler
	face    font.Font
}

// newPen reads the theme's typeface. Should it be unreadable, charts are written with the plotting
// library's own, which has Cyrillic too.
func newPen() pen {
	face, err := typeface(fyne.CurrentApp().Settings().Theme().Font(fyne.TextStyle{}))
	if err != nil {
		slog.Warn("charts are written in another typeface", "error", err)
		return pen{plot.DefaultTextHandler, plot.DefaultFont}
	}
	name := font.Font{Typeface: "Dozvon"}
	return pen{text.Plain{Fonts: font.NewCache(font.Collection{{Font: name, Face: face}})}, name}
}

func typeface(from fyne.Resource) (*opentype.Font, error) {
	face, err := opentype.Parse(unkerned(from.Content()))
	if err != nil {
		return nil, fmt.Errorf("reading the font %s: %w", from.Name(), err)
	}
	return face, nil
}

// unkerned hides a font's kerning from the plotting library, which misreads Inter's: it pulls the
// point of 24.11 under its neighbours. The new tag keeps the tables in their order, as readers want.
func unkerned(raw []byte) []byte {
	const head, record = 12, 16 // bytes of the file's head, and of each table's entry after it
	out := bytes.Clone(raw)
	for at := head; at+record <= len(out) && at < head+record*int(binary.BigEndian.Uint16(out[4:])); at += record {
		if string(out[at:at+4]) == "GPOS" {
			copy(out[at:], "GPOZ")
		}
	}
	return out
}

// axis gives an axis our type, and takes its lines away: the grid is enough.
func (p pen) axis(a *plot.Axis, colors theme.Palette, scale float64) {
	size := vg.Length(float64(theme.Caption) * scale)
	a.Tick.Label.Font, a.Tick.Label.Handler, a.Tick.Label.Color = font.From(p.face, size), p.handler, colors.Muted
	a.Label.TextStyle.Font, a.Label.TextStyle.Handler = font.From(p.face, size), p.handler
	a.LineStyle.Width, a.Tick.LineStyle.Width, a.Tick.Length = 0, 0, 0
	a.Padding = vg.Length(float64(theme.Grid) * scale)
}
