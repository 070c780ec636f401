package screens

import (
	"net/url"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

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
	roles[0].Choose(3)
	d.wantsTold(`PATCH /employees/e2 {"role":"director"}`)
	d.wants("Теперь роль: Директор")
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

// TestAccounts_onesOwnPasswordIsChangedInItsPlace where the present one is asked for.
func TestAccounts_onesOwnPasswordIsChangedInItsPlace(t *testing.T) {
	d := directorsDesk(t)
	d.press("Сменить пароль")
	d.wants("Где вы вошли")
	d.entry(0).SetText("old one here")
	d.entry(1).SetText("синий трамвай едет")
	d.press("Сохранить")
	d.wantsTold(`PATCH /me {"password":"синий трамвай едет","old_password":"old one here"}`)
}

func TestAccounts_nobodyReachesAboveTheirOwnRole(t *testing.T) {
	d := newDesk(t, schetova)
	admin := client.Employee{ID: "e7", Name: "Аксёнов Админ", Login: "root", Role: client.RoleAdmin, Active: true}
	d.school.answers["GET /employees"] = client.Page[client.Employee]{Items: []client.Employee{admin, borisov, schetova}}
	d.view.Shown()
	d.press("Сотрудники и роли")
	roles := all[*widgets.Choice](d.view) // Аксёнов, Борисов, Счетова
	if roles[0].Enabled() {
		t.Error("a director may change the administrator's role")
	}
	if got := roles[1].Options; slices.Contains(got, "Администратор") || !slices.Contains(got, "Директор") {
		t.Errorf("a director may give %q", got)
	}
	passwords := 0
	for _, b := range all[*widgets.Button](d.view) {
		if b.Label == "Новый пароль" || b.Label == "Сменить пароль" {
			passwords++
		}
	}
	if passwords != 2 {
		t.Errorf("%d passwords can be set, want 2: not the administrator's", passwords)
	}
}

func TestAccounts_switchesAPersonOffAndEndsTheirSessions(t *testing.T) {
	d := directorsDesk(t)
	d.school.answers["GET /sessions"] = client.Page[client.Session]{Items: []client.Session{
		{ID: "s1", EmployeeID: "e2", Device: "OPERATOR-02", Address: "192.0.2.7", CreatedAt: ago(50 * time.Hour), LastUsedAt: at(ago(3 * time.Minute))},
		{ID: "s2", EmployeeID: "e2", CreatedAt: ago(time.Hour)},
	}}
	for _, b := range all[*widgets.Button](d.view) {
		if b.Label == "⋯" {
			test.Tap(b) // Борисов's, the first
			break
		}
	}
	d.wants("OPERATOR-02", "использовался 3 минуты назад · 192.0.2.7", "Устройство без названия")
	d.school.answers["DELETE /sessions/s2"] = nil
	d.press("Завершить") // the last one: buttons are found by their words
	d.wantsTold("DELETE /sessions/s2")
	d.wants("Вход завершён")
	test.Tap(all[*widgets.Toggle](d.view)[0])
	d.wantsTold(`PATCH /employees/e2 {"active":false}`)
	d.wants("доступ выключен, все входы завершены")
}

func TestOwn_passwordIsChangedAndTheRestSignedOut(t *testing.T) {
	d := newDesk(t, borisov)
	d.school.answers["GET /sessions"] = client.Page[client.Session]{Items: []client.Session{{ID: "s1", Device: "OPERATOR-02", CreatedAt: now, Current: true}}}
	d.view.Shown()
	d.wants("этот компьютер")
	d.press("Сменить пароль")
	d.press("Сохранить")
	d.wants("Впишите нынешний и новый пароль.")
	d.entry(0).SetText("old one here")
	d.entry(1).SetText("12345678")
	d.school.answers["PATCH /me"] = &client.Problem{Status: 422, Code: "weak_password", Detail: "Этот пароль есть в списках частых."}
	d.press("Сохранить")
	d.wants("Этот пароль есть в списках частых.")
	if d.entry(0).Text == "" || d.entry(1).Text == "" {
		t.Error("after a refusal what was typed is lost")
	}
	d.entry(1).SetText("синий трамвай едет")
	d.school.answers["PATCH /me"] = borisov
	d.press("Сохранить")
	d.wantsTold(`PATCH /me {"password":"синий трамвай едет","old_password":"old one here"}`)
	d.wants("Пароль сменён.")
}

// audited are entries as the server tells them, the last of an action that this version does not know.
func audited() []client.AuditEntry {
	return []client.AuditEntry{
		{ID: "a1", At: ago(2 * time.Minute), Employee: person(kireeva), Action: "listen", Target: "call:c2", TargetName: "+7 964 555-01-90", Detail: map[string]string{"filename": "2026-11-24 Шангутов.mp3"}, Address: "192.0.2.7"},
		{ID: "a2", At: ago(3 * time.Hour), Login: "admin", Action: "sign_in_refused", Detail: map[string]string{"tries": "40", "reason": "wrong_password"}, Address: "2001:db8:85a3::8a2e:370:7334"},
		{ID: "a3", At: ago(20 * time.Hour), Employee: person(schetova), Action: "role", Target: "employee:e2", TargetName: borisov.Name, Detail: map[string]string{"from": "operator", "to": "manager"}, Address: "192.0.2.9"},
		{ID: "a4", At: ago(30 * time.Hour), Login: "console", Action: "account_create", Target: "employee:e4", TargetName: orlov.Name},
		{ID: "a5", At: ago(40 * time.Hour), Employee: person(orlov), Action: "moon_walk", Target: "moon", Detail: map[string]string{"steps": "3"}},
	}
}

func TestAudit_tellsWhoDidWhatFromWhere(t *testing.T) {
	d := newDesk(t, schetova)
	var asked []url.Values
	d.school.answers["GET /audit"] = func(query url.Values) any {
		asked = append(asked, query)
		if query.Get("cursor") != "" {
			return client.Page[client.AuditEntry]{Items: audited()[3:]}
		}
		return client.Page[client.AuditEntry]{Items: audited()[:3], NextCursor: "c"}
	}
	d.view.Shown()
	d.press("Журнал действий")
	d.wants("Прослушана запись", "+7 964 555-01-90 · файл: 2026-11-24 Шангутов.mp3", "192.0.2.7", "2001:db8:85a3::8a2e:370:7334", "логин «admin»", "Во входе отказано", "причина: неверный логин или пароль · попыток: 40",
		"Борисов Борис Петрович · было: Оператор · стало: Менеджер")
	d.press("Показать раньше")
	d.wants("Консоль сервера", "Создана учётная запись", "moon_walk", "moon · steps: 3")
	choices := all[*widgets.Choice](d.view)
	choices[0].Choose(2) // Киреева, the second of the people
	choices = all[*widgets.Choice](d.view)
	choices[1].Choose(4)
	last := asked[len(asked)-1]
	if last.Get("employee") != "e1" || last.Get("action") != "listen,download" || last.Get("from") == "" || last.Get("cursor") != "" {
		t.Errorf("asked for %v", last)
	}
	d.school.answers["GET /audit"] = client.Page[client.AuditEntry]{}
	all[*widgets.Choice](d.view)[2].Choose(3)
	d.wants("За это время ничего не записано.")
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

// TestSettings_fitASmallWindow: nothing is cut at the right, and what was done has room for its words.
func TestSettings_fitASmallWindow(t *testing.T) {
	for _, tab := range []string{"Школа", "Сотрудники и роли", "Журнал действий", "Программа"} {
		d := newDesk(t, schetova)
		d.school.answers["GET /audit"] = client.Page[client.AuditEntry]{Items: audited()}
		d.view.Shown()
		d.view.Resize(fyne.NewSize(692, 600)) // what a window of 900 leaves
		d.press(tab)
		if least := d.view.MinSize().Width; least > 692 {
			t.Errorf("%s asks for %v", tab, least)
		}
		for _, toggle := range all[*widgets.Toggle](d.view) {
			if toggle.MinSize().Width > toggle.Size().Width {
				t.Errorf("%s: the switch %q has %v of %v", tab, toggle.Label, toggle.Size().Width, toggle.MinSize().Width)
			}
			at := fyne.CurrentApp().Driver().AbsolutePositionForObject(toggle)
			if right := at.X + toggle.MinSize().Width; right > 692 {
				t.Errorf("%s: the switch %q ends at %v", tab, toggle.Label, right)
			}
		}
		for _, words := range all[*widgets.Paragraph](d.view) {
			if words.Width < 130 {
				t.Errorf("%s: %q has a width of %v", tab, words.Text, words.Width)
			}
		}
	}
}

// TestSettings_aPageMadeAnewGoesOnWhereTheFormerWas: another language or other colours turn no page over
// and drop nothing that is being typed.
func TestSettings_aPageMadeAnewGoesOnWhereTheFormerWas(t *testing.T) {
	d := newDesk(t, schetova)
	again := func() {
		d.view = d.made()
		test.NewTempWindow(t, d.view).Resize(tall)
		d.view.Shown()
	}
	d.view.Shown()
	d.press("Школа")
	d.entry(0).SetText("77")
	d.press("+ Шаблон")
	d.entry(3).SetText("Напоминание")
	again()
	if got := d.entry(0).Text; got != "77" {
		t.Errorf("the minutes that were being typed are %q", got)
	}
	if got := d.entry(3).Text; got != "Напоминание" {
		t.Errorf("the template that was being written is called %q", got)
	}
	d.press("Сотрудники и роли")
	d.press("Новый сотрудник")
	d.entry(0).SetText("Смирнова Вера")
	again()
	if got := d.entry(0).Text; got != "Смирнова Вера" {
		t.Errorf("the new employee's name is %q", got)
	}
	d.press("Программа")
	d.press("Сменить пароль")
	d.entry(1).SetText("синий трамвай едет")
	again()
	d.wants("Сменить пароль")
	if got := d.entry(1).Text; got != "синий трамвай едет" {
		t.Errorf("the new password is %q", got)
	}
}
