package settings_test

import (
	"strings"
	"testing"

	"dozvon/app/desktop/ui/uitest"

	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

func TestSettings_aRoleSeesItsPartsOnly(t *testing.T) {
	for role, want := range map[client.Role]string{
		client.RoleOperator: "", client.RoleManager: "", client.RoleAccountant: "Телефония Программа",
		client.RoleDirector: "Телефония Сотрудники и роли Программа", client.RoleAdmin: "Телефония Сотрудники и роли Программа",
	} {
		me := uitest.Orlov // of whom the school's list knows nothing that overrides the role
		me.ID, me.Role = "e0", role
		d := uitest.NewDesk(t, me)
		d.View.Shown()
		var tabs []string
		for _, tab := range []string{"Телефония", "Сотрудники и роли", "Программа"} {
			if uitest.Buttons(d.View, map[string]*widgets.Button{})[tab] != nil {
				tabs = append(tabs, tab)
			}
		}
		if got := strings.Join(tabs, " "); got != want {
			t.Errorf("%s sees %q, want %q", role, got, want)
		}
		if len(d.School.Told) != 0 {
			t.Errorf("%s: looking told the server %q", role, d.School.Told)
		}
	}
}
