package screens

import (
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2/driver/software"

	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/uitest"
	"dozvon/app/desktop/ui/widgets"
)

var (
	contactTo   = flag.String("contact", "", "draw every surface with long names, in every look and at every scale, and put them together into sheets in this folder")
	contactOnly = flag.String("contact-only", ".", "of the surfaces, draw those about what matches")
)

// TestContact puts every surface into sheets for people, who judge them beside the pictures of the design; told no
// folder, it makes those of a few, and looks whether all of these are on them.
func TestContact(t *testing.T) {
	to, only := *contactTo, *contactOnly
	c := &contact{scales: []float32{1, 1.5, 2}, shots: map[string]map[string]bool{}, dir: t.TempDir()}
	if to == "" {
		to, only, c.scales = t.TempDir(), "^notes$", []float32{1, 1.5}
	}
	uitest.LongNames(t)
	uitest.Collect = c.keep
	t.Cleanup(func() { uitest.Collect = nil })
	wanted := regexp.MustCompile(only)
	if err := os.MkdirAll(to, 0o755); err != nil {
		t.Fatal(err)
	}
	for about, surface := range surfaces {
		if !wanted.MatchString(about) {
			continue
		}
		c.fault = nil
		inEveryLook(t, func(t *testing.T, l look) {
			c.now = l
			surface(t, l)
		})
		if c.fault != nil {
			t.Fatal(c.fault)
		}
		for _, scale := range c.scales {
			c.sheets(t, filepath.Join(to, about), scale)
		}
		c.shots = map[string]map[string]bool{}
	}
	if *contactTo == "" {
		c.holds(t, to)
	}
}

// contact keeps pictures until they are put together.
type contact struct {
	dir    string
	scales []float32
	now    look
	shots  map[string]map[string]bool // by surface, the looks in which it was drawn
	fault  error
}

// sized ends a name with the scale of the picture.
var sized = regexp.MustCompile(`-[0-9.]+x$`)

// keep draws a surface at every scale. One that is drawn again at another is the same one.
func (c *contact) keep(name string, draw func(scale float32) image.Image) {
	surface := strings.TrimSuffix(sized.ReplaceAllString(name, ""), c.now.suffix())
	surface = strings.Replace(surface, c.now.suffix(), "", 1)
	if c.shots[surface][c.now.suffix()] {
		return
	}
	if c.shots[surface] == nil {
		c.shots[surface] = map[string]bool{}
	}
	c.shots[surface][c.now.suffix()] = true
	for _, scale := range c.scales {
		if err := writeQuickly(c.path(surface, c.now, scale), draw(scale)); err != nil {
			c.fault = err
		}
	}
}

func (c *contact) path(surface string, l look, scale float32) string {
	return filepath.Join(c.dir, fmt.Sprintf("%s%s-%g.png", surface, l.suffix(), scale))
}

// narrow is how wide a surface may be of which all looks stand in one line, and tall how high a sheet may become; both
// in units.
const (
	narrow = 480
	tall   = 2200
	around = 12
)

// sheets puts the surfaces below each other, each under its name and in all looks beside each other, until a sheet is
// full.
func (c *contact) sheets(t *testing.T, to string, scale float32) {
	t.Helper()
	names := make([]string, 0, len(c.shots))
	for name := range c.shots {
		names = append(names, name)
	}
	slices.Sort(names)
	var rows []image.Image
	high, count := 0, 0
	flush := func() {
		if len(rows) == 0 {
			return
		}
		count++
		if err := writeQuickly(fmt.Sprintf("%s-%02d-%gx.png", to, count, scale), below(rows)); err != nil {
			t.Fatal(err)
		}
		rows, high = nil, 0
	}
	for _, name := range names {
		row := c.row(t, name, scale)
		if high > 0 && float32(high+row.Bounds().Dy()) > tall*scale {
			flush()
		}
		rows, high = append(rows, row), high+row.Bounds().Dy()
	}
	flush()
}

// row is one surface in all its looks.
func (c *contact) row(t *testing.T, surface string, scale float32) image.Image {
	t.Helper()
	var lines, line []image.Image
	for _, l := range looks() {
		if !c.shots[surface][l.suffix()] {
			continue
		}
		picture, err := readPicture(c.path(surface, l, scale))
		if err != nil {
			t.Fatal(err)
		}
		if line = append(line, picture); len(line) == 2 && float32(picture.Bounds().Dx()) > narrow*scale {
			lines, line = append(lines, beside(line)), nil
		}
	}
	if len(line) > 0 {
		lines = append(lines, beside(line))
	}
	return below(append([]image.Image{caption(surface)}, lines...))
}

// caption is the name of a surface.
func caption(words string) image.Image {
	over := software.NewCanvas()
	over.SetPadded(false)
	over.SetContent(widgets.NewBold(words, theme.Heading, widgets.InkNormal).Fixed())
	return over.Capture()
}

func beside(pictures []image.Image) image.Image {
	return together(pictures, func(at image.Point, p image.Rectangle) image.Point { return image.Pt(at.X+p.Dx()+around, 0) })
}

func below(pictures []image.Image) image.Image {
	return together(pictures, func(at image.Point, p image.Rectangle) image.Point { return image.Pt(0, at.Y+p.Dy()+around) })
}

// together puts pictures where next says, on a ground that is none of the program's.
func together(pictures []image.Image, next func(at image.Point, last image.Rectangle) image.Point) image.Image {
	var whole image.Rectangle
	var places []image.Rectangle
	at := image.Point{}
	for _, p := range pictures {
		place := image.Rectangle{at, at.Add(p.Bounds().Size())}
		whole, places = whole.Union(place), append(places, place)
		at = next(at, p.Bounds())
	}
	out := image.NewRGBA(whole)
	draw.Draw(out, whole, image.NewUniform(color.RGBA{0x9A, 0x8F, 0xB0, 0xFF}), image.Point{}, draw.Src)
	for n, p := range pictures {
		draw.Draw(out, places[n], p, p.Bounds().Min, draw.Over)
	}
	return out
}

// writeQuickly writes a picture that nobody keeps for long.
func writeQuickly(path string, picture image.Image) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer file.Close()
	quick := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := quick.Encode(file, picture); err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return nil
}

func readPicture(path string) (image.Image, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	picture, err := png.Decode(file)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", path, err)
	}
	return picture, nil
}

// holds looks whether the sheets begin with the first note in the first look, and end with the last note in the last.
func (c *contact) holds(t *testing.T, to string) {
	t.Helper()
	for _, scale := range c.scales {
		sheets, err := filepath.Glob(filepath.Join(to, fmt.Sprintf("notes-*-%gx.png", scale)))
		if err != nil || len(sheets) == 0 {
			t.Fatalf("there are no sheets (%v)", err)
		}
		slices.Sort(sheets)
		first, last := looks()[0], looks()[len(looks())-1]
		c.stands(t, sheets[0], c.path("note-own", first, scale), func(_, _ image.Point) image.Point {
			return image.Pt(0, caption("note-own").Bounds().Dy()+around)
		})
		c.stands(t, sheets[len(sheets)-1], c.path("note-read", last, scale), func(sheet, picture image.Point) image.Point {
			corner := sheet.Sub(picture)
			if len(looks())%2 == 1 {
				corner.X = 0
			}
			return corner
		})
	}
}

// stands looks whether a picture stands at a place of a sheet.
func (*contact) stands(t *testing.T, path, picture string, at func(sheet, picture image.Point) image.Point) {
	t.Helper()
	sheet, err := readPicture(path)
	if err != nil {
		t.Fatal(err)
	}
	want, err := readPicture(picture)
	if err != nil {
		t.Fatal(err)
	}
	got := image.NewRGBA(want.Bounds())
	draw.Draw(got, got.Bounds(), sheet, at(sheet.Bounds().Size(), want.Bounds().Size()), draw.Src)
	if how, _ := uitest.Changed(got, want); how != "" {
		t.Errorf("%s does not stand where it should on %s: %s", filepath.Base(picture), filepath.Base(path), how)
	}
}
