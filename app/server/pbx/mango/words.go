package mango

import (
	"fmt"
	"strings"
	"time"

	"dozvon/app/bilingual"
)

// All that this adapter says to people, but for its codes (package codes).

// bookGroup is the one group of the PBX's address book that is ours. Contacts outside it are
// never read for anything but counting, and never written.
const bookGroup = "Дозвон"

// The account.
var (
	source    = bilingual.Text{RU: "Виртуальная АТС от Mango Office", EN: "Virtual PBX by Mango Office"}
	keyLabel  = bilingual.Text{RU: "Уникальный код вашей АТС", EN: "Unique code of your PBX"}
	saltLabel = bilingual.Text{RU: "Ключ для создания подписи", EN: "Key for the signature"}
)

// dataHint says where the cabinet shows the code and the key.
var dataHint = bilingual.Text{RU: "Интеграции → API коннектор → Данные вашей АТС", EN: "Integrations → API connector → Data of your PBX"}

// steps are those of the manual of the integration, in the cabinet's own words.
var steps = []bilingual.Text{
	{
		RU: "В личном кабинете Mango Office откройте «Интеграции», внизу страницы «API коннектор», и нажмите «Подключить API коннектор».",
		EN: "In the account of Mango Office open “Integrations”, “API connector” at the bottom of the page, and press “Connect the API connector”.",
	},
	{
		RU: "Отметьте «Предоставлять возможность генерации и использования ссылок» и «Разрешаю отправлять событие о готовности для скачивания файла записи разговора», нажмите «Сохранить»: без них не будет записей.",
		EN: "Tick “Offer to make and use links” and “Allow to send the event that the file of a recording is ready”, and press “Save”: there are no recordings without them.",
	},
	{
		RU: "Из «Данные вашей АТС» скопируйте сюда «Уникальный код вашей АТС» и «Ключ для создания подписи».",
		EN: "Copy “Unique code of your PBX” and “Key for the signature” from “Data of your PBX” into the fields here.",
	},
	{
		RU: "В «Внешние системы» вставьте адрес отсюда в поле «Адрес внешней системы» и нажмите «Сохранить» внизу страницы.",
		EN: "Under “External systems” paste the address from here into “Address of the external system” and press “Save” at the bottom of the page.",
	},
	{
		RU: "Впишите внутренние номера сотрудников так, как они стоят в карточках сотрудников Mango Office.",
		EN: "Enter the employees’ extensions as they stand on the employees’ cards in Mango Office.",
	},
	{
		RU: "Чтобы разговоры записывались: «Инструменты» → «Запись разговоров» → «Записывать все звонки».",
		EN: "To have talks recorded: “Tools” → “Recording of talks” → “Record all calls”.",
	},
}

// Names of the findings, in the order in which they are shown.
var (
	nameAPI        = bilingual.Text{RU: "Адрес API", EN: "API address"}
	nameKeys       = bilingual.Text{RU: "Код и ключ подписи", EN: "Code and signing key"}
	nameEvents     = bilingual.Text{RU: "События доходят до нас", EN: "Events reach us"}
	nameClock      = bilingual.Text{RU: "Часы", EN: "Clocks"}
	nameExtensions = bilingual.Text{RU: "Внутренние номера", EN: "Extensions"}
	nameLines      = bilingual.Text{RU: "Линии", EN: "Lines"}
	nameRecordings = bilingual.Text{RU: "Записи разговоров", EN: "Recordings"}
	nameRouting    = bilingual.Text{RU: "Имя на экране телефона", EN: "Name on the telephone"}
	nameBalance    = bilingual.Text{RU: "Баланс", EN: "Balance"}
)

// What is found.
var (
	apiAnswers = bilingual.Text{
		RU: "Отвечает",
		EN: "Answers",
	}
	keysTaken = bilingual.Text{
		RU: "АТС знает код и приняла подпись",
		EN: "The PBX knows the code and took the signature",
	}
	keysUnknown = bilingual.Text{
		RU: "Пока АТС не отвечает, не проверить",
		EN: "Cannot be tried while the PBX does not answer",
	}
	clockUnknown = bilingual.Text{
		RU: "АТС не сказала своего времени",
		EN: "The PBX did not tell its time",
	}
	extensionsNone = bilingual.Text{
		RU: "Таблица пуста: карточка не появится ни у кого. Нажмите «Взять из АТС».",
		EN: "The table is empty: no card will appear. Press “Take from the PBX”.",
	}
	linesUnknown = bilingual.Text{
		RU: "АТС не дала список линий",
		EN: "The PBX gave no list of lines",
	}
	linesNone = bilingual.Text{
		RU: "Ни одной: клиентам некуда звонить. Подключите номер в кабинете.",
		EN: "None: clients have nowhere to call. Connect a number in the cabinet.",
	}
	recordingsUnknown = bilingual.Text{
		RU: "За неделю не было разговоров, по которым видно",
		EN: "No talks in the last week to tell by",
	}
	recordingsNone = bilingual.Text{
		RU: "За неделю ни одной: в кабинете «Инструменты → Запись разговоров» выберите «Записывать все звонки», а в «API коннектор» — «Разрешаю отправлять событие о готовности для скачивания файла записи разговора».",
		EN: "None in the last week: in the cabinet choose «Записывать все звонки» in «Инструменты → Запись разговоров», and switch on «Разрешаю отправлять событие о готовности для скачивания файла записи разговора» in «API коннектор».",
	}
	routingUntried = bilingual.Text{
		RU: "Ещё не пробовали: имя отправится при звонке известного клиента",
		EN: "Not tried yet: the name is sent when a known client calls",
	}
	routingSilent = bilingual.Text{
		RU: "В последний раз АТС не ответила на команду",
		EN: "The PBX did not answer the last command",
	}
	balanceUnknown = bilingual.Text{
		RU: "АТС не назвала баланс",
		EN: "The PBX did not tell the balance",
	}
	commandLost = bilingual.Text{
		RU: "Команда не дошла. В кабинете: Интеграции → API коннектор → «Данные вашей АТС»: код, ключ и «Адрес API Виртуальной АТС».",
		EN: "The command did not arrive. In the cabinet: Интеграции → API коннектор → «Данные вашей АТС»: code, key and «Адрес API Виртуальной АТС».",
	}
	eventLost = bilingual.Text{
		RU: "Событие не пришло. В кабинете: Интеграции → API коннектор → «Внешние системы» → «Адрес внешней системы»; там же «Проверить подключение» и настройка SSL-сертификата.",
		EN: "No event came. In the cabinet: Интеграции → API коннектор → «Внешние системы» → «Адрес внешней системы», and there «Проверить подключение» and the SSL certificate.",
	}
	signedOtherwise = bilingual.Text{
		RU: "Событие пришло, но подписано другим ключом.",
		EN: "The event came, but signed with another key.",
	}
	apiClosed = bilingual.Text{
		RU: "АТС закрыла доступ на две минуты после двух неверных запросов",
		EN: "the PBX closed its API for two minutes after two wrong requests",
	}
	apiAtRisk = bilingual.Text{
		RU: "АТС отвергла запрос, вторая ошибка закрыла бы доступ: имена на телефон пока не отправляются",
		EN: "the PBX refused a request and a second one would close its API: names are not sent to telephones for now",
	}
)

func apiForbidden(url string) bilingual.Text {
	return bilingual.Text{
		RU: url + " ведёт туда, куда серверу подключаться не разрешено. Проверьте адрес; для АТС в своей сети сервер запускают с --allow-local-pbx.",
		EN: url + " leads where the server may not connect. Check the address; for a PBX in your own network the server is run with --allow-local-pbx.",
	}
}

func apiNotAPBX(url string) bilingual.Text {
	return bilingual.Text{
		RU: "По адресу " + url + " отвечает не АТС. Проверьте адрес в кабинете: Интеграции → API коннектор → «Адрес API Виртуальной АТС».",
		EN: "What answers at " + url + " is not the PBX. Check the address in the cabinet: Интеграции → API коннектор → «Адрес API Виртуальной АТС».",
	}
}

func apiSilent(url string) bilingual.Text {
	return bilingual.Text{
		RU: "Не отвечает: " + url + ". Проверьте интернет на сервере и адрес в кабинете: Интеграции → API коннектор → «Адрес API Виртуальной АТС».",
		EN: "No answer from " + url + ". Check the server's internet, and the address in the cabinet: Интеграции → API коннектор → «Адрес API Виртуальной АТС».",
	}
}

func keysBlocked(at string, why bilingual.Text) bilingual.Text {
	return bilingual.Text{
		RU: "Проверить нельзя до " + at + ": " + why.RU + ".",
		EN: "Cannot be tried until " + at + ": " + why.EN + ".",
	}
}

func eventsNone(url string) bilingual.Text {
	return bilingual.Text{
		RU: "Ещё ни одного. Вставьте " + url + " в кабинет: Интеграции → API коннектор → «Адрес внешней системы», и нажмите «Сохранить».",
		EN: "None yet. Paste " + url + " in the cabinet: Интеграции → API коннектор → «Адрес внешней системы», and press «Сохранить».",
	}
}

func clockAgrees(diff time.Duration) bilingual.Text {
	return bilingual.Text{
		RU: "Расходятся не больше чем на " + secondsRU(diff),
		EN: fmt.Sprintf("Within %.0f s of each other", diff.Seconds()),
	}
}

func clockOff(diff time.Duration) bilingual.Text {
	return bilingual.Text{
		RU: "Часы сервера и АТС расходятся на " + secondsRU(diff) + ". Включите на сервере синхронизацию времени (NTP).",
		EN: fmt.Sprintf("The server's clock and the PBX's are %.0f s apart. Switch time synchronisation (NTP) on.", diff.Seconds()),
	}
}

func extensionsMissing(list string) bilingual.Text {
	return bilingual.Text{
		RU: "В АТС нет номеров: " + list + ". Исправьте таблицу или карточку сотрудника в кабинете.",
		EN: "The PBX has no such extensions: " + list + ". Mend the table, or the employee's card in the cabinet.",
	}
}

func extensionsNobodys(list string) bilingual.Text {
	return bilingual.Text{
		RU: "Есть в АТС, но ни с кем не связаны: " + list + ". Нажмите «Взять из АТС».",
		EN: "In the PBX but nobody's here: " + list + ". Press “Take from the PBX”.",
	}
}

func extensionsAll(n int) bilingual.Text {
	return bilingual.Text{
		RU: fmt.Sprintf("Все на месте: %d", n),
		EN: fmt.Sprintf("All in place: %d", n),
	}
}

func recordingsFew(recorded, answered int) bilingual.Text {
	made := recordingsMade(recorded, answered)
	return bilingual.Text{
		RU: made.RU + ". Если нужны все, выберите в кабинете «Инструменты → Запись разговоров» → «Записывать все звонки».",
		EN: made.EN + ". To have all, choose «Инструменты → Запись разговоров» → «Записывать все звонки» in the cabinet.",
	}
}

func recordingsMade(recorded, answered int) bilingual.Text {
	return bilingual.Text{
		RU: fmt.Sprintf("За неделю: %d из %d разговоров", recorded, answered),
		EN: fmt.Sprintf("Last week: %d of %d talks", recorded, answered),
	}
}

func routingBlocked(at string, why bilingual.Text) bilingual.Text {
	return bilingual.Text{
		RU: "Не отправляется до " + at + ": " + why.RU,
		EN: "Not sent until " + at + ": " + why.EN,
	}
}

func routingSent(n int, shown string) bilingual.Text {
	return bilingual.Text{
		RU: fmt.Sprintf("Отправлено за неделю: %d, последнее «%s»", n, shown),
		EN: fmt.Sprintf("Sent in the last week: %d, the last “%s”", n, shown),
	}
}

func balanceLow(sum string) bilingual.Text {
	return bilingual.Text{
		RU: "Осталось " + sum + ": исходящие звонки могут прекратиться. Пополните счёт в кабинете.",
		EN: sum + " left: outgoing calls may stop. Top it up in the cabinet.",
	}
}

// eventsLast tells how long ago the last event came, and how much later than its own time.
func eventsLast(ago, delay time.Duration) bilingual.Text {
	late := bilingual.Text{RU: "задержка меньше секунды", EN: "delay below a second"}
	if delay >= time.Second {
		late = bilingual.Text{RU: "задержка " + secondsRU(delay), EN: fmt.Sprintf("delay %.1f s", delay.Seconds())}
	}
	return bilingual.Text{
		RU: "Последнее — " + agoRU(ago) + ", " + late.RU,
		EN: "The last one " + agoEN(ago) + ", " + late.EN,
	}
}

func secondsRU(d time.Duration) string {
	return strings.Replace(fmt.Sprintf("%.1f с", d.Seconds()), ".", ",", 1)
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
