package uitest

import (
	"fmt"
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
	// goldenShare is how much of the pixels may be farther from it, in hundred-thousandths,
	goldenShare = 20
	// and goldenSeen how far, or one is a change by itself: it is seen.
	goldenSeen = 96
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
	if how, where := Changed(got, want); how != "" {
		t.Errorf("%s has changed: %s", name, how)
		keepDifference(t, name, got, where)
	}
}

// Changed says how a picture differs so that people see it from the one that was judged good, and shows where, as far
// as they are of one size; empty: it does not.
func Changed(got, want image.Image) (how string, where image.Image) {
	if got.Bounds() != want.Bounds() {
		return fmt.Sprintf("it is %v large, and was %v", got.Bounds().Size(), want.Bounds().Size()), nil
	}
	differs, seen, where := difference(got, want)
	if all := got.Bounds().Dx() * got.Bounds().Dy(); seen > 0 || differs*100_000 > all*goldenShare {
		return fmt.Sprintf("%d of %d pixels, %d of them much", differs, all, seen), where
	}
	return "", nil
}

// difference counts the pixels that differ, and those that differ much, and shows them in red on the picture.
func difference(got, want image.Image) (differs, seen int, where image.Image) {
	bounds := got.Bounds()
	picture := image.NewRGBA(bounds)
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			a, b := color.RGBAModel.Convert(got.At(x, y)).(color.RGBA), color.RGBAModel.Convert(want.At(x, y)).(color.RGBA)
			picture.Set(x, y, color.RGBA{a.R/2 + 127, a.G/2 + 127, a.B/2 + 127, 0xFF})
			apart := max(distance(a.R, b.R), distance(a.G, b.G), distance(a.B, b.B))
			if apart > goldenStep {
				differs++
				picture.Set(x, y, color.RGBA{0xFF, 0, 0, 0xFF})
			}
			if apart > goldenSeen {
				seen++
			}
		}
	}
	return differs, seen, picture
}

func distance(a, b uint8) uint8 { return max(a, b) - min(a, b) }

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
