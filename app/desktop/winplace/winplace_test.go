package winplace_test

import (
	"os"
	"path/filepath"
	"testing"

	"dozvon/app/desktop/platform"
	"dozvon/app/desktop/winplace"
)

func TestFit_showsTheWholeWindow(t *testing.T) {
	t.Parallel()
	type rect = platform.Rect
	r := func(x, y, width, height int) rect { return rect{X: x, Y: y, Width: width, Height: height} }
	main, right, panel := r(0, 0, 1600, 900), r(1600, 0, 1600, 900), r(0, 40, 1600, 860)
	for name, tt := range map[string]struct {
		window rect
		areas  []rect
		want   rect
	}{
		"where it was":             {r(100, 50, 800, 600), []rect{main, right}, r(100, 50, 800, 600)},
		"across two monitors":      {r(1200, 50, 800, 600), []rect{main, right}, r(1200, 50, 800, 600)},
		"its monitor is gone":      {r(2000, 50, 800, 600), []rect{main}, r(400, 150, 800, 600)},
		"the left monitor is gone": {r(-1500, 50, 800, 600), []rect{main}, r(400, 150, 800, 600)},
		"half over the edge":       {r(1200, 500, 800, 600), []rect{main}, r(800, 300, 800, 600)},
		"title above the screen":   {r(100, -30, 800, 600), []rect{main}, r(100, 0, 800, 600)},
		"title under a panel":      {r(100, 10, 800, 600), []rect{panel}, r(100, 40, 800, 600)},
		"larger than the screen":   {r(-10, -10, 4000, 3000), []rect{main}, r(0, 0, 1600, 900)},
		"wider than its monitor":   {r(1900, 50, 900, 600), []rect{main, r(1600, 0, 800, 900)}, r(700, 50, 900, 600)},
		"larger than all of them":  {r(1900, 50, 1700, 600), []rect{r(0, 0, 800, 900), r(800, 0, 1600, 900)}, r(800, 50, 1600, 600)},
		"minimised by Windows":     {r(-32000, -32000, 160, 28), []rect{main}, r(720, 436, 160, 28)},
		"no monitor is known":      {r(5000, 0, 800, 600), nil, r(5000, 0, 800, 600)},
	} {
		if got := winplace.Fit(tt.window, tt.areas); got != tt.want {
			t.Errorf("%s: %+v, want %+v", name, got, tt.want)
		}
	}
}

func TestLoad_givesWhatWasSaved(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "deep", "window.json")
	if _, found, err := winplace.Load(path); found || err != nil {
		t.Fatalf("before: %t, %v", found, err)
	}
	want := winplace.Place{X: -1200, Y: 40, Width: 900.5, Height: 600}
	if err := winplace.Save(path, want); err != nil {
		t.Fatal(err)
	}
	if got, found, err := winplace.Load(path); got != want || !found || err != nil {
		t.Errorf("%+v, %t, %v", got, found, err)
	}
	for _, broken := range []string{"", "{", `{"x":1}`} {
		if err := os.WriteFile(path, []byte(broken), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, found, _ := winplace.Load(path); found {
			t.Errorf("of %q: %+v", broken, got)
		}
	}
}
