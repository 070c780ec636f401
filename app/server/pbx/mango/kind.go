package mango

import (
	"time"

	"dozvon/app/server/pbx"
)

// saltField is the credential that the signatures are made with.
const saltField = "api_salt"

// Kind is Mango Office as the settings know it.
var Kind = pbx.Kind{
	Name: "mango", Title: "Mango Office",
	Source: pbx.Words{RU: "Виртуальная АТС от Mango Office", EN: "Virtual PBX by Mango Office"},
	// What the cabinet shows as «Адрес API Виртуальной АТС».
	DefaultURL: "https://app.mango-office.ru/vpbx/",
	Credentials: []pbx.Credential{
		{Name: pbx.KeyField, Label: pbx.Words{RU: "Уникальный код вашей АТС", EN: "Unique code of your PBX"}, Hint: dataHint},
		{Name: saltField, Label: pbx.Words{RU: "Ключ для создания подписи", EN: "Key for the signature"}, Hint: dataHint, Secret: true},
	},
	Steps: steps,
	Capabilities: []pbx.Capability{
		pbx.CanDial, pbx.CanDialGroup, pbx.CanHangup, pbx.CanHold, pbx.CanTransfer, pbx.CanConsult, pbx.CanConnect,
		pbx.CanText, pbx.CanRecord, pbx.CanPlay, pbx.CanHistory, pbx.CanDirectory, pbx.CanAddressBook, pbx.CanRoute,
		pbx.CanConnectivity, pbx.CanShowName, pbx.CanPasteAddress,
	},
	Shared: &pbx.SharedPath{Path: "/mango", Glued: []string{"events/", "result/", "ping"}, Key: accountOf},
	// The summary normally comes within a second; a route or transfer makes its next leg sooner still.
	Grace: 15 * time.Second, Summarises: true,
	New: func(a pbx.Account) pbx.Provider { return New(ConfigOf(a)) },
}

// dataHint says where the cabinet shows the code and the key.
var dataHint = pbx.Words{RU: "Интеграции → API коннектор → Данные вашей АТС", EN: "Integrations → API connector → Data of your PBX"}

// steps are those of the manual of the integration, in the cabinet's own words.
var steps = []pbx.Words{
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

// ConfigOf is the configuration of an account.
func ConfigOf(a pbx.Account) Config {
	return Config{
		Key: a.Credentials[pbx.KeyField], Salt: a.Credentials[saltField], URL: a.URL, Now: a.Now, Shared: a.Shared,
		Transport: a.Outbound.Transport(),
	}
}
