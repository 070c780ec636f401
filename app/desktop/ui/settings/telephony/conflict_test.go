package telephony_test

import (
	"testing"

	"dozvon/app/desktop/ui/uitest"
)

func TestExtensions_sayWhoChangedThemMeanwhile(t *testing.T) {
	d := uitest.NewDesk(t, uitest.Schetova)
	d.View.Shown()
	d.Press("Взять из АТС")
	d.Press("Связать все")
	d.School.Answers["PUT /integrations/i1/extensions"] = uitest.ChangedBy(uitest.Borisov)
	d.Press("Сохранить")
	d.Wants("Борисов")
	d.Wants("остались в полях")
}
