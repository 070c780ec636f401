package uitest

import (
	"encoding/json"
	"maps"
	"slices"
	"time"

	"dozvon/client"
)

// Integration is the school's PBX, as the design shows it.
func Integration() client.Integration {
	return client.Integration{
		ID: "i1", Kind: Kinds()[0].Kind, Active: true, APIKey: "o4qk2n7w8x1c5v9b3m6a", HasSalt: true,
		Credentials: map[string]string{"api_key": "o4qk2n7w8x1c5v9b3m6a"}, Secrets: []string{"api_salt"},
		APIURL: Kinds()[0].DefaultURL, HookURL: "https://phone.autoschool.example/pbx", Forwarding: true,
		Health:     client.Health{State: client.HealthOK},
		Reconciled: &client.Reconciled{Until: Now, At: Ago(time.Minute), Calls: 214, Restored: 2},
		LastEvent:  At(Ago(40 * time.Second)), UpdatedAt: Ago(12 * 24 * time.Hour), UpdatedBy: Person(Schetova),
	}
}

// Second is another account of the school at the same PBX, which is in trouble.
func Second() client.Integration {
	it := Integration()
	it.ID, it.Name, it.APIKey = "i2", "Филиал на Садовой", "b7m2x9"
	it.Credentials = map[string]string{"api_key": "b7m2x9"}
	it.Health = client.Health{
		State: client.HealthBlocked, Until: At(Now.Add(3 * time.Minute)),
		Text: "слишком много запросов за минуту (код 4001)", TextEN: "too many requests in a minute (code 4001)",
	}
	it.Reconciled = &client.Reconciled{Until: Ago(time.Hour), At: Ago(time.Minute), Error: "АТС не ответила за 30 с", ErrorEN: "the PBX did not answer in 30 s"}
	return it
}

func Check(id, ru, en string, state client.CheckState, text, textEN string) client.Check {
	return client.Check{ID: id, Name: ru, NameEN: en, State: state, Text: text, TextEN: textEN}
}

// Checks are the ones of the design, and one that could not be tried.
func Checks() []client.Check {
	return []client.Check{
		Check("key", "Код и ключ подписи", "Code and signature key", client.CheckOK, "АТС приняла подпись, 2 сотрудника, 3 линии", "the PBX took the signature, 2 employees, 3 lines"),
		Check("webhook", "События доходят до нас", "Events reach us", client.CheckOK, "последнее — 14 секунд назад, задержка 0,3 с", "the last one 14 seconds ago, 0.3 s late"),
		Check("recordings", "Записи разговоров", "Recordings", client.CheckWarning, "За неделю ни одной: в кабинете «Инструменты → Запись разговоров» выберите «Записывать все звонки»", "None in a week: in the account, under “Tools → Recording”, choose “Record all calls”"),
		Check("name", "Имя на экране телефона", "Name on the phone's screen", client.CheckFailed, "АТС ответила 3105: нет права на маршрутизацию. В кабинете включите «Разрешаю пробрасывать идентификатор…»", "The PBX answered 3105: no right to route. In the account, switch on “I allow passing the identifier…”"),
		Check("sms", "Сообщения", "Messages", client.CheckUnknown, "Ещё не пробовали: отправьте первое сообщение", "Not tried yet: send the first message"),
	}
}

func MS(v float64) *float64 { return &v }

func ConnectivityTest() client.BellTest {
	stage := func(id, ru, en string, state client.CheckState, text, textEN string, took *float64) client.Check {
		c := Check(id, ru, en, state, text, textEN)
		c.MS = took
		return c
	}
	return client.BellTest{CallID: "bell1", Hops: []client.Check{
		stage("command", "Команда", "Command", client.CheckOK, "АТС приняла команду", "the PBX took the command", MS(84)),
		stage("webhook", "Событие от АТС", "Event from the PBX", client.CheckOK, "пришло", "arrived", MS(412)),
		stage("signature", "Подпись", "Signature", client.CheckUnknown, "АТС не подписывает события: в кабинете включите «Разрешаю отправлять информацию о событиях»", "The PBX does not sign: in the account, switch on “I allow sending events”", nil),
		stage("journal", "Журнал", "Journal", client.CheckOK, "записан", "written", MS(431)),
	}}
}

// Telephony is what the settings ask the server.
func Telephony() map[string]any {
	patched := func(it client.Integration) func([]byte) any {
		return func(body []byte) any {
			var in client.IntegrationInput
			_ = json.Unmarshal(body, &in)
			changed := Apply(it, in)
			it = changed
			return changed
		}
	}
	stored := func(body []byte) any {
		var rows []client.ExtensionRow
		_ = json.Unmarshal(body, &rows)
		return rows
	}
	return map[string]any{
		"GET /integrations/kinds":    Kinds(),
		"GET /integrations":          client.Page[client.Integration]{Items: []client.Integration{Integration()}},
		"POST /integrations":         patched(client.Integration{ID: "i9", HookURL: "https://phone.autoschool.example/pbx"}),
		"PATCH /integrations/i1":     patched(Integration()),
		"PATCH /integrations/i2":     patched(Second()),
		"PATCH /integrations/i3":     patched(Third()),
		"DELETE /integrations/i1":    nil,
		"/integrations/i1/reconcile": nil,
		"/integrations/i1/check":     client.Page[client.Check]{Items: Checks()},
		"/integrations/i1/bell":      ConnectivityTest(),
		"GET /integrations/i1/extensions": []client.ExtensionRow{
			{EmployeeID: "e1", Extension: "101"}, {EmployeeID: "e2", Extension: "102"},
		},
		"GET /integrations/i2/extensions": []client.ExtensionRow{},
		"GET /integrations/i3/extensions": []client.ExtensionRow{
			{EmployeeID: "e1", Extension: "301"}, {EmployeeID: "e2", Extension: "302"}, {EmployeeID: "e4", Extension: "303"},
		},
		"/integrations/i3/check":          client.Page[client.Check]{Items: Checks()},
		"/integrations/i3/subscription":   nil,
		"GET /integrations/i9/extensions": []client.ExtensionRow{},
		"PUT /integrations/i1/extensions": stored,
		"/integrations/i1/pbx-extensions": client.Page[client.PBXExtension]{Items: []client.PBXExtension{
			{Extension: "101", Name: "Киреева Анна", EmployeeID: "e1"},
			{Extension: "103", Name: "Счетова Валентина", Suggested: "e3"},
			{Extension: "104", Name: "Стойка администратора"},
		}},
		"/integrations/i1/address-book/plan": client.BookPlan{
			Create: 412, Update: 3, Delete: 1, Foreign: 26, Examples: []string{"Шангутов Александр Александрович", "Зайцева Ольга", "Кузнецов Дмитрий"},
		},
	}
}

// Apply is what the server does with a change.
func Apply(it client.Integration, in client.IntegrationInput) client.Integration {
	Set(&it.Name, in.Name)
	Set(&it.Active, in.Active)
	Set(&it.Kind, in.Kind)
	it.Credentials = maps.Clone(it.Credentials)
	for name, value := range in.Credentials {
		k := Kinds()[slices.IndexFunc(Kinds(), func(k client.PBXKind) bool { return k.Kind == it.Kind })]
		if k.Credentials[slices.IndexFunc(k.Credentials, func(c client.CredentialField) bool { return c.Name == name })].Secret {
			it.Secrets = append(slices.Clone(it.Secrets), name)
			continue
		}
		if it.Credentials == nil {
			it.Credentials = map[string]string{}
		}
		it.Credentials[name] = value
	}
	Set(&it.APIURL, in.APIURL)
	Set(&it.Forwarding, in.Forwarding)
	Set(&it.HookSecret, in.HookSecret)
	Set(&it.AddressBook, in.AddressBook)
	it.UpdatedAt = Now
	if it.HookSecret {
		it.HookURL = "https://phone.autoschool.example/pbx/k3Vx9QpL2m"
	}
	if it.AddressBook {
		it.Book = &client.BookState{Synced: 88, Waiting: 324}
	}
	return it
}

func Set[T any](to, from *T) {
	if from != nil {
		*to = *from
	}
}
