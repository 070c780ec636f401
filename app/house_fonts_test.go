package app_test

import (
	"go/ast"
	"testing"
)

// tooDear are parts of the toolkit that cost more than they look, and what to do instead.
var tooDear = map[string]string{
	"NewThemeOverride": "Fyne parses every font again for each theme of a part of a window, 8 MB a field, and never lets them go: " +
		"let the layout or a widget of ours make the difference",
	"OverrideTheme":          "as NewThemeOverride",
	"NewProgressBarInfinite": "it draws its window sixty times a second, also when nobody sees it",
	"NewActivity":            "it draws its window sixty times a second, also when nobody sees it",

	// Nothing moves by itself, so whoever asks the system for less motion has it (Fyne's own is theme.Still's).
	"NewAnimation":          still,
	"NewColorRGBAAnimation": still,
	"NewPositionAnimation":  still,
	"NewSizeAnimation":      still,
}

const still = "nothing of ours moves: not everybody can bear it, and Fyne does not tell who asks the system for less"

func TestHouse_windowsUseNothingThatCostsWhileTheyRest(t *testing.T) {
	t.Parallel()
	seen := 0
	for _, s := range sources(t) {
		ast.Inspect(s.file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			seen++
			if of, ok := call.Fun.(*ast.SelectorExpr); ok && tooDear[of.Sel.Name] != "" {
				t.Errorf("%s:%d: %s: %s", s.path(), s.set.Position(of.Pos()).Line, of.Sel.Name, tooDear[of.Sel.Name])
			}
			return true
		})
	}
	if seen < 1000 {
		t.Errorf("only %d calls were looked at", seen)
	}
}
