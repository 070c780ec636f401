package itoolabs

import (
	"fmt"
	"net/http"
	"time"

	"dozvon/app/server/pbx"
)

// All that this adapter says to people.

var wordsSource = pbx.Words{RU: "Виртуальная АТС на платформе ITooLabs", EN: "Virtual PBX by ITooLabs"}

// The fields of an account.
var (
	labelKey        = pbx.Words{RU: "Ключ для API АТС", EN: "Key of the PBX's API"}
	hintKey         = pbx.Words{RU: "Кабинет → «Интеграция с CRM» → своя CRM (API) → «Ключ для авторизации в ВАТС»", EN: "Cabinet → «Интеграция с CRM» → own CRM (API) → the key for requests to the PBX"}
	labelToken      = pbx.Words{RU: "Ключ CRM (crm_token)", EN: "Key of the CRM (crm_token)"}
	hintToken       = pbx.Words{RU: "Там же: «Ключ для авторизации в вашей CRM». Им АТС подтверждает, что событие от неё", EN: "In the same place: the key for requests to your CRM, by which the PBX proves that an event is its own"}
	labelGeneration = pbx.Words{RU: "Поколение API: auto, old или new", EN: "API generation: auto, old or new"}
	hintGeneration  = pbx.Words{RU: "Пусто или auto — выяснится само. old — адрес с crm_api.wcgp, new — с crmapi/v1", EN: "Empty or auto: it is found out. old: an address with crm_api.wcgp, new: with crmapi/v1"}
	labelHosts      = pbx.Words{RU: "Адреса записей", EN: "Hosts of recordings"}
	hintHosts       = pbx.Words{RU: "Если записи лежат не у АТС: домены через запятую, например files.example.ru", EN: "If recordings lie elsewhere than at the PBX: domains with commas, e.g. files.example.ru"}
)

// steps say what to do in the cabinet.
var steps = []pbx.Words{
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
var explanations = map[int]pbx.Words{
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

var advices = map[int]pbx.Words{
	http.StatusMovedPermanently: {RU: "Проверьте адрес АТС в настройках: у каждой компании он свой.", EN: "Check the PBX's address in the settings: every company has its own."},
	http.StatusBadRequest:       {RU: "Проверьте номер и внутренний номер сотрудника.", EN: "Check the number and the employee's extension."},
	http.StatusUnauthorized:     {RU: "Скопируйте ключ из кабинета ещё раз: «Интеграция с CRM».", EN: "Copy the key from the cabinet again: «Интеграция с CRM»."},
	http.StatusForbidden:        {RU: "Спросите оператора, разрешает ли это ваш тариф.", EN: "Ask the operator whether your tariff allows it."},
	http.StatusNotFound:         {RU: "Проверьте номер.", EN: "Check the number."},
	http.StatusTooManyRequests:  {RU: "Повторите через минуту.", EN: "Try again in a minute."},
	codeNoAddress:               {RU: "Впишите его в настройках, например https://name.megapbx.ru/.", EN: "Enter it in the settings, e.g. https://name.megapbx.ru/."},
	codeOtherHost:               {RU: "Если это верный адрес, впишите его в настройках АТС: «Адреса записей».", EN: "If that is right, enter it in the PBX's settings: “Hosts of recordings”."},
}

func explain(code int) pbx.Words {
	if w, ok := explanations[code]; ok {
		return w
	}
	return pbx.Words{RU: "неизвестный ответ", EN: "an unknown answer"}
}

func advise(code int) pbx.Words { return advices[code] }

func otherHostWords(host string) pbx.Words {
	return pbx.Words{RU: "запись лежит на " + host + ", а не у АТС", EN: "the recording lies on " + host + ", not with the PBX"}
}

var wordsPause = pbx.Words{RU: "АТС просила подождать или была нездорова", EN: "the PBX asked to wait, or was not well"}

// What a check is called, and what it found.
var (
	nameAPI        = pbx.Words{RU: "Адрес API", EN: "API address"}
	nameKey        = pbx.Words{RU: "Ключ", EN: "Key"}
	nameEvents     = pbx.Words{RU: "События доходят до нас", EN: "Events reach us"}
	nameExtensions = pbx.Words{RU: "Внутренние номера", EN: "Extensions"}
	nameRecordings = pbx.Words{RU: "Записи разговоров", EN: "Recordings"}
	nameName       = pbx.Words{RU: "Имя на экране телефона", EN: "Name on the telephone"}

	foundKey     = pbx.Words{RU: "АТС приняла ключ", EN: "The PBX took the key"}
	foundNothing = pbx.Words{RU: "Пока АТС не отвечает, не проверить", EN: "Cannot be tried while the PBX does not answer"}
	foundNoTable = pbx.Words{RU: "Таблица пуста: карточка не появится ни у кого. Нажмите «Взять из АТС».", EN: "The table is empty: no card will appear. Press “Take from the PBX”."}
	foundNoTalk  = pbx.Words{RU: "За неделю не было разговоров, по которым видно", EN: "No talks in the last week to tell by"}

	foundNoRecording = pbx.Words{RU: "За неделю ни одной: включите запись разговоров в кабинете АТС.", EN: "None in the last week: switch recording on in the PBX's cabinet."}
	foundNotAsked    = pbx.Words{
		RU: "АТС спрашивает имя сама, в начале входящего звонка. Если на телефоне его нет, включите в кабинете запрос контакта из CRM.",
		EN: "The PBX asks for the name itself, at the beginning of an inbound call. If a telephone does not show it, switch the request to the CRM on in the cabinet.",
	}
)

func foundForbidden(address string) pbx.Words {
	return pbx.Words{
		RU: address + " ведёт туда, куда серверу подключаться не разрешено. Проверьте адрес; для АТС в своей сети сервер запускают с --allow-local-pbx.",
		EN: address + " leads where the server may not connect. Check the address; for a PBX in your own network the server is run with --allow-local-pbx.",
	}
}

func foundOther(address string) pbx.Words {
	return pbx.Words{RU: "По адресу " + address + " отвечает не API АТС. Проверьте адрес в кабинете: «Интеграция с CRM».", EN: "What answers at " + address + " is not the PBX's API. Check the address in the cabinet: «Интеграция с CRM»."}
}

func foundSilent(address string) pbx.Words {
	return pbx.Words{RU: "Не отвечает: " + address + ". Проверьте интернет на сервере и адрес в кабинете: «Интеграция с CRM».", EN: "No answer from " + address + ". Check the server's internet, and the address in the cabinet: «Интеграция с CRM»."}
}

func foundAPI(g generation) pbx.Words {
	switch g {
	case newAPI:
		return pbx.Words{RU: "Отвечает, новое API (crmapi/v1)", EN: "Answers, the new API (crmapi/v1)"}
	case oldAPI:
		return pbx.Words{RU: "Отвечает, старое API (crm_api.wcgp)", EN: "Answers, the old API (crm_api.wcgp)"}
	}
	return pbx.Words{RU: "Отвечает", EN: "Answers"}
}

func foundNoEvent(address string) pbx.Words {
	return pbx.Words{
		RU: "Ещё ни одного. Вставьте " + address + " в кабинете: «Интеграция с CRM» → «Адрес вашей CRM», и сохраните.",
		EN: "None yet. Paste " + address + " in the cabinet: «Интеграция с CRM» → «Адрес вашей CRM», and save.",
	}
}

func foundEvent(ago time.Duration) pbx.Words {
	n, unit := agoOf(ago)
	ru := map[string]string{"s": "с", "min": "мин", "h": "ч", "d": "дн"}
	en := map[string]string{"s": "s", "min": "min", "h": "h", "d": "days"}
	return pbx.Words{RU: fmt.Sprintf("Последнее — %d %s назад", n, ru[unit]), EN: fmt.Sprintf("The last one %d %s ago", n, en[unit])}
}

func foundMissing(list string) pbx.Words {
	return pbx.Words{
		RU: "В АТС нет номеров: " + list + ". Исправьте таблицу или карточку сотрудника в кабинете.",
		EN: "The PBX has no such extensions: " + list + ". Mend the table, or the employee's card in the cabinet.",
	}
}

func foundNobody(list string) pbx.Words {
	return pbx.Words{RU: "Есть в АТС, но ни с кем не связаны: " + list + ". Нажмите «Взять из АТС».", EN: "In the PBX but nobody's here: " + list + ". Press “Take from the PBX”."}
}

func foundAll(n int) pbx.Words {
	return pbx.Words{RU: fmt.Sprintf("Все на месте: %d", n), EN: fmt.Sprintf("All in place: %d", n)}
}

func foundRecordings(have, of int) pbx.Words {
	return pbx.Words{RU: fmt.Sprintf("За неделю: %d из %d разговоров", have, of), EN: fmt.Sprintf("Last week: %d of %d talks", have, of)}
}

func foundAsked(n int) pbx.Words {
	return pbx.Words{RU: fmt.Sprintf("За неделю АТС получила имя: %d", n), EN: fmt.Sprintf("Names given to the PBX in the last week: %d", n)}
}

// Which switch in the cabinet is off, when a connectivity test ends halfway.
var (
	switchCommand = pbx.Words{
		RU: "Команда не дошла. В кабинете: «Интеграция с CRM»: адрес АТС и ключ для авторизации в ВАТС.",
		EN: "The command did not arrive. In the cabinet: «Интеграция с CRM»: the PBX's address, and the key for requests to it.",
	}
	switchToken = pbx.Words{
		RU: "Событие пришло, но с другим ключом CRM. Впишите в обоих местах один и тот же.",
		EN: "The event came, but with another key of the CRM. Enter the same one in both places.",
	}
	switchEvents = pbx.Words{
		RU: "Событие не пришло. В кабинете: «Интеграция с CRM» → «Адрес вашей CRM» должен быть тем, который показан здесь.",
		EN: "No event came. In the cabinet: «Интеграция с CRM» → «Адрес вашей CRM» must be the one that is shown here.",
	}
)
