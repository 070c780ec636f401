package codes

import "dozvon/app/bilingual"

// advices say what a person can do about a refusal. They are looked up like codes: the code
// itself, then with the last digit, the last two and the last three set to zero.
var advices = map[int]bilingual.Text{
	1111: {RU: "Перезвоните позже.", EN: "Call again later."},
	1121: {RU: "Перезвоните через несколько минут.", EN: "Call again in a few minutes."},
	1130: {RU: "Проверьте номер и ограничения исходящих в кабинете: «Сотрудники» → карточка сотрудника.", EN: "Check the number and the employee's outgoing restrictions in the cabinet."},
	1140: {RU: "Разрешите направление в кабинете: «Безопасность» → «Направления вызовов».", EN: "Allow the region in the cabinet's security settings."},
	1150: {RU: "Проверьте чёрный и белый списки в кабинете.", EN: "Check the black and white lists in the cabinet."},
	1190: {RU: "Включите номер сотрудника или поправьте его расписание в кабинете.", EN: "Switch the employee's number on, or mend its schedule, in the cabinet."},
	2000: {RU: "Проверьте баланс и тариф в кабинете Mango Office.", EN: "Check the balance and the tariff in the Mango Office cabinet."},
	2220: {RU: "Дождитесь конца других звонков или увеличьте число каналов в тарифе.", EN: "Wait for other calls to end, or buy more channels."},
	2240: {RU: "Пополните баланс в кабинете Mango Office.", EN: "Top up the balance in the Mango Office cabinet."},
	3000: {RU: "Сообщите разработчику Дозвона: запрос составлен неверно. Две минуты АТС не принимает вторую такую ошибку.", EN: "Tell Dozvon's developer: the request was wrong. The PBX tolerates no second such mistake within two minutes."},
	3102: {RU: "Скопируйте «Ключ для создания подписи» из кабинета ещё раз: Интеграции → API коннектор.", EN: "Copy the signing key from the cabinet once more: Integrations → API connector."},
	3105: {RU: "Скопируйте «Уникальный код вашей АТС» из кабинета ещё раз: Интеграции → API коннектор.", EN: "Copy the PBX's unique code from the cabinet once more: Integrations → API connector."},
	3124: {RU: "Выберите в кабинете для сотрудника другой исходящий номер.", EN: "Choose another outgoing number for the employee in the cabinet."},
	3136: {RU: "Проверьте номер: он нужен целиком, с кодом страны.", EN: "Check the number: it must be whole, with the country code."},
	3200: {RU: "Проверьте номер: он нужен целиком, с кодом страны.", EN: "Check the number: it must be whole, with the country code."},
	3310: {RU: "Звонок уже закончился или ушёл дальше. Обновите экран.", EN: "The call has ended or moved on."},
	3320: {RU: "Запись ещё готовится или удалена в кабинете. Попробуйте через минуту.", EN: "The recording is still being prepared, or was deleted in the cabinet. Try in a minute."},
	3330: {RU: "Проверьте внутренний номер: в кабинете у сотрудника он другой или его нет. Поправьте таблицу «Внутренние номера сотрудников».", EN: "Check the extension: in the cabinet the employee has another one, or none. Mend the table of employees' extensions."},
	3340: {RU: "Загрузите звуковой файл в кабинете.", EN: "Upload the audio file in the cabinet."},
	4000: {RU: "Попробуйте ещё раз; если не поможет, сделайте это на телефоне.", EN: "Try again; if it does not help, do it on the telephone."},
	4001: {RU: "Эта АТС так не умеет. Сделайте это на самом телефоне.", EN: "This PBX cannot do it. Do it on the telephone itself."},
	4002: {RU: "Разговор короче, чем АТС хранит. Ничего делать не нужно.", EN: "The talk was shorter than the PBX keeps. Nothing to do."},
	4100: {RU: "Сейчас это невозможно: звонок в другом состоянии.", EN: "Not possible now: the call is in another state."},
	4101: {RU: "Звонок уже закончился.", EN: "The call has ended."},
	4102: {RU: "Разговор уже записывается.", EN: "The talk is being recorded already."},
	4200: {RU: "Проверьте, включён ли телефон и есть ли у него связь.", EN: "Check that the telephone is on and connected."},
	4290: {RU: "Подождите две секунды и попробуйте ещё раз.", EN: "Wait two seconds and try again."},
	4300: {RU: "Проверьте номер и отправьте ещё раз.", EN: "Check the number and send it again."},
	4400: {RU: "Попробуйте ещё раз через минуту.", EN: "Try again in a minute."},
	4500: {RU: "Проверьте ограничения безопасности в кабинете Mango Office.", EN: "Check the security restrictions in the Mango Office cabinet."},
	5000: {RU: "Сбой на стороне АТС. Попробуйте через минуту; если повторяется, обратитесь в поддержку Mango Office.", EN: "The PBX has a fault. Try in a minute; if it lasts, ask Mango Office's support."},
	5001: {RU: "Все каналы заняты. Попробуйте через минуту.", EN: "All channels are busy. Try in a minute."},
	5200: {RU: "Включите услугу в кабинете Mango Office.", EN: "Switch the service on in the Mango Office cabinet."},
	5201: {RU: "Включите в кабинете «Разрешаю подключать услуги ВАТС средствами API коннектора».", EN: "Switch on «Разрешаю подключать услуги ВАТС средствами API коннектора» in the cabinet."},
	5300: {RU: "Подключите в кабинете услугу «API коннектор».", EN: "Connect the API connector service in the cabinet."},
}

// Advise says what to do about a code, or "" in both languages where nothing is known.
func Advise(code int) bilingual.Text {
	for _, unit := range [...]int{1, 10, 100, 1000} {
		if w, ok := advices[code/unit*unit]; ok {
			return w
		}
	}
	return bilingual.Text{}
}
