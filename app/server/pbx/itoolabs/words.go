package itoolabs

import (
	"fmt"
	"net/http"
	"time"

	"dozvon/app/bilingual"
)

// All that this adapter says to people.

var wordsSource = bilingual.Text{RU: "Виртуальная АТС на платформе ITooLabs", EN: "Virtual PBX by ITooLabs"}

// The fields of an account.
var (
	labelKey        = bilingual.Text{RU: "Ключ для API АТС", EN: "Key of the PBX's API"}
	hintKey         = bilingual.Text{RU: "Кабинет → «Интеграция с CRM» → своя CRM (API) → «Ключ для авторизации в ВАТС»", EN: "Cabinet → «Интеграция с CRM» → own CRM (API) → the key for requests to the PBX"}
	labelToken      = bilingual.Text{RU: "Ключ CRM (crm_token)", EN: "Key of the CRM (crm_token)"}
	hintToken       = bilingual.Text{RU: "Там же: «Ключ для авторизации в вашей CRM». Им АТС подтверждает, что событие от неё", EN: "In the same place: the key for requests to your CRM, by which the PBX proves that an event is its own"}
	labelGeneration = bilingual.Text{RU: "Поколение API: auto, old или new", EN: "API generation: auto, old or new"}
	hintGeneration  = bilingual.Text{RU: "Пусто или auto — выяснится само. old — адрес с crm_api.wcgp, new — с crmapi/v1", EN: "Empty or auto: it is found out. old: an address with crm_api.wcgp, new: with crmapi/v1"}
	labelHosts      = bilingual.Text{RU: "Адреса записей", EN: "Hosts of recordings"}
	hintHosts       = bilingual.Text{RU: "Если записи лежат не у АТС: домены через запятую, например files.example.ru", EN: "If recordings lie elsewhere than at the PBX: domains with commas, e.g. files.example.ru"}
)

// steps say what to do in the cabinet.
var steps = []bilingual.Text{
	{RU: "Откройте кабинет АТС: «Настройки» → «Интеграция с CRM» → своя CRM (API) → «Подключить».", EN: "Open the PBX's cabinet: «Настройки» → «Интеграция с CRM» → own CRM (API) → «Подключить»."},
	{RU: "Скопируйте оттуда адрес АТС и ключ для авторизации в ВАТС сюда.", EN: "Copy the PBX's address and the key for requests to it to here."},
	{RU: "Ключ для вашей CRM придумайте или создайте в кабинете и впишите в оба места: он один и тот же.", EN: "Make up the key of your CRM, or have the cabinet make it, and enter the same one in both places."},
	{RU: "Вставьте адрес для событий, который показан здесь, в поле «Адрес вашей CRM» и сохраните.", EN: "Paste the address for events that is shown here into the field «Адрес вашей CRM», and save."},
	{RU: "Чтобы звонок шёл к ответственному, включите в кабинете «Переводить на ответственного» для нужных номеров.", EN: "To have calls go to whoever is responsible, switch «Переводить на ответственного» on in the cabinet, number by number."},
	{RU: "Сопоставьте сотрудников: «Взять из АТС» в таблице внутренних номеров.", EN: "Match the employees: “Take from the PBX” in the table of extensions."},
}

// Numbers that are neither of a result nor of HTTP.
const (
	codeNoAddress = 1 // the account has no address that is one
	codeOtherHost = 2 // a recording lies on another host
)

// explanations are of results (section 11) and of HTTP's answers; where a number is both, it means one.
var explanations = map[int]bilingual.Text{
	http.StatusOK:               {RU: "разговор состоялся", EN: "they talked"},
	http.StatusMovedPermanently: {RU: "по этому адресу вашей АТС нет", EN: "your PBX is not at this address"},
	http.StatusBadRequest:       {RU: "запрос не принят", EN: "the request was not taken"},
	http.StatusUnauthorized:     {RU: "ключ не подходит", EN: "the key does not fit"},
	http.StatusForbidden:        {RU: "не разрешено", EN: "it is not allowed"},
	http.StatusNotFound:         {RU: "такого номера нет", EN: "there is no such number"},
	http.StatusRequestTimeout:   {RU: "никто не ответил", EN: "nobody answered"},
	http.StatusTooManyRequests:  {RU: "слишком много запросов", EN: "too many requests"},
	480:                         {RU: "абонент недоступен", EN: "the number cannot be reached"},
	486:                         {RU: "занято", EN: "busy"},
	487:                         {RU: "вызов отменён", EN: "the call was cancelled"},
	codeNoAddress:               {RU: "у подключения нет адреса АТС", EN: "the integration has no address of the PBX"},
	codeOtherHost:               {RU: "запись лежит не у АТС", EN: "the recording does not lie with the PBX"},
}

var advices = map[int]bilingual.Text{
	http.StatusMovedPermanently: {RU: "Проверьте адрес АТС в настройках: у каждой компании он свой.", EN: "Check the PBX's address in the settings: every company has its own."},
	http.StatusBadRequest:       {RU: "Проверьте номер и внутренний номер сотрудника.", EN: "Check the number and the employee's extension."},
	http.StatusUnauthorized:     {RU: "Скопируйте ключ из кабинета ещё раз: «Интеграция с CRM».", EN: "Copy the key from the cabinet again: «Интеграция с CRM»."},
	http.StatusForbidden:        {RU: "Спросите оператора, разрешает ли это ваш тариф.", EN: "Ask the operator whether your tariff allows it."},
	http.StatusNotFound:         {RU: "Проверьте номер.", EN: "Check the number."},
	http.StatusTooManyRequests:  {RU: "Повторите через минуту.", EN: "Try again in a minute."},
	codeNoAddress:               {RU: "Впишите его в настройках, например https://name.megapbx.ru/.", EN: "Enter it in the settings, e.g. https://name.megapbx.ru/."},
	codeOtherHost:               {RU: "Если это верный адрес, впишите его в настройках АТС: «Адреса записей».", EN: "If that is right, enter it in the PBX's settings: “Hosts of recordings”."},
}

func explain(code int) bilingual.Text {
	if w, ok := explanations[code]; ok {
		return w
	}
	return bilingual.Text{RU: "неизвестный ответ", EN: "an unknown answer"}
}

func advise(code int) bilingual.Text { return advices[code] }

func otherHostWords(host string) bilingual.Text {
	return bilingual.Text{RU: "запись лежит на " + host + ", а не у АТС", EN: "the recording lies on " + host + ", not with the PBX"}
}

var wordsPause = bilingual.Text{RU: "АТС просила подождать или была нездорова", EN: "the PBX asked to wait, or was not well"}

// What a check is called, and what it found.
var (
	nameAPI        = bilingual.Text{RU: "Адрес API", EN: "API address"}
	nameKey        = bilingual.Text{RU: "Ключ", EN: "Key"}
	nameEvents     = bilingual.Text{RU: "События доходят до нас", EN: "Events reach us"}
	nameClock      = bilingual.Text{RU: "Часы", EN: "Clocks"}
	nameExtensions = bilingual.Text{RU: "Внутренние номера", EN: "Extensions"}
	nameRecordings = bilingual.Text{RU: "Записи разговоров", EN: "Recordings"}
	nameName       = bilingual.Text{RU: "Имя на экране телефона", EN: "Name on the telephone"}

	foundKey     = bilingual.Text{RU: "АТС приняла ключ", EN: "The PBX took the key"}
	foundNothing = bilingual.Text{RU: "Пока АТС не отвечает, не проверить", EN: "Cannot be tried while the PBX does not answer"}
	foundNoTable = bilingual.Text{RU: "Таблица пуста: карточка не появится ни у кого. Нажмите «Взять из АТС».", EN: "The table is empty: no card will appear. Press “Take from the PBX”."}
	foundNoTalk  = bilingual.Text{RU: "За неделю не было разговоров, по которым видно", EN: "No talks in the last week to tell by"}

	foundNoRecording = bilingual.Text{RU: "За неделю ни одной: включите запись разговоров в кабинете АТС.", EN: "None in the last week: switch recording on in the PBX's cabinet."}
	foundNotAsked    = bilingual.Text{
		RU: "АТС спрашивает имя сама, в начале входящего звонка. Если на телефоне его нет, включите в кабинете запрос контакта из CRM.",
		EN: "The PBX asks for the name itself, at the beginning of an inbound call. If a telephone does not show it, switch the request to the CRM on in the cabinet.",
	}
)

func foundForbidden(address string) bilingual.Text {
	return bilingual.Text{
		RU: address + " ведёт туда, куда серверу подключаться не разрешено. Проверьте адрес; для АТС в своей сети сервер запускают с --allow-local-pbx.",
		EN: address + " leads where the server may not connect. Check the address; for a PBX in your own network the server is run with --allow-local-pbx.",
	}
}

func foundOther(address string) bilingual.Text {
	return bilingual.Text{RU: "По адресу " + address + " отвечает не API АТС. Проверьте адрес в кабинете: «Интеграция с CRM».", EN: "What answers at " + address + " is not the PBX's API. Check the address in the cabinet: «Интеграция с CRM»."}
}

func foundSilent(address string) bilingual.Text {
	return bilingual.Text{RU: "Не отвечает: " + address + ". Проверьте интернет на сервере и адрес в кабинете: «Интеграция с CRM».", EN: "No answer from " + address + ". Check the server's internet, and the address in the cabinet: «Интеграция с CRM»."}
}

func foundAPI(g generation) bilingual.Text {
	switch g {
	case newAPI:
		return bilingual.Text{RU: "Отвечает, новое API (crmapi/v1)", EN: "Answers, the new API (crmapi/v1)"}
	case oldAPI:
		return bilingual.Text{RU: "Отвечает, старое API (crm_api.wcgp)", EN: "Answers, the old API (crm_api.wcgp)"}
	}
	return bilingual.Text{RU: "Отвечает", EN: "Answers"}
}

func foundNoEvent(address string) bilingual.Text {
	return bilingual.Text{
		RU: "Ещё ни одного. Вставьте " + address + " в кабинете: «Интеграция с CRM» → «Адрес вашей CRM», и сохраните.",
		EN: "None yet. Paste " + address + " in the cabinet: «Интеграция с CRM» → «Адрес вашей CRM», and save.",
	}
}

func foundEvent(ago time.Duration) bilingual.Text {
	n, unit := agoOf(ago)
	ru := map[string]string{"s": "с", "min": "мин", "h": "ч", "d": "дн"}
	en := map[string]string{"s": "s", "min": "min", "h": "h", "d": "days"}
	return bilingual.Text{RU: fmt.Sprintf("Последнее — %d %s назад", n, ru[unit]), EN: fmt.Sprintf("The last one %d %s ago", n, en[unit])}
}

func foundClock(apart time.Duration) bilingual.Text {
	return bilingual.Text{
		RU: fmt.Sprintf("Часы сервера и АТС расходятся на %.0f с; звонки датируются по часам АТС. Включите на сервере синхронизацию времени (NTP).", apart.Seconds()),
		EN: fmt.Sprintf("The clocks of the server and the PBX are %.0f s apart; calls are dated by the PBX's. Switch time synchronisation (NTP) on.", apart.Seconds()),
	}
}

func foundMissing(list string) bilingual.Text {
	return bilingual.Text{
		RU: "В АТС нет номеров: " + list + ". Исправьте таблицу или карточку сотрудника в кабинете.",
		EN: "The PBX has no such extensions: " + list + ". Mend the table, or the employee's card in the cabinet.",
	}
}

func foundNobody(list string) bilingual.Text {
	return bilingual.Text{RU: "Есть в АТС, но ни с кем не связаны: " + list + ". Нажмите «Взять из АТС».", EN: "In the PBX but nobody's here: " + list + ". Press “Take from the PBX”."}
}

func foundAll(n int) bilingual.Text {
	return bilingual.Text{RU: fmt.Sprintf("Все на месте: %d", n), EN: fmt.Sprintf("All in place: %d", n)}
}

func foundRecordings(have, of int) bilingual.Text {
	return bilingual.Text{RU: fmt.Sprintf("За неделю: %d из %d разговоров", have, of), EN: fmt.Sprintf("Last week: %d of %d talks", have, of)}
}

func foundAsked(n int) bilingual.Text {
	return bilingual.Text{RU: fmt.Sprintf("За неделю АТС получила имя: %d", n), EN: fmt.Sprintf("Names given to the PBX in the last week: %d", n)}
}

// Which switch in the cabinet is off, when a connectivity test ends halfway.
var (
	switchCommand = bilingual.Text{
		RU: "Команда не дошла. В кабинете: «Интеграция с CRM»: адрес АТС и ключ для авторизации в ВАТС.",
		EN: "The command did not arrive. In the cabinet: «Интеграция с CRM»: the PBX's address, and the key for requests to it.",
	}
	switchToken = bilingual.Text{
		RU: "Событие пришло, но с другим ключом CRM. Впишите в обоих местах один и тот же.",
		EN: "The event came, but with another key of the CRM. Enter the same one in both places.",
	}
	switchEvents = bilingual.Text{
		RU: "Событие не пришло. В кабинете: «Интеграция с CRM» → «Адрес вашей CRM» должен быть тем, который показан здесь.",
		EN: "No event came. In the cabinet: «Интеграция с CRM» → «Адрес вашей CRM» must be the one that is shown here.",
	}
)
