package account_test

import (
	"testing"
	"time"

	"dozvon/app/desktop/ui/uitest"

	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

func TestAccounts_switchesAPersonOffAndEndsTheirSessions(t *testing.T) {
	d := uitest.DirectorsDesk(t)
	d.School.Answers["GET /sessions"] = client.Page[client.Session]{Items: []client.Session{
		{ID: "s1", EmployeeID: "e2", Device: "OPERATOR-02", Address: "192.0.2.7", CreatedAt: uitest.Ago(50 * time.Hour), LastUsedAt: uitest.At(uitest.Ago(3 * time.Minute))},
		{ID: "s2", EmployeeID: "e2", CreatedAt: uitest.Ago(time.Hour)},
	}}
	for _, b := range uitest.All[*widgets.Button](d.View) {
		if b.Label == "⋯" {
			test.Tap(b) // Борисов's, the first
			break
		}
	}
	d.Wants("OPERATOR-02", "использовался 3 минуты назад · 192.0.2.7", "Устройство без названия")
	d.School.Answers["DELETE /sessions/s2"] = nil
	d.Press("Завершить") // the last one: buttons are found by their words
	d.WantsTold("DELETE /sessions/s2")
	d.Wants("Вход завершён")
	test.Tap(uitest.All[*widgets.Toggle](d.View)[0])
	d.WantsTold(`PATCH /employees/e2 {"active":false}`)
	d.Wants("доступ выключен, все входы завершены")
}
