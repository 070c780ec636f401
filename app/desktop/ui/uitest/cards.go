package uitest

import (
	"net/url"
	"testing"
	"time"

	"dozvon/app/desktop/i18n"
	"dozvon/client"
)

// LongClient has everything that a card can have, and long names.
func LongClient() client.Client {
	return client.Client{
		ID: "c9", Kind: "lead", Name: "Константинопольская-Покровская Александра Дмитриевна", Status: client.StatusThinking,
		Phones: []string{"+74232555148", "+79645550190"},
		PhoneList: []client.Phone{
			{Number: "+74232555148", Ext: "1204", Label: "рабочий"},
			{Number: "+79645550190", Label: "мама, Елизавета Константиновна"},
			{Typed: "спросить у Кати", Label: "сестра"},
		},
		Tags: []string{"автомат", "вечерняя группа", "рассрочка до нового года и дальше по договорённости"}, Email: "aleksandra.konstantinopolskaya-pokrovskaya@example.ru",
		Note:        "Просит звонить после 18:00, учится в вечерней группе. Документы принесёт мама.",
		Responsible: Person(Orlov), ExternalID: "amo-77/8812", UpdatedAt: Now,
	}
}

func LongFeed() []client.FeedEntry {
	c := LongClient()
	own := &client.Subject{Kind: client.KindClient, ID: c.ID, Name: c.Name, Detail: "lead"}
	return []client.FeedEntry{
		{ID: "f1", Type: client.EntryCallIn, At: Ago(time.Minute), Phone: "+79645550190", Subject: own, Employee: Person(Kireeva), CallID: "c1", TalkSeconds: Seconds(222)},
		{ID: "n1", Type: client.EntryNote, At: Ago(52 * time.Minute), EditedAt: At(Ago(10 * time.Minute)), Subject: own, Employee: Person(Kireeva), Description: "Хочет на автомат, звонить после 18:00"},
		{ID: "f3", Type: client.EntryCallIn, At: Ago(20 * time.Hour), Phone: "+79645550190", Subject: &Shangutov, Shared: true, Employee: Person(Borisov), CallID: "c3", TalkSeconds: Seconds(62)},
		{ID: "f4", Type: client.EntryClientCreated, At: Ago(14 * 24 * time.Hour), Subject: own, Employee: Person(Orlov), Description: "Создана карточка: " + c.Name, DescriptionEN: "Card made: " + c.Name},
	}
}

func LongHistory() client.Page[client.Change] {
	change := func(id, action string, past time.Duration, by *client.Person, fields ...client.FieldDelta) client.Change {
		return client.Change{ID: id, At: Ago(past), By: by, Action: action, Fields: fields}
	}
	return client.Page[client.Change]{NextCursor: "more", Items: []client.Change{
		change("h1", "changed", time.Minute, Person(Kireeva), client.FieldDelta{Field: "status", From: "new", To: "thinking"},
			client.FieldDelta{Field: "tags", To: "автомат, вечерняя группа"}),
		change("h2", "merged", 3*time.Hour, Person(Orlov), client.FieldDelta{Field: "phones", From: "+79645550190", To: "+79645550190 мама, +74232555148 (1204) рабочий, спросить у Кати"}),
		change("h3", "changed", 21*time.Hour, Person(Borisov), client.FieldDelta{Field: "note", From: LongClient().Note + " " + LongClient().Note, To: LongClient().Note},
			client.FieldDelta{Field: "responsible", From: Kireeva.Name, To: Orlov.Name}, client.FieldDelta{Field: "email", From: "a@b.ru"}),
		change("h4", "imported", 14*24*time.Hour, nil, client.FieldDelta{Field: "name", To: LongClient().Name}),
	}}
}

// CardHost is a desk whose server has these.
func CardHost(t *testing.T, lang i18n.Lang) *Host {
	t.Helper()
	h := NewHost(t, lang)
	c := LongClient()
	twin := client.Client{
		ID: "c10", Kind: "client", Name: "Константинопольская Саша", Status: client.StatusEnrolled, Phones: []string{"+79645550190"},
		PhoneList: []client.Phone{{Number: "+79645550190"}}, Tags: []string{"автомат"}, Note: "Записана на 12-ю группу.",
	}
	away := twin
	away.Name, away.DeletedAt = "Зайцева Ольга Константиновна", At(Ago(25*time.Hour))
	joined := twin
	joined.ID, joined.Name, joined.DeletedAt, joined.MergedInto = "c11", c.Name, At(Ago(time.Hour)), &client.SubjectRef{Kind: client.KindClient, ID: "c9"}
	contracts := []client.Contract{
		{ID: "k123", Number: "123/2026-АВ", Name: c.Name, Category: "B", Group: "14", Status: client.StatusActive, ClientID: "c9"},
		{ID: "k98", Number: "98", Name: "Покровский Всеволод Константинович", Category: "A1", Status: client.StatusFinished, ClientID: "c9"},
	}
	h.School.Answers["/clients/c9"] = c
	h.School.Answers["/clients/c10"] = twin
	h.School.Answers["/clients"] = func(q url.Values) any {
		if q.Get("deleted") != "" {
			return client.Page[client.Client]{Items: []client.Client{joined, away}}
		}
		lead := client.Client{ID: "l2", Kind: "lead", Name: Zaitseva.Name, Status: client.StatusNew, Phones: []string{"+79035550152"}}
		return client.Page[client.Client]{Items: []client.Client{c, twin, lead}}
	}
	h.School.Answers["/contracts"] = client.Page[client.Contract]{Items: contracts}
	k := contracts[0]
	k.Phones, k.PhoneList, k.SignedOn, k.Responsible = c.Phones, c.PhoneList, "2026-11-24", Person(Kireeva)
	h.School.Answers["/contracts/k123"] = k
	h.School.Answers["/feed"] = client.Page[client.FeedEntry]{Items: LongFeed()}
	h.School.Answers["/lookup"] = map[string]any{"matches": []client.Subject{{Kind: client.KindClient, ID: "c10", Name: twin.Name, Detail: "client"}}}
	h.School.Answers["/clients/c9/history"] = LongHistory()
	h.School.Answers["/feed/n1/versions"] = FormerTexts()
	return h
}
