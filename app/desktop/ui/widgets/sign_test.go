package widgets

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"image"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/test"
	"golang.org/x/image/font/sfnt"

	"dozvon/app/desktop/ui/theme"
	"dozvon/assets"
)

// TestFont_hasAllThatIsShown: what the program's own font has not, comes from the system's fonts, and
// a Windows or a Linux without the right one shows a box in its place. Literals of the app, its words, and
// the server's that the app shows, are covered by both weights of the font, or drawn by us.
func TestFont_hasAllThatIsShown(t *testing.T) {
	t.Parallel()
	var fonts []*sfnt.Font
	for _, name := range []string{"Inter-Regular.otf", "Inter-SemiBold.otf"} {
		raw, err := assets.Fonts.ReadFile("fonts/" + name)
		if err != nil {
			t.Fatal(err)
		}
		font, err := sfnt.Parse(raw)
		if err != nil {
			t.Fatal(err)
		}
		fonts = append(fonts, font)
	}
	var buffer sfnt.Buffer
	check := func(where, words string) {
		runes := []rune(words)
		for i, r := range runes {
			if unicode.IsControl(r) {
				continue
			}
			if Drawn(r) {
				if i != len(runes)-1 {
					t.Errorf("%s: %q has the sign %q before its end, where nobody draws it", where, words, r)
				}
				continue
			}
			for _, font := range fonts {
				if glyph, err := font.GlyphIndex(&buffer, r); err != nil || glyph == 0 {
					t.Errorf("%s: %q has %q (%U), which the font has not", where, words, r, r)
					break
				}
			}
		}
	}
	literals := eachLiteral(t, "../..", check)
	words := 0
	for _, pattern := range []string{"../../../../assets/translations/*.json", "../../../server/texts/*.json"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) < 2 {
			t.Fatalf("%s: %v, %v", pattern, files, err)
		}
		for _, file := range files {
			words += eachWord(t, file, check)
		}
	}
	if literals < 2000 || words < 2000 {
		t.Errorf("only %d literals and %d words were found", literals, words)
	}
}

// eachLiteral hands over every string and character of the Go files under root.
func eachLiteral(t *testing.T, root string, check func(where, words string)) int {
	t.Helper()
	count := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			literal, ok := n.(*ast.BasicLit)
			if !ok || literal.Kind != token.STRING && literal.Kind != token.CHAR {
				return true
			}
			words, err := strconv.Unquote(literal.Value)
			if err != nil {
				t.Errorf("%s: %v", set.Position(literal.Pos()), err)
			}
			count++
			check(set.Position(literal.Pos()).String(), words)
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return count
}

// eachWord hands over every text of a file of words.
func eachWord(t *testing.T, file string, check func(where, words string)) int {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var all any
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	count := 0
	var visit func(any)
	visit = func(v any) {
		switch v := v.(type) {
		case string:
			count++
			check(file, v)
		case map[string]any:
			for _, child := range v {
				visit(child)
			}
		case []any:
			for _, child := range v {
				visit(child)
			}
		}
	}
	visit(all)
	return count
}

func TestSigns_areDrawnByUsWhereverTheyStand(t *testing.T) {
	test.NewTempApp(t)
	draw := theme.New(theme.LightChoice)
	for sign := range signs {
		for name, object := range map[string]fyne.CanvasObject{
			"button": NewButton(string(sign), Quiet, nil), "button with words": NewButton("Ещё "+string(sign), Quiet, nil),
			"chip": NewChip("Статус "+string(sign), theme.ToneMuted), "avatar": NewAvatar(string(sign), theme.ToneAccent, 32),
			"sign": NewSign(sign, theme.Body, InkNormal),
		} {
			object.Resize(object.MinSize())
			pictures := 0
			for _, part := range test.WidgetRenderer(object.(fyne.Widget)).Objects() {
				switch part := part.(type) {
				case *canvas.Text:
					if strings.ContainsRune(part.Text, sign) {
						t.Errorf("%s with %q leaves it to the font", name, sign)
					}
				case *canvas.Image:
					pictures++
					if at, size := part.Position(), object.Size(); at.X < 0 || at.X+part.Size().Width > size.Width || at.Y+part.Size().Height > size.Height {
						t.Errorf("%s with %q has it at %v of %v, in %v", name, sign, at, part.Size(), size)
					}
					part.SetMinSize(part.Size())
					if !inked(software.Render(part, draw)) {
						t.Errorf("%s with %q shows nothing", name, sign)
					}
				}
			}
			if pictures != 1 {
				t.Errorf("%s with %q has %d pictures", name, sign, pictures)
			}
		}
	}
}

// inked tells whether a picture has more than one colour.
func inked(picture image.Image) bool {
	bounds := picture.Bounds()
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			if picture.At(x, y) != picture.At(bounds.Min.X, bounds.Min.Y) {
				return true
			}
		}
	}
	return false
}

// A sign goes when its word goes without it, and comes back.
func TestSigns_followTheWord(t *testing.T) {
	test.NewTempApp(t)
	b := NewButton("Файл", Quiet, nil)
	shown := func() bool {
		for _, part := range test.WidgetRenderer(b).Objects() {
			if picture, ok := part.(*canvas.Image); ok {
				return !picture.Hidden
			}
		}
		return false
	}
	narrow := b.MinSize().Width
	for _, tt := range []struct {
		label string
		want  bool
	}{{"Файл ▾", true}, {"Файл", false}, {"⋯", true}} {
		b.SetLabel(tt.label)
		if shown() != tt.want {
			t.Errorf("%q: the sign shows %t", tt.label, !tt.want)
		}
	}
	if b.SetLabel("Файл ▾"); b.MinSize().Width < narrow+signSize(theme.Small) {
		t.Errorf("no room for the sign: %v, without it %v", b.MinSize().Width, narrow)
	}
}
