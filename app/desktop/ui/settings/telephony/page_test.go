package telephony_test

import (
	"slices"
	"testing"
	"time"

	"dozvon/app/desktop/ui/uitest"

	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

func TestSettings_connectsANewPBX(t *testing.T) {
	d := uitest.NewDesk(t, uitest.Kireeva)
	d.School.Answers["GET /integrations"] = client.Page[client.Integration]{}
	d.View.Shown()
	d.Wants("Телефония ещё не подключена")
	d.Pick("Mango Office")
	d.Press("Сохранить")
	d.Wants("Заполните: Уникальный код вашей АТС, Ключ для создания подписи.")
	d.Entry(0).SetText(" abc123 ")
	d.Entry(1).SetText("secret")
	d.Press("Сохранить")
	d.WantsTold(`POST /integrations {"kind":"mango","active":true,"api_url":"https://app.mango-office.ru/vpbx/","credentials":{"api_key":"abc123","api_salt":"secret"}}`)
	d.Wants("2. Вставьте этот адрес в кабинет АТС", "3. Внутренние номера", "https://phone.autoschool.example/pbx", "Пока никого")
}

func TestSettings_replacesTheSaltOnlyWhenAsked(t *testing.T) {
	d := uitest.NewDesk(t, uitest.Kireeva)
	d.View.Shown()
	d.Entry(0).SetText("newcode")
	d.Press("Сохранить")
	d.WantsTold(`PATCH /integrations/i1 {"credentials":{"api_key":"newcode"}}`)
	d.Press("Заменить")
	d.Entry(1).SetText("newsalt")
	d.Press("Сохранить")
	d.WantsTold(`PATCH /integrations/i1 {"credentials":{"api_salt":"newsalt"}}`)
	d.Wants("Заменить", "Сохранено")
	if uitest.Buttons(d.View, map[string]*widgets.Button{})["Сохранить"] != nil {
		t.Error("a way to save stays after saving")
	}
}

func TestSettings_copiesTheAddressAndSaysSoForAWhile(t *testing.T) {
	d := uitest.NewDesk(t, uitest.Kireeva)
	d.View.Shown()
	d.Press("Копировать")
	if d.Copied != "https://phone.autoschool.example/pbx" {
		t.Errorf("copied %q", d.Copied)
	}
	d.Wants("Скопировано")
	d.Later[0]()
	d.Wants("Копировать")
}

func TestSettings_switchesApplyAtOnce(t *testing.T) {
	d := uitest.NewDesk(t, uitest.Kireeva)
	d.View.Shown()
	for n, want := range []string{
		`PATCH /integrations/i1 {"active":false}`, `PATCH /integrations/i1 {"hook_secret":true}`, `PATCH /integrations/i1 {"forwarding":false}`,
	} {
		test.Tap(d.Toggle(n))
		d.WantsTold(want)
	}
	d.Wants("Выключена: события от АТС не принимаются", "https://phone.autoschool.example/pbx/k3Vx9QpL2m", "вставьте новый в кабинет")
}

func TestSettings_aRefusedSwitchGoesBack(t *testing.T) {
	d := uitest.NewDesk(t, uitest.Kireeva)
	d.View.Shown()
	d.School.Answers["PATCH /integrations/i1"] = &client.Problem{Status: 403, Code: "forbidden", Detail: "Недостаточно прав, говорит сервер."}
	test.Tap(d.Toggle(0))
	if !d.Toggle(0).On {
		t.Error("the switch stays off although the server refused")
	}
	d.Wants("Недостаточно прав, говорит сервер.")
}

func TestExtensions_areLinkedFromThePBXAndSavedAsAWhole(t *testing.T) {
	d := uitest.NewDesk(t, uitest.Kireeva)
	d.View.Shown()
	d.Press("Взять из АТС")
	d.Wants("В АТС 3 сотрудника", "Счетова Валентина", "✓ в таблице: Киреева А. С.", "У нас никого",
		"Борисов Б. П., доб. 102: в АТС такого номера нет")
	d.Press("Связать все")
	d.Wants("Изменения не сохранены")
	d.Press("Сохранить")
	d.WantsTold(`PUT /integrations/i1/extensions [{"employee_id":"e2","extension":"102"},{"employee_id":"e1","extension":"101"},{"employee_id":"e3","extension":"103"}]`)
	d.Wants("Сохранено")
}

func TestExtensions_aNewRowOffersWhoHasNone(t *testing.T) {
	d := uitest.NewDesk(t, uitest.Kireeva)
	d.View.Shown()
	d.Press("+ Сотрудник")
	who := uitest.All[*widgets.Choice](d.View)[0]
	if want := []string{uitest.Orlov.Name, uitest.Schetova.Name}; !slices.Equal(who.Options, want) {
		t.Fatalf("offered %q, want %q", who.Options, want)
	}
	who.Choose(1)
	d.Press("Добавить") // the number of the same name in the PBX was filled in
	d.Press("Сохранить")
	d.WantsTold(`PUT /integrations/i1/extensions [{"employee_id":"e2","extension":"102"},{"employee_id":"e1","extension":"101"},{"employee_id":"e3","extension":"103"}]`)
}

func TestExtensions_oneNumberForTwoIsNotSent(t *testing.T) {
	d := uitest.NewDesk(t, uitest.Kireeva)
	d.View.Shown()
	d.Entry(1).SetText("101")
	d.Press("Сохранить")
	if d.LastTold() != "" {
		t.Errorf("the server heard %s", d.LastTold())
	}
	d.Wants("Номер 101 стоит у двоих")
	d.Press("×")
	d.Press("Отменить")
	if got := d.Entry(1).Text; got != "102" {
		t.Errorf("after giving up the number is %q, want 102", got)
	}
}

func TestCheck_saysInWordsWhatWorks(t *testing.T) {
	d := uitest.NewDesk(t, uitest.Kireeva)
	d.View.Shown()
	d.Press("Проверить")
	d.Wants("Код и ключ подписи", "За неделю ни одной", "АТС ответила 3105", "Ещё не пробовали", "только что")
	d.Clock = d.Clock.Add(2 * time.Minute)
	d.View.Tick()
	d.Wants("2 минуты назад")
	d.School.Answers["/integrations/i1/check"] = &client.Problem{Status: 502, Code: "pbx_unreachable", Detail: "АТС не отвечает."}
	d.Press("Проверить")
	d.Wants("АТС не отвечает.")
}

func TestConnectivity_measuresTheOwnScreenWhicheverComesFirst(t *testing.T) {
	event := client.StreamEvent{Type: "call", Data: &client.Call{ID: "bell1", State: client.StateRinging, Ringing: []string{"e1"}}}
	t.Run("the event before the answer", func(t *testing.T) {
		d := uitest.NewDesk(t, uitest.Kireeva)
		d.View.Shown()
		d.School.Answers["/integrations/i1/bell"] = func([]byte) any {
			d.Clock = d.Clock.Add(446 * time.Millisecond)
			d.Facts.Apply(event)
			return uitest.ConnectivityTest()
		}
		d.Press("Позвонить мне")
		d.Wants("84 мс", "412 мс", "446 мс", "в кабинете включите «Разрешаю отправлять")
	})
	t.Run("the answer before the event", func(t *testing.T) {
		d := uitest.NewDesk(t, uitest.Kireeva)
		d.View.Shown()
		d.Press("Позвонить мне")
		d.Wants("ждём звонок на этом экране…")
		d.Clock = d.Clock.Add(1300 * time.Millisecond)
		d.Facts.Apply(event)
		d.View.Sync()
		d.Wants("1,3 с")
	})
	t.Run("no event", func(t *testing.T) {
		d := uitest.NewDesk(t, uitest.Kireeva)
		d.View.Shown()
		d.Press("Позвонить мне")
		d.Clock = d.Clock.Add(time.Minute)
		d.View.Tick()
		d.Wants("Звонок сюда не дошёл")
	})
}

func TestLink_comparesAndFollowsTheEvent(t *testing.T) {
	d := uitest.NewDesk(t, uitest.Kireeva)
	d.View.Shown()
	d.Wants("Сверено с АТС до 14:32: 214 звонков, восстановлено 2")
	d.Press("Сверить сейчас")
	d.WantsTold("POST /integrations/i1/reconcile {}")
	d.Wants("Сверяем звонки с АТС…")
	it := uitest.Integration()
	it.Reconciled = &client.Reconciled{Until: uitest.Now, At: uitest.Now, Calls: 1, Restored: 1}
	d.View.Apply(&it)
	d.Wants("1 звонок, восстановлен 1")
}

func TestBook_isSwitchedOnOnlyAfterThePlan(t *testing.T) {
	d := uitest.NewDesk(t, uitest.Kireeva)
	d.View.Shown()
	test.Tap(d.Toggle(3))
	d.WantsTold("POST /integrations/i1/address-book/plan {}")
	d.Wants("412 контактов", "Шангутов Александр Александрович", "персональные данные")
	if d.Toggle(3).On {
		t.Error("the switch is on before the yes")
	}
	d.Press("Включить")
	d.WantsTold(`PATCH /integrations/i1 {"address_book":true}`)
	d.Wants("В адресной книге 88 наших карточек, ждут отправки 324")
}

func TestSettings_deletesAfterAYes(t *testing.T) {
	d := uitest.NewDesk(t, uitest.Kireeva)
	d.View.Shown()
	d.Press("Удалить подключение")
	d.Press("Нет")
	d.Press("Удалить подключение")
	d.Wants("Удалить подключение? Звонки останутся")
	d.Press("Да")
	d.WantsTold("DELETE /integrations/i1")
	d.Wants("Телефония ещё не подключена")
}

func TestSettings_whatOthersChangeKeepsWhatIsTyped(t *testing.T) {
	d := uitest.NewDesk(t, uitest.Kireeva)
	d.View.Shown()
	d.Entry(0).SetText("half-typed")
	d.Entry(1).SetText("1021")
	it := uitest.Integration()
	it.Name, it.APIURL = "Главная", "https://example.org/vpbx/"
	it.Credentials = map[string]string{"api_key": "changed-by-another"}
	d.View.Apply(&it)
	d.Wants("Главная")
	if got := d.Entry(0).Text; got != "half-typed" {
		t.Errorf("the code became %q while it was being typed", got)
	}
	if got := d.Entry(1).Text; got != "https://example.org/vpbx/" {
		t.Errorf("the address that nobody typed in stays %q", got)
	}
	if got := d.Entry(2).Text; got != "1021" {
		t.Errorf("the extension became %q while it was being typed", got)
	}
}

func TestSettings_severalIntegrationsOpenOneByOne(t *testing.T) {
	d := uitest.NewDesk(t, uitest.Kireeva)
	d.School.Answers["GET /integrations"] = client.Page[client.Integration]{Items: []client.Integration{uitest.Integration(), uitest.Second()}}
	d.View.Shown()
	d.Wants("Филиал на Садовой", "не берёт команды до 14:35", "активна · событие 40 с назад")
	d.Pick("Филиал на Садовой")
	if got := d.Entry(0).Text; got != "b7m2x9" {
		t.Errorf("the second integration shows the code %q", got)
	}
	d.Wants("АТС не принимает команды до 14:35: слишком много запросов", "Сверить не удалось: АТС не ответила")
}
