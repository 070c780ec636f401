package screens

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/settings"
	choices "dozvon/app/desktop/ui/settings/program"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// tall is a window in which the whole of the telephony page is seen.
var tall = fyne.NewSize(980, 1900)

// page puts the settings on the window's ground.
func page(v *settings.View) fyne.CanvasObject {
	return widgets.Stack(widgets.NewBox(widgets.Ground, 0), widgets.Pad(20, 0, 0, 0, v))
}

// settingsScenes are the faces of the settings, by the name of their picture.
func settingsScenes(t *testing.T, h *host) map[string]fyne.CanvasObject {
	t.Helper()
	shown := func(press ...string) *settings.View {
		v := settings.New(settingsHost{h, program{}}, &settings.State{})
		v.Resize(tall)
		v.Shown()
		for _, word := range press {
			b := buttons(v, map[string]*widgets.Button{})[word]
			if b == nil {
				t.Fatalf("no button %q", word)
			}
			test.Tap(b)
		}
		return v
	}
	word := h.text.T
	h.model.Apply(client.StreamEvent{Type: "call", Data: &client.Call{ID: "bell1", State: client.StateEnded}})
	out := map[string]fyne.CanvasObject{
		"main":    page(shown(word("act.check"), word("bell.ring"))),
		"plain":   page(shown()),
		"replace": page(shown(word("set.replace"), word("set.plus"))),
		"pbx":     page(shown(word("set.take"), word("book.plan"))),
		"remove":  page(shown(word("set.remove"))),
		"choose":  page(shown("+ " + word("act.add"))),
	}
	one := h.school.answers["GET /integrations"]
	h.school.answers["GET /integrations"] = client.Page[client.Integration]{Items: []client.Integration{integration(), second()}}
	two := shown()
	two.Open("i2")
	out["two"] = page(two)
	h.school.answers["GET /integrations"] = client.Page[client.Integration]{Items: []client.Integration{integration(), second(), third()}}
	for name, id := range map[string]string{"kinds": "i3", "kinds-first": "i1"} {
		v := shown("+ " + word("act.add"))
		v.Open(id)
		test.Tap(buttons(v, map[string]*widgets.Button{})[word("act.check")])
		out[name] = page(v)
	}
	fresh := shown("+ " + word("act.add"))
	rows := all[*widgets.Pick](fresh)
	test.Tap(rows[len(rows)-2])
	out["new"] = page(fresh)
	h.school.answers["GET /integrations"] = client.Page[client.Integration]{}
	out["none"] = page(shown())
	h.school.answers["GET /integrations"] = one
	out["accounts"] = page(accountsShown(t, h.text.Lang()))
	for name, tab := range map[string]string{"audit": "set.tab_audit", "own": "set.tab_program", "more": "set.tab_accounts"} {
		out[name] = page(accessShown(t, h.text.Lang(), tab))
	}
	return out
}

// accountsShown is the list of employees with the form of a new one, as a director sees it.
func accountsShown(t *testing.T, lang i18n.Lang) *settings.View {
	t.Helper()
	h := newHostFor(t, lang, schetova)
	h.school.answers["GET /employees"] = client.Page[client.Employee]{Items: []client.Employee{
		kireeva, borisov, schetova, orlov, {ID: "e5", Name: "Стажёров Степан", Role: client.RoleOperator, Active: true},
	}}
	v := settings.New(settingsHost{h, program{}}, &settings.State{})
	v.Resize(tall)
	v.Shown()
	for _, key := range []string{"set.tab_accounts", "acc.new", "act.save"} {
		test.Tap(buttons(v, map[string]*widgets.Button{})[h.text.T(key)])
	}
	return v
}

// accessShown is a tab of the settings as a director sees it: the audit, one's own account with the
// form of a new password, or a colleague's sessions.
func accessShown(t *testing.T, lang i18n.Lang, tab string) *settings.View {
	t.Helper()
	h := newHostFor(t, lang, schetova)
	h.school.answers["GET /audit"] = client.Page[client.AuditEntry]{Items: audited(), NextCursor: "c"}
	h.school.answers["GET /sessions"] = client.Page[client.Session]{Items: []client.Session{
		{ID: "s1", Device: "BUCH-01", Address: "192.0.2.9", CreatedAt: ago(50 * time.Hour), LastUsedAt: at(now), Current: tab == "set.tab_program"},
		{ID: "s2", Device: "Ноутбук Счетовой в учебном классе на Светланской, второй этаж", Address: "2001:db8:85a3::8a2e:370:7334", CreatedAt: ago(400 * time.Hour), LastUsedAt: at(ago(3 * time.Hour))},
		{ID: "s3", CreatedAt: ago(time.Hour)},
	}}
	v := settings.New(settingsHost{h, program{}}, &settings.State{})
	v.Resize(tall)
	v.Shown()
	press := map[string][]string{"set.tab_program": {"own.password"}}[tab]
	for _, key := range append([]string{tab}, press...) {
		test.Tap(buttons(v, map[string]*widgets.Button{})[h.text.T(key)])
	}
	if tab == "set.tab_accounts" {
		test.Tap(buttons(v, map[string]*widgets.Button{})["⋯"])
	}
	return v
}

func lightApp(t *testing.T) {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(theme.New(theme.LightChoice))
}

// clock stands in for the program and runs what it was asked to do later when told so.
type clock struct {
	program
	later *[]func()
}

func (c clock) After(_ time.Duration, do func()) { *c.later = append(*c.later, do) }

// settingsHost is what the settings ask: of the made-up school, and of a program with its clock.
type settingsHost struct {
	*host
	chooser
}

type chooser interface {
	choices.Program
	After(wait time.Duration, do func())
}

// After is the program's: both have a clock.
func (s settingsHost) After(wait time.Duration, do func()) { s.chooser.After(wait, do) }

// desk is the settings of somebody at a made-up school.
type desk struct {
	*host
	t     *testing.T
	view  *settings.View
	state settings.State
	later []func()
}

func newDesk(t *testing.T, me client.Employee) *desk {
	t.Helper()
	lightApp(t)
	d := &desk{host: newHostFor(t, i18n.Russian, me), t: t}
	d.view = d.made()
	test.NewTempWindow(t, d.view).Resize(tall)
	return d
}

// made is the page with the state that it had.
func (d *desk) made() *settings.View {
	return settings.New(settingsHost{d.host, clock{later: &d.later}}, &d.state)
}

// press taps the button with these words.
func (d *desk) press(words string) {
	d.t.Helper()
	b := buttons(d.view, map[string]*widgets.Button{})[words]
	if b == nil {
		d.t.Fatalf("no button %q among %q", words, d.words())
	}
	test.Tap(b)
}

// pick presses the row that begins with these words.
func (d *desk) pick(words string) {
	d.t.Helper()
	pickRow(d.t, d.view, words)
}

// pickRow presses the row under whose area these words stand.
func pickRow(t *testing.T, object fyne.CanvasObject, words string) {
	t.Helper()
	driver := fyne.CurrentApp().Driver()
	for _, l := range all[*widgets.Label](object) {
		if l.Text != words {
			continue
		}
		at := driver.AbsolutePositionForObject(l)
		for _, row := range all[*widgets.Pick](object) {
			from := driver.AbsolutePositionForObject(row)
			if to := from.Add(row.Size()); at.X >= from.X && at.Y >= from.Y && at.X < to.X && at.Y < to.Y {
				row.Tapped(nil)
				return
			}
		}
	}
	t.Fatalf("no row %q in\n%s", words, readable(object))
}

// all finds every object of a kind under the view, in its order on the page.
func all[T fyne.CanvasObject](object fyne.CanvasObject) []T {
	var out []T
	if !object.Visible() {
		return nil
	}
	if found, ok := object.(T); ok {
		out = append(out, found)
	}
	switch o := object.(type) {
	case *fyne.Container:
		for _, child := range o.Objects {
			out = append(out, all[T](child)...)
		}
	case fyne.Widget:
		for _, child := range test.WidgetRenderer(o).Objects() {
			out = append(out, all[T](child)...)
		}
	}
	return out
}

// readable is everything that can be read, for looking for a sentence.
func readable(object fyne.CanvasObject) string {
	var out []string
	for _, l := range all[*widgets.Label](object) {
		out = append(out, l.Text)
	}
	for _, p := range all[*widgets.Paragraph](object) {
		out = append(out, p.Text)
	}
	for _, b := range all[*widgets.Button](object) {
		out = append(out, b.Label)
	}
	return strings.Join(out, "\n")
}

func (d *desk) words() string { return readable(d.view) }

func (d *desk) wants(words ...string) {
	d.t.Helper()
	for _, one := range words {
		if !strings.Contains(d.words(), one) {
			d.t.Errorf("the page does not say %q; it says\n%s", one, d.words())
		}
	}
}

// toggle finds a switch by its place on the page.
func (d *desk) toggle(n int) *widgets.Toggle { return all[*widgets.Toggle](d.view)[n] }

func (d *desk) entry(n int) *widgets.Entry { return all[*widgets.Entry](d.view)[n] }

// lastTold is the last change that the server heard of.
func (d *desk) lastTold() string {
	if len(d.school.told) == 0 {
		return ""
	}
	return d.school.told[len(d.school.told)-1]
}

func (d *desk) wantsTold(want string) {
	d.t.Helper()
	if got := d.lastTold(); got != want {
		d.t.Errorf("the server heard\n%s, want\n%s", got, want)
	}
}

func TestSettings_aRoleSeesItsPartsOnly(t *testing.T) {
	for role, want := range map[client.Role]string{
		client.RoleOperator: "", client.RoleManager: "", client.RoleAccountant: "Телефония Программа",
		client.RoleDirector: "Телефония Сотрудники и роли Программа", client.RoleAdmin: "Телефония Сотрудники и роли Программа",
	} {
		me := orlov // of whom the school's list knows nothing that overrides the role
		me.ID, me.Role = "e0", role
		d := newDesk(t, me)
		d.view.Shown()
		var tabs []string
		for _, tab := range []string{"Телефония", "Сотрудники и роли", "Программа"} {
			if buttons(d.view, map[string]*widgets.Button{})[tab] != nil {
				tabs = append(tabs, tab)
			}
		}
		if got := strings.Join(tabs, " "); got != want {
			t.Errorf("%s sees %q, want %q", role, got, want)
		}
		if len(d.school.told) != 0 {
			t.Errorf("%s: looking told the server %q", role, d.school.told)
		}
	}
}

func TestSettings_connectsANewPBX(t *testing.T) {
	d := newDesk(t, kireeva)
	d.school.answers["GET /integrations"] = client.Page[client.Integration]{}
	d.view.Shown()
	d.wants("Телефония ещё не подключена")
	d.pick("Mango Office")
	d.press("Сохранить")
	d.wants("Заполните: Уникальный код вашей АТС, Ключ для создания подписи.")
	d.entry(0).SetText(" abc123 ")
	d.entry(1).SetText("secret")
	d.press("Сохранить")
	d.wantsTold(`POST /integrations {"kind":"mango","active":true,"api_url":"https://app.mango-office.ru/vpbx/","credentials":{"api_key":"abc123","api_salt":"secret"}}`)
	d.wants("2. Вставьте этот адрес в кабинет АТС", "3. Внутренние номера", "https://phone.autoschool.example/mango", "Пока никого")
}

func TestSettings_replacesTheSaltOnlyWhenAsked(t *testing.T) {
	d := newDesk(t, kireeva)
	d.view.Shown()
	d.entry(0).SetText("newcode")
	d.press("Сохранить")
	d.wantsTold(`PATCH /integrations/i1 {"credentials":{"api_key":"newcode"}}`)
	d.press("Заменить")
	d.entry(1).SetText("newsalt")
	d.press("Сохранить")
	d.wantsTold(`PATCH /integrations/i1 {"credentials":{"api_salt":"newsalt"}}`)
	d.wants("Заменить", "Сохранено")
	if buttons(d.view, map[string]*widgets.Button{})["Сохранить"] != nil {
		t.Error("a way to save stays after saving")
	}
}

func TestSettings_copiesTheAddressAndSaysSoForAWhile(t *testing.T) {
	d := newDesk(t, kireeva)
	d.view.Shown()
	d.press("Копировать")
	if d.copied != "https://phone.autoschool.example/mango" {
		t.Errorf("copied %q", d.copied)
	}
	d.wants("Скопировано")
	d.later[0]()
	d.wants("Копировать")
}

func TestSettings_switchesApplyAtOnce(t *testing.T) {
	d := newDesk(t, kireeva)
	d.view.Shown()
	for n, want := range []string{
		`PATCH /integrations/i1 {"active":false}`, `PATCH /integrations/i1 {"hook_secret":true}`, `PATCH /integrations/i1 {"forwarding":false}`,
	} {
		test.Tap(d.toggle(n))
		d.wantsTold(want)
	}
	d.wants("Выключена: события от АТС не принимаются", "https://phone.autoschool.example/mango/k3Vx9QpL2m", "вставьте новый в кабинет")
}

func TestSettings_aRefusedSwitchGoesBack(t *testing.T) {
	d := newDesk(t, kireeva)
	d.view.Shown()
	d.school.answers["PATCH /integrations/i1"] = &client.Problem{Status: 403, Code: "forbidden", Detail: "Недостаточно прав, говорит сервер."}
	test.Tap(d.toggle(0))
	if !d.toggle(0).On {
		t.Error("the switch stays off although the server refused")
	}
	d.wants("Недостаточно прав, говорит сервер.")
}

func TestExtensions_areLinkedFromThePBXAndSavedAsAWhole(t *testing.T) {
	d := newDesk(t, kireeva)
	d.view.Shown()
	d.press("Взять из АТС")
	d.wants("В АТС 3 сотрудника", "Счетова Валентина", "✓ в таблице: Киреева А. С.", "В АТС есть, у нас никого",
		"Борисов Б. П., доб. 102: в АТС такого номера нет")
	d.press("Связать все")
	d.wants("Изменения не сохранены")
	d.press("Сохранить")
	d.wantsTold(`PUT /integrations/i1/extensions [{"employee_id":"e2","extension":"102"},{"employee_id":"e1","extension":"101"},{"employee_id":"e3","extension":"103"}]`)
	d.wants("Сохранено")
}

func TestExtensions_aNewRowOffersWhoHasNone(t *testing.T) {
	d := newDesk(t, kireeva)
	d.view.Shown()
	d.press("+ Сотрудник")
	who := all[*widgets.Choice](d.view)[0]
	if want := []string{orlov.Name, schetova.Name}; !slices.Equal(who.Options, want) {
		t.Fatalf("offered %q, want %q", who.Options, want)
	}
	who.Choose(1)
	d.press("Добавить") // the number of the same name in the PBX was filled in
	d.press("Сохранить")
	d.wantsTold(`PUT /integrations/i1/extensions [{"employee_id":"e2","extension":"102"},{"employee_id":"e1","extension":"101"},{"employee_id":"e3","extension":"103"}]`)
}

func TestExtensions_oneNumberForTwoIsNotSent(t *testing.T) {
	d := newDesk(t, kireeva)
	d.view.Shown()
	d.entry(1).SetText("101")
	d.press("Сохранить")
	if d.lastTold() != "" {
		t.Errorf("the server heard %s", d.lastTold())
	}
	d.wants("Номер 101 стоит у двоих")
	d.press("×")
	d.press("Отменить")
	if got := d.entry(1).Text; got != "102" {
		t.Errorf("after giving up the number is %q, want 102", got)
	}
}

func TestCheck_saysInWordsWhatWorks(t *testing.T) {
	d := newDesk(t, kireeva)
	d.view.Shown()
	d.press("Проверить")
	d.wants("Код и ключ подписи", "За неделю ни одной", "АТС ответила 3105", "Ещё не пробовали", "только что")
	d.now = d.now.Add(2 * time.Minute)
	d.view.Tick()
	d.wants("2 минуты назад")
	d.school.answers["/integrations/i1/check"] = &client.Problem{Status: 502, Code: "pbx_unreachable", Detail: "АТС не отвечает."}
	d.press("Проверить")
	d.wants("АТС не отвечает.")
}

func TestConnectivity_measuresTheOwnScreenWhicheverComesFirst(t *testing.T) {
	event := client.StreamEvent{Type: "call", Data: &client.Call{ID: "bell1", State: client.StateRinging, Ringing: []string{"e1"}}}
	t.Run("the event before the answer", func(t *testing.T) {
		d := newDesk(t, kireeva)
		d.view.Shown()
		d.school.answers["/integrations/i1/bell"] = func([]byte) any {
			d.now = d.now.Add(446 * time.Millisecond)
			d.model.Apply(event)
			return connectivityTest()
		}
		d.press("Позвонить мне")
		d.wants("84 мс", "412 мс", "446 мс", "в кабинете включите «Разрешаю отправлять")
	})
	t.Run("the answer before the event", func(t *testing.T) {
		d := newDesk(t, kireeva)
		d.view.Shown()
		d.press("Позвонить мне")
		d.wants("ждём звонок на этом экране…")
		d.now = d.now.Add(1300 * time.Millisecond)
		d.model.Apply(event)
		d.view.Sync()
		d.wants("1,3 с")
	})
	t.Run("no event", func(t *testing.T) {
		d := newDesk(t, kireeva)
		d.view.Shown()
		d.press("Позвонить мне")
		d.now = d.now.Add(time.Minute)
		d.view.Tick()
		d.wants("Звонок сюда не дошёл")
	})
}

func TestLink_comparesAndFollowsTheEvent(t *testing.T) {
	d := newDesk(t, kireeva)
	d.view.Shown()
	d.wants("Сверено с АТС до 14:32: 214 звонков, восстановлено 2")
	d.press("Сверить сейчас")
	d.wantsTold("POST /integrations/i1/reconcile {}")
	d.wants("Сверяем звонки с АТС…")
	it := integration()
	it.Reconciled = &client.Reconciled{Until: now, At: now, Calls: 1, Restored: 1}
	d.view.Apply(&it)
	d.wants("1 звонок, восстановлен 1")
}

func TestBook_isSwitchedOnOnlyAfterThePlan(t *testing.T) {
	d := newDesk(t, kireeva)
	d.view.Shown()
	test.Tap(d.toggle(3))
	d.wantsTold("POST /integrations/i1/address-book/plan {}")
	d.wants("412 контактов", "Шангутов Александр Александрович", "персональные данные")
	if d.toggle(3).On {
		t.Error("the switch is on before the yes")
	}
	d.press("Включить")
	d.wantsTold(`PATCH /integrations/i1 {"address_book":true}`)
	d.wants("В адресной книге 88 наших карточек, ждут отправки 324")
}

func TestSettings_deletesAfterAYes(t *testing.T) {
	d := newDesk(t, kireeva)
	d.view.Shown()
	d.press("Удалить подключение")
	d.press("Нет")
	d.press("Удалить подключение")
	d.wants("Удалить подключение? Звонки останутся")
	d.press("Да")
	d.wantsTold("DELETE /integrations/i1")
	d.wants("Телефония ещё не подключена")
}

func TestSettings_whatOthersChangeKeepsWhatIsTyped(t *testing.T) {
	d := newDesk(t, kireeva)
	d.view.Shown()
	d.entry(0).SetText("half-typed")
	d.entry(1).SetText("1021")
	it := integration()
	it.Name, it.APIURL = "Главная", "https://example.org/vpbx/"
	it.Credentials = map[string]string{"api_key": "changed-by-another"}
	d.view.Apply(&it)
	d.wants("Главная")
	if got := d.entry(0).Text; got != "half-typed" {
		t.Errorf("the code became %q while it was being typed", got)
	}
	if got := d.entry(1).Text; got != "https://example.org/vpbx/" {
		t.Errorf("the address that nobody typed in stays %q", got)
	}
	if got := d.entry(2).Text; got != "1021" {
		t.Errorf("the extension became %q while it was being typed", got)
	}
	d.view.Apply(&client.Deleted{ID: "i1", Deleted: true})
	d.wants("Телефония ещё не подключена")
}

func TestSettings_severalIntegrationsOpenOneByOne(t *testing.T) {
	d := newDesk(t, kireeva)
	d.school.answers["GET /integrations"] = client.Page[client.Integration]{Items: []client.Integration{integration(), second()}}
	d.view.Shown()
	d.wants("Филиал на Садовой", "не берёт команды до 14:35", "активна · событие 40 с назад")
	d.pick("Филиал на Садовой")
	if got := d.entry(0).Text; got != "b7m2x9" {
		t.Errorf("the second integration shows the code %q", got)
	}
	d.wants("АТС не принимает команды до 14:35: слишком много запросов", "Сверить не удалось: АТС не ответила")
}
