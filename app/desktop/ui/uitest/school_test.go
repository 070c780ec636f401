package uitest

import (
	"errors"
	"testing"

	"dozvon/app/desktop/i18n"
	"dozvon/client"
)

// TestSchool_answersAsItsTablesSay and remembers what it was told, or the tests that use it prove nothing.
func TestSchool_answersAsItsTablesSay(t *testing.T) {
	h := NewHost(t, i18n.Russian)
	h.School.Answers["PATCH /settings"] = &client.Problem{Status: 409, Code: "conflict", Detail: "x"}
	name := "Старт"
	_, err := h.API.IfMatch(`"3"`).UpdateSettings(t.Context(), client.SchoolInput{Name: &name})
	var problem *client.Problem
	if !errors.As(err, &problem) || problem.Status != 409 {
		t.Errorf("refused with %v", err)
	}
	if len(h.School.Told) != 1 || h.School.Told[0] != `PATCH /settings {"name":"Старт"}` || h.School.Matched[0] != `"3"` {
		t.Errorf("it was told %q with %q", h.School.Told, h.School.Matched)
	}
	if _, err := h.API.Client(t.Context(), "nobody"); err == nil {
		t.Error("what stands in no table is answered")
	}
}
