package mango

// advices say what a person can do about a refusal. They are looked up like codes: the code
// itself, then with the last digit, the last two and the last three set to zero.
var advices = map[int]Words{
	1111: {"Перезвоните позже.", "Call again later."},
	1121: {"Перезвоните через несколько минут.", "Call again in a few minutes."},
	1130: {"Проверьте номер и ограничения исходящих в кабинете: «Сотрудники» → карточка сотрудника.", "Check the number and the employee's outgoing restrictions in the cabinet."},
	1140: {"Разрешите направление в кабинете: «Безопасность» → «Направления вызовов».", "Allow the region in the cabinet's security settings."},
	1150: {"Проверьте чёрный и белый списки в кабинете.", "Check the black and white lists in the cabinet."},
	1190: {"Включите номер сотрудника или поправьте его расписание в кабинете.", "Switch the employee's number on, or mend its schedule, in the cabinet."},
	2000: {"Проверьте баланс и тариф в кабинете Mango Office.", "Check the balance and the tariff in the Mango Office cabinet."},
	2220: {"Дождитесь конца других звонков или увеличьте число каналов в тарифе.", "Wait for other calls to end, or buy more channels."},
	2240: {"Пополните баланс в кабинете Mango Office.", "Top up the balance in the Mango Office cabinet."},
	3000: {"Сообщите разработчику Дозвона: запрос составлен неверно. Две минуты АТС не принимает вторую такую ошибку.", "Tell Dozvon's developer: the request was wrong. The PBX tolerates no second such mistake within two minutes."},
	3102: {"Скопируйте «Ключ для создания подписи» из кабинета ещё раз: Интеграции → API коннектор.", "Copy the signing key from the cabinet once more: Integrations → API connector."},
	3105: {"Скопируйте «Уникальный код вашей АТС» из кабинета ещё раз: Интеграции → API коннектор.", "Copy the PBX's unique code from the cabinet once more: Integrations → API connector."},
	3124: {"Выберите в кабинете для сотрудника другой исходящий номер.", "Choose another outgoing number for the employee in the cabinet."},
	3136: {"Проверьте номер: он нужен целиком, с кодом страны.", "Check the number: it must be whole, with the country code."},
	3200: {"Проверьте номер: он нужен целиком, с кодом страны.", "Check the number: it must be whole, with the country code."},
	3310: {"Звонок уже закончился или ушёл дальше. Обновите экран.", "The call has ended or moved on."},
	3320: {"Запись ещё готовится или удалена в кабинете. Попробуйте через минуту.", "The recording is still being prepared, or was deleted in the cabinet. Try in a minute."},
	3330: {"Проверьте внутренний номер: в кабинете у сотрудника он другой или его нет. Поправьте таблицу «Внутренние номера сотрудников».", "Check the extension: in the cabinet the employee has another one, or none. Mend the table of employees' extensions."},
	3340: {"Загрузите звуковой файл в кабинете.", "Upload the audio file in the cabinet."},
	4000: {"Попробуйте ещё раз; если не поможет, сделайте это на телефоне.", "Try again; if it does not help, do it on the telephone."},
	4001: {"Эта АТС так не умеет. Сделайте это на самом телефоне.", "This PBX cannot do it. Do it on the telephone itself."},
	4002: {"Разговор короче, чем АТС хранит. Ничего делать не нужно.", "The talk was shorter than the PBX keeps. Nothing to do."},
	4100: {"Сейчас это невозможно: звонок в другом состоянии.", "Not possible now: the call is in another state."},
	4101: {"Звонок уже закончился.", "The call has ended."},
	4102: {"Разговор уже записывается.", "The talk is being recorded already."},
	4200: {"Проверьте, включён ли телефон и есть ли у него связь.", "Check that the telephone is on and connected."},
	4290: {"Подождите две секунды и попробуйте ещё раз.", "Wait two seconds and try again."},
	4300: {"Проверьте номер и отправьте ещё раз.", "Check the number and send it again."},
	4400: {"Попробуйте ещё раз через минуту.", "Try again in a minute."},
	4500: {"Проверьте ограничения безопасности в кабинете Mango Office.", "Check the security restrictions in the Mango Office cabinet."},
	5000: {"Сбой на стороне АТС. Попробуйте через минуту; если повторяется, обратитесь в поддержку Mango Office.", "The PBX has a fault. Try in a minute; if it lasts, ask Mango Office's support."},
	5001: {"Все каналы заняты. Попробуйте через минуту.", "All channels are busy. Try in a minute."},
	5200: {"Включите услугу в кабинете Mango Office.", "Switch the service on in the Mango Office cabinet."},
	5201: {"Включите в кабинете «Разрешаю подключать услуги ВАТС средствами API коннектора».", "Switch on «Разрешаю подключать услуги ВАТС средствами API коннектора» in the cabinet."},
	5300: {"Подключите в кабинете услугу «API коннектор».", "Connect the API connector service in the cabinet."},
}

// Advise says what to do about a code, or "" in both languages where nothing is known.
func Advise(code int) Words {
	for _, unit := range [...]int{1, 10, 100, 1000} {
		if w, ok := advices[code/unit*unit]; ok {
			return w
		}
	}
	return Words{}
}
