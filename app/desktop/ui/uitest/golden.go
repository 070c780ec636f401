package uitest

import (
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"
)

// RenewGolden is the variable of the environment that makes golden pictures anew, for whoever has looked at the
// change: DOZVON_GOLDEN=renew.
const RenewGolden = "DOZVON_GOLDEN"

const (
	// goldenStep is how far a colour of a pixel may be from the picture's: edges of letters differ a little between
	// processors.
	goldenStep = 24
	// goldenShare is how much of the pixels may be farther from it, in hundred-thousandths.
	goldenShare = 20
)

// Golden compares a picture with the one that was judged good, testdata/golden/NAME.png. One that differs is left in
// Where, beside one of the differences.
func Golden(t *testing.T, name string, got image.Image) {
	t.Helper()
	path := filepath.Join("testdata", "golden", name+".png")
	if os.Getenv(RenewGolden) == "renew" {
		writePicture(t, path, got)
		return
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatalf("%v; look at what is drawn and run again with %s=renew", err, RenewGolden)
	}
	defer file.Close()
	want, err := png.Decode(file)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	if got.Bounds() != want.Bounds() {
		t.Errorf("%s is %v large, and was %v", name, got.Bounds().Size(), want.Bounds().Size())
		keepDifference(t, name, got, nil)
		return
	}
	differs, picture := difference(got, want)
	if all := got.Bounds().Dx() * got.Bounds().Dy(); differs*100_000 > all*goldenShare {
		t.Errorf("%d of %d pixels of %s have changed", differs, all, name)
		keepDifference(t, name, got, picture)
	}
}

// difference counts the pixels that differ, and shows them in red on the picture.
func difference(got, want image.Image) (int, image.Image) {
	bounds, differs := got.Bounds(), 0
	picture := image.NewRGBA(bounds)
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			a, b := color.RGBAModel.Convert(got.At(x, y)).(color.RGBA), color.RGBAModel.Convert(want.At(x, y)).(color.RGBA)
			picture.Set(x, y, color.RGBA{a.R/2 + 127, a.G/2 + 127, a.B/2 + 127, 0xFF})
			if apart(a.R, b.R) || apart(a.G, b.G) || apart(a.B, b.B) {
				differs++
				picture.Set(x, y, color.RGBA{0xFF, 0, 0, 0xFF})
			}
		}
	}
	return differs, picture
}

func apart(a, b uint8) bool { return max(a, b)-min(a, b) > goldenStep }

func keepDifference(t *testing.T, name string, got, picture image.Image) {
	t.Helper()
	left := filepath.Join(Where, "golden-"+name)
	writePicture(t, left+".png", got)
	if picture != nil {
		writePicture(t, left+"-changed.png", picture)
	}
	t.Logf("what is drawn now: %s.png; where that is meant, run again with %s=renew and look at what git says has changed", left, RenewGolden)
}

func writePicture(t *testing.T, path string, picture image.Image) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := png.Encode(file, picture); err != nil {
		t.Fatalf("writing %s: %v", path, err)
	}
}
