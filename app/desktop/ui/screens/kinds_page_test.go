package screens

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// openThird is the page of the PBX with a subscription, beside two others.
func openThird(t *testing.T, it client.Integration) *desk {
	t.Helper()
	d := newDesk(t, kireeva)
	d.school.answers["GET /integrations"] = client.Page[client.Integration]{Items: []client.Integration{integration(), second(), it}}
	d.view.Shown()
	d.view.Open("i3")
	return d
}

// TestKinds_aKindThatNobodyKnowsIsConnected: all that is drawn of it is what the server tells.
func TestKinds_aKindThatNobodyKnowsIsConnected(t *testing.T) {
	d := newDesk(t, kireeva)
	d.school.answers["GET /integrations"] = client.Page[client.Integration]{}
	d.view.Shown()
	d.wants("Звезда-Коммуникации Северо-Восток", "номер лицевого счёта в личном кабинете администратора, пин-код")
	d.pick("Звезда-Коммуникации Северо-Восток")
	d.wants("Номер лицевого счёта в личном кабинете администратора", "Приходит письмом", "Адрес АТС: https://api.starcom.example/")
	d.entry(0).SetText("771")
	d.press("Сохранить")
	d.wants("Заполните: Пин-код.") // the region may stay empty
	d.entry(1).SetText("0000")
	d.press("Сохранить")
	d.wantsTold(`POST /integrations {"kind":"starcom","active":true,"api_url":"https://api.starcom.example/","credentials":{"pin":"0000","portal":"771"}}`)
	d.wants("2. Внутренние номера", "Эта АТС не умеет: имя на телефоне, запись, перевести, SMS, удержать, спросить коллегу, завершить, включить запись в разговоре, сверка звонков.",
		"Этих кнопок у её звонков не будет. Звонок одним нажатием есть.", "Переадресовывать на ответственного")
	for _, absent := range []string{"Взять из АТС", "Вставьте этот адрес", "Адресная книга", "Сверить сейчас", "Подписка на события"} {
		if strings.Contains(d.words(), absent) {
			t.Errorf("%q is offered although the kind does not tell of it", absent)
		}
	}
}

// TestKinds_aBrandIsConnectedUnderItsName with the address that only its customers have.
func TestKinds_aBrandIsConnectedUnderItsName(t *testing.T) {
	d := newDesk(t, kireeva)
	d.view.Shown()
	d.press("+ Добавить")
	d.wants("МегаФон ВАТС", "Dom.ru", "Gravitel", "Другая АТС на ITooLabs", "адрес, ключ АТС, ключ для CRM")
	d.pick("МегаФон ВАТС")
	if got := d.entry(0).PlaceHolder; got != "https://school.megapbx.ru/" {
		t.Errorf("the address looks like %q", got)
	}
	d.press("Сохранить")
	d.wants("Заполните: Адрес АТС, Ключ АТС, Ключ для CRM.")
	for n, words := range []string{"https://avto.megapbx.ru/", "k1", "k2"} {
		d.entry(n).SetText(words)
	}
	d.press("Сохранить")
	d.wantsTold(`POST /integrations {"kind":"itoolabs","name":"МегаФон ВАТС","active":true,"api_url":"https://avto.megapbx.ru/","credentials":{"api_key":"k1","api_salt":"k2"}}`)
}

// TestKinds_withoutTheirListThePagesStand: what is connected works on, and what is missing says why.
func TestKinds_withoutTheirListThePagesStand(t *testing.T) {
	d := newDesk(t, kireeva)
	d.school.answers["GET /integrations/kinds"] = &client.Problem{Status: 503, Code: "busy", Detail: "Сервер занят."}
	d.view.Shown()
	d.wants("Проверка", "Внутренние номера", "Позвонить мне", "Адресная книга АТС")
	d.press("+ Добавить")
	d.wants("Сервер занят.")
	d.school.answers["GET /integrations/kinds"] = kinds()
	d.press("Повторить")
	d.wants("Билайн", "токен")
}

func TestSubscription_saysUntilWhenAndWhatHappensThen(t *testing.T) {
	broken, failed := third(), third()
	broken.Subscription.RestoredAt = nil
	broken.Subscription.LostAt = at(ago(5 * time.Minute))
	broken.Subscription.State = client.SubscriptionEnded
	broken.Subscription.Error, broken.Subscription.ErrorEN = "токен не подошёл", "the token was refused"
	failed.Subscription.State = client.SubscriptionOverdue
	off := third()
	off.Active, off.Subscription.State = false, client.SubscriptionOff
	never := third()
	never.Subscription = &client.Subscription{State: client.SubscriptionEnded}
	for name, tt := range map[string]struct {
		it    client.Integration
		later time.Duration
		wants []string
	}{
		"in time":          {third(), 0, []string{"Действует до 15:09, продлим сами в 14:39", "14:39 продление", "14:09", "В 12:10 прервалась; новая создана через 40 с."}},
		"late by the word": {failed, 0, []string{"Действует до 15:09, но вовремя не продлена.", "подписка не продлена"}},
		"late by clock":    {third(), 10 * time.Minute, []string{"Действует до 15:09, но вовремя не продлена."}},
		"ended by clock":   {third(), 40 * time.Minute, []string{"Событий нет с 15:09", "событий нет с 15:09"}},
		"ended":            {broken, 0, []string{"Событий нет с 14:27", "Обновить не удалось: токен не подошёл"}},
		"never was":        {never, 0, []string{"Событий нет: подписки ещё не было"}},
		"off":              {off, 0, []string{"Подписка снята: подключение выключено.", "выключена"}},
	} {
		t.Run(name, func(t *testing.T) {
			d := openThird(t, tt.it)
			d.now = d.now.Add(tt.later)
			d.view.Tick()
			d.wants(tt.wants...)
			if offered := buttons(d.view, map[string]*widgets.Button{})["Обновить сейчас"] != nil; offered != (name != "off") {
				t.Errorf("renewing is offered: %v", offered)
			}
		})
	}
}

func TestSubscription_isRenewedByAPress(t *testing.T) {
	d := openThird(t, third())
	d.press("Обновить сейчас")
	d.wantsTold("POST /integrations/i3/subscription {}")
	d.wants("Обновляем подписку…")
	if buttons(d.view, map[string]*widgets.Button{})["Обновить сейчас"].Enabled() {
		t.Error("it can be asked for twice at once")
	}
	it := third()
	it.Subscription.Began, it.Subscription.Until, it.Subscription.RenewAt = at(now), at(now.Add(time.Hour)), at(now.Add(30*time.Minute))
	d.view.Apply(&it)
	d.wants("Действует до 15:32, продлим сами в 15:02")
	if strings.Contains(d.words(), "Обновляем") || !buttons(d.view, map[string]*widgets.Button{})["Обновить сейчас"].Enabled() {
		t.Error("the waiting does not end with the new subscription")
	}
	d.school.answers["/integrations/i3/subscription"] = &client.Problem{Status: 502, Code: "pbx_refused", Detail: "АТС: неверный токен."}
	d.press("Обновить сейчас")
	d.wants("АТС: неверный токен.")
}

func TestForwarding_saysHowTheRulesStand(t *testing.T) {
	for name, tt := range map[string]struct {
		rules client.RouteRules
		want  string
	}{
		"all there":    {*third().Rules, "Правила в АТС: 214 номеров, чужие 6 не трогаем. Сверено в 14:00."},
		"on their way": {client.RouteRules{Ours: 21, Waiting: 3, Refused: 2}, "Правила в АТС: 21 номер, 3 ждут отправки, 2 АТС не приняла."},
		"not at all":   {client.RouteRules{Error: "АТС не отвечает", ErrorEN: "no answer"}, "Правила в АТС не обновляются: АТС не отвечает"},
	} {
		t.Run(name, func(t *testing.T) {
			it := third()
			it.Rules = &tt.rules
			openThird(t, it).wants(tt.want, "Переадресовывать на ответственного")
		})
	}
}

// TestSettings_aSecretIsNeverShown: what the server keeps is dots, and a new one leaves no trace on the page.
func TestSettings_aSecretIsNeverShown(t *testing.T) {
	d := openThird(t, third())
	d.wants("1. Токен", "cloudpbx.beeline.ru → Настройки → API", "••••••••••••••••••••")
	d.press("Заменить")
	secret := all[*widgets.Entry](d.view)[0]
	if !secret.Password {
		t.Fatal("a secret is typed in the open")
	}
	secret.SetText("new-token")
	d.press("Сохранить")
	d.wantsTold(`PATCH /integrations/i3 {"credentials":{"api_key":"new-token"}}`)
	d.wants("Заменить", "Сохранено")
	if strings.Contains(d.words(), "new-token") || secret.Text != "" {
		t.Error("the secret stays on the page")
	}
}

// TestTelephony_goesOnAfterAnotherLanguage: the open page, the open list and all that is being typed.
func TestTelephony_goesOnAfterAnotherLanguage(t *testing.T) {
	d := openThird(t, third())
	again := func() {
		d.view = d.made()
		test.NewTempWindow(t, d.view).Resize(tall)
		d.view.Shown()
	}
	d.press("Заменить")
	d.entry(0).SetText("half a tok")
	d.entry(1).SetText("3021")
	d.press("+ Добавить")
	again()
	d.wants("1. Токен", "Другая АТС на ITooLabs", "Оставить прежний")
	if a, b := d.entry(0).Text, d.entry(1).Text; a != "half a tok" || b != "3021" {
		t.Errorf("what was being typed is now %q and %q", a, b)
	}
	d.pick("Gravitel")
	d.entry(0).SetText("https://avto.aicall")
	again()
	d.wants("Gravitel", "впишите данные из кабинета")
	if got := d.entry(0).Text; got != "https://avto.aicall" {
		t.Errorf("the new connection's address is now %q", got)
	}
	d.press("Отменить")
	d.wants("Mango Office")
}
