package beeline

import (
	"fmt"
	"time"

	"dozvon/app/beeline"
	"dozvon/app/bilingual"
)

// Text is a sentence in both languages; all of the adapter's stand in this file.
type text = bilingual.Text

var (
	textSource    = text{RU: "Виртуальная АТС от Билайн", EN: "Virtual PBX by Beeline"}
	textToken     = text{RU: "Ключ API", EN: "API key"}
	textTokenHint = text{
		RU: "cloudpbx.beeline.ru → «Настройки» → «API» → «Создать ключ»",
		EN: "cloudpbx.beeline.ru → «Настройки» → «API» → «Создать ключ»",
	}
	textSteps = []text{
		{
			RU: "Откройте cloudpbx.beeline.ru и войдите как администратор. В «Настройках» найдите «API» («Интеграция по API»): это платная функция, её подключают там же.",
			EN: "Open cloudpbx.beeline.ru as the administrator. In «Настройки» find «API» («Интеграция по API»): it is a paid feature, ordered in the same place.",
		},
		{
			RU: "Нажмите «Создать ключ», скопируйте его и вставьте в поле «Ключ API». Адрес для событий вводить никуда не нужно: Дозвон подписывается на них сам и сам продлевает подписку.",
			EN: "Press «Создать ключ», copy the key and paste it into “API key”. The address for events is entered nowhere: Dozvon subscribes to them itself and renews the subscription.",
		},
		{
			RU: "Включите запись разговоров у тех абонентов, чьи разговоры нужны: «Абоненты» → абонент → «Запись разговоров». Билайн включает её каждому отдельно.",
			EN: "Switch the recording on for the employees whose talks you need: «Абоненты» → the employee → «Запись разговоров». Beeline has one switch for each.",
		},
		{
			RU: "Имя клиента на экране телефона эта АТС показать не может: его видно только в карточке Дозвона. Завершить звонок, поставить его на удержание или отправить СМС из Дозвона она тоже не умеет.",
			EN: "This PBX cannot show the client's name on the telephone: only Dozvon's card does. Nor can it hang up, hold, or send a text message from Dozvon.",
		},
	}
	textPaused = text{
		RU: "АТС просит подождать: запросов слишком много, или ей самой плохо. Повторим сами.",
		EN: "The PBX asks to wait: there are too many requests, or it is not well. They are sent again by themselves.",
	}
	textForeignRule = "в АТС уже есть правило для этого номера, заведённое не Дозвоном; оно оставлено"
)

// codes are our numbers for the PBX's words (section 14), and those of HTTP that it answers with.
var codes = map[int]struct{ explain, advise text }{
	beeline.CodeRequestFailure: {
		text{RU: "АТС не поняла запрос", EN: "the PBX did not understand the request"},
		text{RU: "Проверьте номер и попробуйте ещё раз.", EN: "Check the number and try again."},
	},
	401: {
		text{RU: "АТС не приняла ключ", EN: "the PBX did not take the key"},
		text{RU: "Создайте новый ключ в кабинете («Настройки» → «API») и вставьте его в настройки подключения.", EN: "Create a new key in the cabinet («Настройки» → «API») and paste it into the connection's settings."},
	},
	beeline.CodeInsufficientCredits: {
		text{RU: "на счёте не хватает денег", EN: "there is not enough money on the account"},
		text{RU: "Пополните счёт в кабинете.", EN: "Top the account up in the cabinet."},
	},
	beeline.CodeForbidden: {
		text{RU: "звонок запрещён или отклонён", EN: "the call is barred or was declined"},
		text{RU: "Проверьте в кабинете, разрешено ли абоненту это направление.", EN: "Check in the cabinet whether the employee may call there."},
	},
	beeline.CodeUserNotFound: {
		text{RU: "такого абонента или номера нет", EN: "there is no such employee or number"},
		text{RU: "Проверьте номер; список сотрудников обновляется кнопкой «Взять из АТС».", EN: "Check the number; “Take from the PBX” renews the list of employees."},
	},
	beeline.CodeRequestTimeout: {
		text{RU: "трубку не взяли вовремя", EN: "nobody picked up in time"},
		text{RU: "Попробуйте ещё раз.", EN: "Try again."},
	},
	429: {
		text{RU: "слишком много запросов", EN: "too many requests"},
		text{RU: "Подождите немного: Дозвон повторит сам.", EN: "Wait a little: Dozvon tries again by itself."},
	},
	beeline.CodeTemporarilyUnavailable: {
		text{RU: "не отвечает или вне сети", EN: "no answer, or out of reach"},
		text{RU: "Попробуйте позже.", EN: "Try later."},
	},
	beeline.CodeTranslationFailure: {
		text{RU: "номер набран неверно", EN: "the number was dialled wrongly"},
		text{RU: "Проверьте номер.", EN: "Check the number."},
	},
	beeline.CodeBusy: {
		text{RU: "занято, или звонок отклонён", EN: "busy, or the call was declined"},
		text{RU: "Попробуйте позже.", EN: "Try later."},
	},
	beeline.CodeDialToneTimeout: {
		text{RU: "номер так и не набрали", EN: "no number was dialled"},
		text{RU: "Попробуйте ещё раз.", EN: "Try again."},
	},
	beeline.CodeServerFailure: {
		text{RU: "ошибка в АТС", EN: "an error inside the PBX"},
		text{RU: "Попробуйте позже; если повторяется, напишите в поддержку Билайна.", EN: "Try later; if it goes on, write to Beeline's support."},
	},
	beeline.CodeRoutingFailure: {
		text{RU: "АТС не нашла дороги к номеру", EN: "the PBX found no way to the number"},
		text{RU: "Проверьте номер и попробуйте позже.", EN: "Check the number and try later."},
	},
	beeline.CodeGlobalFailure: {
		text{RU: "звонок нигде не приняли", EN: "the call was taken nowhere"},
		text{RU: "Попробуйте позже.", EN: "Try later."},
	},
	beeline.CodeOther: {
		text{RU: "звонок не состоялся", EN: "the call failed"},
		text{RU: "Попробуйте ещё раз.", EN: "Try again."},
	},
}

// Explain gives a code in words.
func (p *Provider) Explain(code int) text { return explain(code) }

// Advise says what to do about a code.
func (p *Provider) Advise(code int) text { return advise(code) }

func explain(code int) text {
	if c, ok := codes[code]; ok {
		return c.explain
	}
	return text{RU: fmt.Sprintf("АТС ответила кодом %d", code), EN: fmt.Sprintf("the PBX answered with code %d", code)}
}

func advise(code int) text { return codes[code].advise }

// Names of the findings, in the order in which they are shown.
var (
	nameAPI        = text{RU: "Адрес API", EN: "API address"}
	nameToken      = text{RU: "Ключ API", EN: "API key"}
	nameEvents     = text{RU: "События доходят до нас", EN: "Events reach us"}
	nameClock      = text{RU: "Часы", EN: "Clocks"}
	nameExtensions = text{RU: "Внутренние номера", EN: "Extensions"}
	nameLines      = text{RU: "Линии", EN: "Lines"}
	nameRecordings = text{RU: "Записи разговоров", EN: "Recordings"}
	nameRules      = text{RU: "Переадресация к ответственному", EN: "Routing to the responsible"}
)

func textForbiddenAddress(url string) text {
	return text{
		RU: url + " ведёт туда, куда серверу подключаться не разрешено. Проверьте адрес; для АТС в своей сети сервер запускают с --allow-local-pbx.",
		EN: url + " leads where the server may not connect. Check the address; for a PBX in your own network the server is run with --allow-local-pbx.",
	}
}

func textNotThePBX(url string) text {
	return text{
		RU: "По адресу " + url + " отвечает не АТС. Обычный адрес — " + beeline.BaseURL,
		EN: "What answers at " + url + " is not the PBX. The usual address is " + beeline.BaseURL,
	}
}

func textNoAnswer(url string) text {
	return text{
		RU: "Не отвечает: " + url + ". Проверьте интернет на сервере и адрес.",
		EN: "No answer from " + url + ". Check the server's internet and the address.",
	}
}

var (
	textAnswers     = text{RU: "Отвечает", EN: "Answers"}
	textTokenTaken  = text{RU: "АТС приняла ключ", EN: "The PBX took the key"}
	textNotTried    = text{RU: "Пока АТС не отвечает, не проверить", EN: "Cannot be tried while the PBX does not answer"}
	textNoEvents    = text{RU: "Ещё ни одного. Позвоните на свой номер: событие должно прийти сразу. Если нет, АТС не достучалась до %s: адрес должен открываться из интернета по https.", EN: "None yet. Call your own number: an event should come at once. If none does, the PBX cannot reach %s: the address must be open to the internet by https."}
	textNoClock     = text{RU: "АТС не сказала своего времени", EN: "The PBX did not tell its time"}
	textNoneOfLines = text{RU: "Ни одной: клиентам некуда звонить. Подключите номер в кабинете.", EN: "None: clients have nowhere to call. Connect a number in the cabinet."}
	textNobody      = text{RU: "Таблица пуста: карточка не появится ни у кого. Нажмите «Взять из АТС».", EN: "The table is empty: no card will appear. Press “Take from the PBX”."}
	textNoSwitches  = text{RU: "АТС не сказала, у кого включена запись", EN: "The PBX did not tell whose calls are recorded"}
	textRulesOff    = text{RU: "Выключена. Если включить, Дозвон заведёт в АТС правило для каждого клиента с ответственным («индивидуальная переадресация»).", EN: "Off. Once on, Dozvon keeps a rule in the PBX for every client with a responsible employee («индивидуальная переадресация»)."}
	textNoRules     = text{RU: "АТС не дала список правил", EN: "The PBX gave no list of its rules"}
	textRulesNoLine = text{RU: "«Индивидуальная переадресация» не включена ни на одной линии. Дозвон включит её сам, когда появится первое правило.", EN: "«Индивидуальная переадресация» is on for no line. Dozvon switches it on with the first rule."}
)

func textLastEvent(ago, delay time.Duration) text {
	t := text{RU: "Последнее — " + agoRU(ago), EN: "The last one " + agoEN(ago)}
	if delay >= time.Second {
		return text{RU: t.RU + fmt.Sprintf(", задержка %.0f с", delay.Seconds()), EN: t.EN + fmt.Sprintf(", delay %.0f s", delay.Seconds())}
	}
	return text{RU: t.RU + ", задержка меньше секунды", EN: t.EN + ", delay below a second"}
}

func textDelayed(delay time.Duration) text {
	return text{
		RU: fmt.Sprintf("События приходят на %.0f с позже своего времени: они задерживаются, или отстают часы АТС. О звонке старше пяти минут карточка не всплывает. Обратитесь в поддержку Билайна.", delay.Seconds()),
		EN: fmt.Sprintf("Events come %.0f s after their own time: they are held up, or the PBX's clock is slow. No card comes up for a call of more than five minutes ago. Ask Beeline's support.", delay.Seconds()),
	}
}

func textClock(diff time.Duration, far bool) text {
	s := max(diff, time.Second).Seconds()
	if !far {
		return text{RU: fmt.Sprintf("Расходятся не больше чем на %.0f с", s), EN: fmt.Sprintf("Within %.0f s of each other", s)}
	}
	return text{
		RU: fmt.Sprintf("Часы сервера и АТС расходятся на %.0f с. Включите на сервере синхронизацию времени (NTP).", s),
		EN: fmt.Sprintf("The server's clock and the PBX's are %.0f s apart. Switch time synchronisation (NTP) on.", s),
	}
}

func textMissing(list string) text {
	return text{
		RU: "В АТС нет номеров: " + list + ". Исправьте таблицу или абонента в кабинете.",
		EN: "The PBX has no such extensions: " + list + ". Mend the table, or the employee in the cabinet.",
	}
}

func textUnowned(list string) text {
	return text{
		RU: "Есть в АТС, но ни с кем не связаны: " + list + ". Нажмите «Взять из АТС».",
		EN: "In the PBX but nobody's here: " + list + ". Press “Take from the PBX”.",
	}
}

func textAllThere(n int) text {
	return text{RU: fmt.Sprintf("Все на месте: %d", n), EN: fmt.Sprintf("All in place: %d", n)}
}

func textUnrecorded(list string) text {
	return text{
		RU: "Запись выключена: " + list + ". В кабинете: «Абоненты» → абонент → «Запись разговоров».",
		EN: "The recording is off: " + list + ". In the cabinet: «Абоненты» → the employee → «Запись разговоров».",
	}
}

func textRecorded(recorded, answered int) text {
	if answered == 0 {
		return text{RU: "Запись включена у всех", EN: "Everybody is recorded"}
	}
	return text{
		RU: fmt.Sprintf("Запись включена у всех. За неделю: %d из %d разговоров", recorded, answered),
		EN: fmt.Sprintf("Everybody is recorded. Last week: %d of %d talks", recorded, answered),
	}
}

func textRules(all, lines int) text {
	return text{
		RU: fmt.Sprintf("Правил в АТС: %d, линий с переадресацией: %d", all, lines),
		EN: fmt.Sprintf("Rules in the PBX: %d, lines with routing: %d", all, lines),
	}
}

var textSwitch = map[string]text{
	"command": {
		RU: "Команда не дошла. Проверьте «Ключ API»: cloudpbx.beeline.ru → «Настройки» → «API». У сотрудника должен быть внутренний номер в этой АТС.",
		EN: "The command did not arrive. Check the “API key”: cloudpbx.beeline.ru → «Настройки» → «API». The employee must have an extension of this PBX.",
	},
	"webhook": {
		RU: "Событие не пришло. АТС присылает события на адрес Дозвона: он должен открываться из интернета по https. Подписка продлевается сама; её состояние видно в настройках подключения.",
		EN: "No event came. The PBX posts events to Dozvon's address: it must be open to the internet by https. The subscription is renewed by itself; the connection's settings show its state.",
	},
}

func agoRU(d time.Duration) string {
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d с назад", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%d мин назад", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d ч назад", int(d.Hours()))
	}
	return fmt.Sprintf("%d дн назад", int(d.Hours()/24))
}

func agoEN(d time.Duration) string {
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d s ago", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%d min ago", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h ago", int(d.Hours()))
	}
	return fmt.Sprintf("%d days ago", int(d.Hours()/24))
}
