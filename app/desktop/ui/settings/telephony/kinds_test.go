package telephony_test

import (
	"strings"
	"testing"
	"time"

	"dozvon/app/desktop/ui/uitest"

	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// openThird is the page of the PBX with a subscription, beside two others.
func openThird(t *testing.T, it client.Integration) *uitest.Desk {
	t.Helper()
	d := uitest.NewDesk(t, uitest.Kireeva)
	d.School.Answers["GET /integrations"] = client.Page[client.Integration]{Items: []client.Integration{uitest.Integration(), uitest.Second(), it}}
	d.View.Shown()
	d.View.Open("i3")
	return d
}

// TestKinds_aKindThatNobodyKnowsIsConnected: all that is drawn of it is what the server tells.
func TestKinds_aKindThatNobodyKnowsIsConnected(t *testing.T) {
	d := uitest.NewDesk(t, uitest.Kireeva)
	d.School.Answers["GET /integrations"] = client.Page[client.Integration]{}
	d.View.Shown()
	d.Wants("Звезда-Коммуникации Северо-Восток", "номер лицевого счёта в личном кабинете администратора и пин-код")
	d.Pick("Звезда-Коммуникации Северо-Восток")
	d.Wants("Номер лицевого счёта в личном кабинете администратора", "Приходит письмом", "Адрес АТС: https://api.starcom.example/")
	d.Entry(0).SetText("771")
	if strings.Contains(d.Says(), "Регион") {
		t.Error("what may stay empty stands among what must be filled in")
	}
	d.Press("Дополнительно")
	d.Wants("Регион")
	d.Press("Сохранить")
	d.Wants("Заполните: Пин-код.") // the region may stay empty
	d.Entry(1).SetText("0000")
	d.Press("Сохранить")
	d.WantsTold(`POST /integrations {"kind":"starcom","active":true,"api_url":"https://api.starcom.example/","credentials":{"pin":"0000","portal":"771"}}`)
	d.Wants("2. Внутренние номера", "Эта АТС не умеет: имя на телефоне, запись, перевести, позвонить коллеге, SMS, удержать, спросить коллегу, завершить, включить запись в разговоре, сверка звонков.",
		"Этих кнопок у её звонков не будет. Звонок одним нажатием есть.", "Переадресовывать на ответственного")
	for _, absent := range []string{"Взять из АТС", "Вставьте этот адрес", "Адресная книга", "Сверить сейчас", "Подписка на события"} {
		if strings.Contains(d.Says(), absent) {
			t.Errorf("%q is offered although the kind does not tell of it", absent)
		}
	}
}

// TestKinds_aBrandIsConnectedUnderItsName with the address that only its customers have.
func TestKinds_aBrandIsConnectedUnderItsName(t *testing.T) {
	d := uitest.NewDesk(t, uitest.Kireeva)
	d.View.Shown()
	d.Press("+ Добавить")
	d.Wants("МегаФон ВАТС", "Dom.ru", "Gravitel", "Другая АТС на ITooLabs", "адрес, ключ АТС и ключ для CRM")
	d.Pick("МегаФон ВАТС")
	if got := d.Entry(0).PlaceHolder; got != "https://school.megapbx.ru/" {
		t.Errorf("the address looks like %q", got)
	}
	d.Press("Сохранить")
	d.Wants("Заполните: Адрес АТС, Ключ АТС, Ключ для CRM.")
	for n, words := range []string{"https://avto.megapbx.ru/", "k1", "k2"} {
		d.Entry(n).SetText(words)
	}
	d.Press("Сохранить")
	d.WantsTold(`POST /integrations {"kind":"itoolabs","name":"МегаФон ВАТС","active":true,"api_url":"https://avto.megapbx.ru/","credentials":{"api_key":"k1","api_salt":"k2"}}`)
}

// TestKinds_withoutTheirListThePagesStand: what is connected works on, and what is missing says why.
func TestKinds_withoutTheirListThePagesStand(t *testing.T) {
	d := uitest.NewDesk(t, uitest.Kireeva)
	d.School.Answers["GET /integrations/kinds"] = &client.Problem{Status: 503, Code: "busy", Detail: "Сервер занят."}
	d.View.Shown()
	d.Wants("Проверка", "Внутренние номера", "Позвонить мне", "Адресная книга АТС")
	d.Press("+ Добавить")
	d.Wants("Сервер занят.")
	d.School.Answers["GET /integrations/kinds"] = uitest.Kinds()
	d.Press("Повторить")
	d.Wants("Билайн", "токен")
}

func TestSubscription_saysUntilWhenAndWhatHappensThen(t *testing.T) {
	broken, failed := uitest.Third(), uitest.Third()
	broken.Subscription.RestoredAt = nil
	broken.Subscription.LostAt = uitest.At(uitest.Ago(5 * time.Minute))
	broken.Subscription.State = client.SubscriptionEnded
	broken.Subscription.Error, broken.Subscription.ErrorEN = "токен не подошёл", "the token was refused"
	failed.Subscription.State = client.SubscriptionOverdue
	off := uitest.Third()
	off.Active, off.Subscription.State = false, client.SubscriptionOff
	never := uitest.Third()
	never.Subscription = &client.Subscription{State: client.SubscriptionEnded, Error: "нет прав", ErrorEN: "no rights"}
	begins := uitest.Third()
	begins.Subscription = &client.Subscription{State: client.SubscriptionEnded}
	for name, tt := range map[string]struct {
		it    client.Integration
		later time.Duration
		wants []string
	}{
		"in time":          {uitest.Third(), 0, []string{"Действует до 15:09, продлим сами в 14:39", "14:39 продление", "14:09", "Прервалась в 12:10; новая создана через 40 с."}},
		"late by the word": {failed, 0, []string{"Действует до 15:09, но вовремя не продлена.", "подписка не продлена"}},
		"late by clock":    {uitest.Third(), 10 * time.Minute, []string{"Действует до 15:09, но вовремя не продлена."}},
		"ended by clock":   {uitest.Third(), 40 * time.Minute, []string{"Событий нет с 15:09", "событий нет с 15:09"}},
		"ended":            {broken, 0, []string{"Событий нет с 14:27", "Обновить не удалось: токен не подошёл"}},
		"never was":        {never, 0, []string{"Событий нет: подписка не создана", "Обновить не удалось: нет прав"}},
		"begins":           {begins, 0, []string{"Создаём подписку…", "создаём подписку…"}},
		"off":              {off, 0, []string{"Подписка снята: подключение выключено.", "выключена"}},
	} {
		t.Run(name, func(t *testing.T) {
			d := openThird(t, tt.it)
			d.Clock = d.Clock.Add(tt.later)
			d.View.Tick()
			d.Wants(tt.wants...)
			if offered := uitest.Buttons(d.View, map[string]*widgets.Button{})["Обновить сейчас"] != nil; offered != (name != "off") {
				t.Errorf("renewing is offered: %v", offered)
			}
		})
	}
}

func TestSubscription_isRenewedByAPress(t *testing.T) {
	d := openThird(t, uitest.Third())
	d.Press("Обновить сейчас")
	d.WantsTold("POST /integrations/i3/subscription {}")
	d.Wants("Обновляем подписку…")
	if uitest.Buttons(d.View, map[string]*widgets.Button{})["Обновить сейчас"].Enabled() {
		t.Error("it can be asked for twice at once")
	}
	it := uitest.Third()
	it.Subscription.Began, it.Subscription.Until, it.Subscription.RenewAt = uitest.At(uitest.Now), uitest.At(uitest.Now.Add(time.Hour)), uitest.At(uitest.Now.Add(30*time.Minute))
	d.View.Apply(&it)
	d.Wants("Действует до 15:32, продлим сами в 15:02")
	if strings.Contains(d.Says(), "Обновляем") || !uitest.Buttons(d.View, map[string]*widgets.Button{})["Обновить сейчас"].Enabled() {
		t.Error("the waiting does not end with the new subscription")
	}
	d.School.Answers["/integrations/i3/subscription"] = &client.Problem{Status: 502, Code: "pbx_refused", Detail: "АТС: неверный токен."}
	d.Press("Обновить сейчас")
	d.Wants("АТС: неверный токен.")
}

func TestForwarding_saysHowTheRulesStand(t *testing.T) {
	for name, tt := range map[string]struct {
		rules client.RouteRules
		want  string
	}{
		"all there":    {*uitest.Third().Rules, "Правила в АТС: 214 номеров, чужие 6 не трогаем. Сверено в 14:00."},
		"on their way": {client.RouteRules{Ours: 21, Waiting: 3, Refused: 2}, "Правила в АТС: 21 номер, 3 ждут отправки, 2 АТС не приняла."},
		"not at all":   {client.RouteRules{Error: "АТС не отвечает", ErrorEN: "no answer"}, "Правила в АТС не обновляются: АТС не отвечает"},
	} {
		t.Run(name, func(t *testing.T) {
			it := uitest.Third()
			it.Rules = &tt.rules
			openThird(t, it).Wants(tt.want, "Переадресовывать на ответственного")
		})
	}
}

// TestSettings_aSecretIsNeverShown: what the server keeps is dots, and a new one leaves no trace on the page.
func TestSettings_aSecretIsNeverShown(t *testing.T) {
	d := openThird(t, uitest.Third())
	d.Wants("1. Токен", "cloudpbx.beeline.ru → Настройки → API", "••••••••••••••••••••")
	d.Press("Заменить")
	secret := uitest.All[*widgets.Entry](d.View)[0]
	if !secret.Password {
		t.Fatal("a secret is typed in the open")
	}
	secret.SetText("new-token")
	d.Press("Сохранить")
	d.WantsTold(`PATCH /integrations/i3 {"credentials":{"api_key":"new-token"}}`)
	d.Wants("Заменить", "Сохранено")
	if strings.Contains(d.Says(), "new-token") || secret.Text != "" {
		t.Error("the secret stays on the page")
	}
}

// TestTelephony_goesOnAfterAnotherLanguage: the open page, the open list and all that is being typed.
func TestTelephony_goesOnAfterAnotherLanguage(t *testing.T) {
	d := openThird(t, uitest.Third())
	again := func() {
		d.View = d.Made()
		test.NewTempWindow(t, d.View).Resize(uitest.Tall)
		d.View.Shown()
	}
	d.Press("Заменить")
	d.Entry(0).SetText("half a tok")
	d.Entry(1).SetText("3021")
	d.Press("+ Добавить")
	again()
	d.Wants("1. Токен", "Другая АТС на ITooLabs", "Оставить прежний")
	if a, b := d.Entry(0).Text, d.Entry(1).Text; a != "half a tok" || b != "3021" {
		t.Errorf("what was being typed is now %q and %q", a, b)
	}
	d.Pick("Gravitel")
	d.Entry(0).SetText("https://avto.aicall")
	again()
	d.Wants("Gravitel", "впишите данные из кабинета")
	if got := d.Entry(0).Text; got != "https://avto.aicall" {
		t.Errorf("the new connection's address is now %q", got)
	}
	d.Press("Отменить")
	d.Wants("Mango Office")
}

// TestList_tellsWhenAPBXWasHeardLast, also when that changes while one looks at it.
func TestList_tellsWhenAPBXWasHeardLast(t *testing.T) {
	silent, blocked, off := uitest.Integration(), uitest.Integration(), uitest.Integration()
	silent.LastEvent = uitest.At(uitest.Ago(7 * time.Hour))
	blocked.Health = client.Health{State: client.HealthBlocked, Text: "Ключ не подошёл", TextEN: "The key was refused"}
	off.Active = false
	for want, it := range map[string]client.Integration{
		"активна · молчит с 07:32": silent, "ключ не подошёл": blocked, "выключена": off, "активна · событие 40 с назад": uitest.Integration(),
	} {
		d := uitest.NewDesk(t, uitest.Kireeva)
		d.School.Answers["GET /integrations"] = client.Page[client.Integration]{Items: []client.Integration{it}}
		d.View.Shown()
		d.Wants(want)
	}
	d := uitest.NewDesk(t, uitest.Kireeva)
	d.View.Shown()
	heard := uitest.Integration()
	heard.LastEvent = uitest.At(uitest.Now.Add(80 * time.Second))
	d.School.Answers["GET /integrations"] = client.Page[client.Integration]{Items: []client.Integration{heard}}
	d.Clock = d.Clock.Add(30 * time.Second)
	d.View.Tick()
	d.Wants("активна · событие 1 мин назад")
	d.Clock = d.Clock.Add(time.Minute)
	d.View.Tick()
	d.Wants("активна · событие 10 с назад")
}
