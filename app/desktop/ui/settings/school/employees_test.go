package school_test

import (
	"net/url"
	"slices"
	"testing"

	"dozvon/app/desktop/ui/uitest"

	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

func TestAccounts_aNewEmployeeGetsARoleAndAPassword(t *testing.T) {
	d := uitest.DirectorsDesk(t)
	d.Press("Новый сотрудник")
	d.Press("Сохранить")
	d.Wants("Заполните все поля.")
	d.Entry(0).SetText("Смирнова Вера")
	d.Entry(1).SetText("smirnova")
	d.Entry(2).SetText("short")
	uitest.All[*widgets.Choice](d.View)[0].Choose(1)
	d.School.Answers["POST /employees"] = &client.Problem{
		Status: 422, Code: "invalid", Detail: "Проверьте поля", Fields: []string{"password: at least 8 characters expected"},
	}
	d.Press("Сохранить")
	d.Wants("нужно знаков не меньше 8")
	if got := d.Entry(0).Text; got != "Смирнова Вера" {
		t.Errorf("after a refusal the name is %q", got)
	}
	d.Entry(2).SetText("long enough")
	d.School.Answers["POST /employees"] = client.Employee{ID: "e9"}
	d.Press("Сохранить")
	d.WantsTold(`POST /employees {"name":"Смирнова Вера","login":"smirnova","password":"long enough","role":"manager"}`)
	d.Wants("Сотрудник добавлен: Смирнова Вера")
}

func TestAccounts_changesARoleAndAPassword(t *testing.T) {
	d := uitest.DirectorsDesk(t)
	roles := uitest.All[*widgets.Choice](d.View) // Борисов, Киреева, Орлов, Счетова
	roles[0].Choose(3)
	d.WantsTold(`PATCH /employees/e2 {"role":"director"}`)
	d.Wants("Теперь роль: Директор")
	var passwords []*widgets.Button
	for _, b := range uitest.All[*widgets.Button](d.View) {
		if b.Label == "Новый пароль" {
			passwords = append(passwords, b)
		}
	}
	passwords[0].Tapped(nil)
	d.Entry(0).SetText("another one")
	d.Press("Сохранить")
	d.WantsTold(`PATCH /employees/e2 {"password":"another one"}`)
	d.Wants("Пароль сменён")
}

func TestAccounts_nobodyReachesAboveTheirOwnRole(t *testing.T) {
	d := uitest.NewDesk(t, uitest.Schetova)
	admin := client.Employee{ID: "e7", Name: "Аксёнов Админ", Login: "root", Role: client.RoleAdmin, Active: true}
	d.School.Answers["GET /employees"] = client.Page[client.Employee]{Items: []client.Employee{admin, uitest.Borisov, uitest.Schetova}}
	d.View.Shown()
	d.Press("Сотрудники и роли")
	roles := uitest.All[*widgets.Choice](d.View) // Аксёнов, Борисов, Счетова
	if roles[0].Enabled() {
		t.Error("a director may change the administrator's role")
	}
	if got := roles[1].Options; slices.Contains(got, "Администратор") || !slices.Contains(got, "Директор") {
		t.Errorf("a director may give %q", got)
	}
	passwords := 0
	for _, b := range uitest.All[*widgets.Button](d.View) {
		if b.Label == "Новый пароль" || b.Label == "Сменить пароль" {
			passwords++
		}
	}
	if passwords != 2 {
		t.Errorf("%d passwords can be set, want 2: not the administrator's", passwords)
	}
}

func TestAudit_tellsWhoDidWhatFromWhere(t *testing.T) {
	d := uitest.NewDesk(t, uitest.Schetova)
	var asked []url.Values
	d.School.Answers["GET /audit"] = func(query url.Values) any {
		asked = append(asked, query)
		if query.Get("cursor") != "" {
			return client.Page[client.AuditEntry]{Items: uitest.Audited()[3:]}
		}
		return client.Page[client.AuditEntry]{Items: uitest.Audited()[:3], NextCursor: "c"}
	}
	d.View.Shown()
	d.Press("Журнал действий")
	d.Wants("Прослушана запись", "+7 964 555-01-90 · файл: 2026-11-24 Шангутов.mp3", "192.0.2.7", "2001:db8:85a3::8a2e:370:7334", "логин «admin»", "Во входе отказано", "причина: неверный логин или пароль · попыток: 40",
		"Борисов Борис Петрович · было: Оператор · стало: Менеджер")
	d.Press("Показать раньше")
	d.Wants("Консоль сервера", "Создана учётная запись", "moon_walk", "moon · steps: 3")
	choices := uitest.All[*widgets.Choice](d.View)
	choices[0].Choose(2) // Киреева, the second of the people
	choices = uitest.All[*widgets.Choice](d.View)
	choices[1].Choose(4)
	last := asked[len(asked)-1]
	if last.Get("employee") != "e1" || last.Get("action") != "listen,download,flag_set,flag_delete" || last.Get("from") == "" || last.Get("cursor") != "" {
		t.Errorf("asked for %v", last)
	}
	d.School.Answers["GET /audit"] = client.Page[client.AuditEntry]{}
	uitest.All[*widgets.Choice](d.View)[2].Choose(3)
	d.Wants("За это время ничего не записано.")
}

func TestAccounts_nobodyChangesTheirOwnRole(t *testing.T) {
	d := uitest.DirectorsDesk(t)
	own := uitest.All[*widgets.Choice](d.View)[3]
	own.Choose(0)
	if own.Enabled() || d.LastTold() != "" {
		t.Errorf("the own role can be changed: %s", d.LastTold())
	}
}

func TestAccounts_aTakenLoginIsToldInWords(t *testing.T) {
	d := uitest.DirectorsDesk(t)
	d.School.Answers["POST /employees"] = &client.Problem{Status: 409, Code: "taken"}
	d.Press("Новый сотрудник")
	for n, words := range []string{"Смирнова Вера", "kireeva", "long enough"} {
		d.Entry(n).SetText(words)
	}
	d.Press("Сохранить")
	d.Wants("Такой логин уже есть у другого сотрудника.")
}
