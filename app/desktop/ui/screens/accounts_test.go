package screens

import (
	"testing"

	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// directorsDesk is the list of employees as a director sees it.
func directorsDesk(t *testing.T) *desk {
	t.Helper()
	d := newDesk(t, schetova)
	d.view.Shown()
	d.press("Сотрудники и роли")
	return d
}

func TestAccounts_aNewEmployeeGetsARoleAndAPassword(t *testing.T) {
	d := directorsDesk(t)
	d.press("Новый сотрудник")
	d.press("Сохранить")
	d.wants("Заполните все поля.")
	d.entry(0).SetText("Смирнова Вера")
	d.entry(1).SetText("smirnova")
	d.entry(2).SetText("short")
	all[*widgets.Choice](d.view)[0].Choose(1)
	d.school.answers["POST /employees"] = &client.Problem{
		Status: 422, Code: "invalid", Detail: "Проверьте поля", Fields: []string{"password: at least 8 characters expected"},
	}
	d.press("Сохранить")
	d.wants("нужно знаков не меньше 8")
	if got := d.entry(0).Text; got != "Смирнова Вера" {
		t.Errorf("after a refusal the name is %q", got)
	}
	d.entry(2).SetText("long enough")
	d.school.answers["POST /employees"] = client.Employee{ID: "e9"}
	d.press("Сохранить")
	d.wantsTold(`POST /employees {"name":"Смирнова Вера","login":"smirnova","password":"long enough","role":"manager"}`)
	d.wants("Сотрудник добавлен: Смирнова Вера")
}

func TestAccounts_changesARoleAndAPassword(t *testing.T) {
	d := directorsDesk(t)
	roles := all[*widgets.Choice](d.view) // Борисов, Киреева, Орлов, Счетова
	roles[0].Choose(4)
	d.wantsTold(`PATCH /employees/e2 {"role":"admin"}`)
	d.wants("Теперь роль: Администратор")
	var passwords []*widgets.Button
	for _, b := range all[*widgets.Button](d.view) {
		if b.Label == "Новый пароль" {
			passwords = append(passwords, b)
		}
	}
	passwords[0].Tapped(nil)
	d.entry(0).SetText("another one")
	d.press("Сохранить")
	d.wantsTold(`PATCH /employees/e2 {"password":"another one"}`)
	d.wants("Пароль сменён")
}

func TestAccounts_nobodyChangesTheirOwnRole(t *testing.T) {
	d := directorsDesk(t)
	own := all[*widgets.Choice](d.view)[3]
	own.Choose(0)
	if own.Enabled() || d.lastTold() != "" {
		t.Errorf("the own role can be changed: %s", d.lastTold())
	}
}

func TestAccounts_aTakenLoginIsToldInWords(t *testing.T) {
	d := directorsDesk(t)
	d.school.answers["POST /employees"] = &client.Problem{Status: 409, Code: "taken"}
	d.press("Новый сотрудник")
	for n, words := range []string{"Смирнова Вера", "kireeva", "long enough"} {
		d.entry(n).SetText(words)
	}
	d.press("Сохранить")
	d.wants("Такой логин уже есть у другого сотрудника.")
}
