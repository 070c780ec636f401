package uitest

import (
	"time"

	"dozvon/client"
)

// Kinds are what the server tells of the PBXs that can be connected, one of them made up.
func Kinds() []client.PBXKind {
	return []client.PBXKind{
		{
			Kind: "mango", Title: "Mango Office", DefaultURL: "https://app.mango-office.ru/vpbx/",
			Credentials: []client.CredentialField{
				{Name: "api_key", Label: "Уникальный код вашей АТС", LabelEN: "Unique code of your PBX", Hint: "Интеграции → API коннектор → Данные вашей АТС", HintEN: "Integrations → API connector → Data of your PBX"},
				{Name: "api_salt", Label: "Ключ для создания подписи", LabelEN: "Key for the signature", Secret: true},
			},
			Capabilities: []client.Capability{
				client.CapDial, client.CapDialGroup, client.CapHangup, client.CapHold, client.CapTransfer, client.CapConsult, client.CapConnect,
				client.CapSMS, client.CapRecord, client.CapRecordings, client.CapHistory, client.CapDirectory, client.CapAddressBook,
				client.CapRoute, client.CapCheck, client.CapDisplayName, client.CapPasteAddress,
			},
			Steps: []client.KindStep{
				{Text: "Откройте «Интеграции» → «API коннектор» и подключите его.", TextEN: "Open “Integrations” → “API connector” and connect it."},
				{Text: "Включите «Разрешаю отправлять информацию о событиях» и впишите туда адрес из второго шага.", TextEN: "Switch on “I allow sending events” and paste the address of the second step there."},
			},
		},
		{
			Kind: "beeline", Title: "Билайн", DefaultURL: "https://cloudpbx.beeline.ru/apis/portal/",
			Credentials: []client.CredentialField{{Name: "api_key", Label: "Токен", LabelEN: "Token", Hint: "cloudpbx.beeline.ru → Настройки → API", HintEN: "cloudpbx.beeline.ru → Settings → API", Secret: true}},
			Capabilities: []client.Capability{
				client.CapDial, client.CapTransfer, client.CapConnect, client.CapConsult, client.CapRecord, client.CapRecordings, client.CapHistory, client.CapDirectory,
				client.CapRouteRules, client.CapSubscription, client.CapFindRecordings, client.CapCheck,
			},
		},
		{
			Kind: "itoolabs", Title: "ITooLabs",
			Credentials: []client.CredentialField{
				{Name: "api_key", Label: "Ключ АТС", LabelEN: "Key of the PBX", Secret: true},
				{Name: "api_salt", Label: "Ключ для CRM", LabelEN: "Key for the CRM", Secret: true},
			},
			Capabilities: []client.Capability{client.CapDial, client.CapRecordings, client.CapHistory, client.CapDisplayName, client.CapRouteAnswer, client.CapPasteAddress},
			Brands: []client.Brand{
				{Name: "megafon", Title: "МегаФон ВАТС", Address: "https://school.megapbx.ru/"},
				{Name: "domru", Title: "Dom.ru", Address: "https://school.domru.biz/"},
				{Name: "gravitel", Title: "Gravitel", Address: "https://school.aicall.ru/"},
			},
		},
		{
			Kind: "starcom", Title: "Звезда-Коммуникации Северо-Восток", DefaultURL: "https://api.starcom.example/",
			Credentials: []client.CredentialField{
				{Name: "portal", Label: "Номер лицевого счёта в личном кабинете администратора", LabelEN: "Number of the administrator's account"},
				{Name: "pin", Label: "Пин-код", LabelEN: "PIN", Hint: "Приходит письмом", HintEN: "It comes by mail", Secret: true},
				{Name: "region", Label: "Регион", LabelEN: "Region", Optional: true},
			},
			Capabilities: []client.Capability{client.CapDial, client.CapRoute, "teleport"},
		},
	}
}

// Third is a PBX whose events come by a subscription, half of whose time has passed at the given moment.
func Third() client.Integration {
	return client.Integration{
		ID: "i3", Kind: "beeline", Name: "Билайн", Active: true, Secrets: []string{"api_key"}, APIURL: "https://cloudpbx.beeline.ru/apis/portal/",
		HookURL: "https://phone.autoschool.example/hook/k3Vx9QpL2mT7", Forwarding: true, Health: client.Health{State: client.HealthOK},
		Subscription: &client.Subscription{
			State: client.SubscriptionOK, Began: At(Ago(23 * time.Minute)), RenewAt: At(Now.Add(7 * time.Minute)), Until: At(Now.Add(37 * time.Minute)),
			LostAt: At(Ago(142 * time.Minute)), RestoredAt: At(Ago(142*time.Minute - 40*time.Second)),
		},
		Rules:      &client.RouteRules{Ours: 214, Foreign: 6, At: At(Ago(32 * time.Minute))},
		Reconciled: &client.Reconciled{Until: Now, At: Ago(time.Minute), Calls: 47, Restored: 1},
		LastEvent:  At(Ago(2 * time.Minute)), UpdatedAt: Ago(12 * 24 * time.Hour), UpdatedBy: Person(Schetova),
	}
}
