package screens

import (
	"net/url"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/card"
	"dozvon/app/desktop/ui/mainwin"
	"dozvon/app/desktop/ui/register"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// longClient has everything that a card can have, and long names.
func longClient() client.Client {
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
		Responsible: person(orlov), ExternalID: "amo-77/8812", UpdatedAt: now,
	}
}

func longFeed() []client.FeedEntry {
	c := longClient()
	own := &client.Subject{Kind: client.KindClient, ID: c.ID, Name: c.Name, Detail: "lead"}
	return []client.FeedEntry{
		{ID: "f1", Type: client.EntryCallIn, At: ago(time.Minute), Phone: "+79645550190", Subject: own, Employee: person(kireeva), CallID: "c1", TalkSeconds: seconds(222)},
		{ID: "n1", Type: client.EntryNote, At: ago(52 * time.Minute), EditedAt: at(ago(10 * time.Minute)), Subject: own, Employee: person(kireeva), Description: "Хочет на автомат, звонить после 18:00"},
		{ID: "f3", Type: client.EntryCallIn, At: ago(20 * time.Hour), Phone: "+79645550190", Subject: &shangutov, Shared: true, Employee: person(borisov), CallID: "c3", TalkSeconds: seconds(62)},
		{ID: "f4", Type: client.EntryClientCreated, At: ago(14 * 24 * time.Hour), Subject: own, Employee: person(orlov), Description: "Создана карточка: " + c.Name, DescriptionEN: "Card made: " + c.Name},
	}
}

func longHistory() client.Page[client.Change] {
	change := func(id, action string, past time.Duration, by *client.Person, fields ...client.FieldDelta) client.Change {
		return client.Change{ID: id, At: ago(past), By: by, Action: action, Fields: fields}
	}
	return client.Page[client.Change]{NextCursor: "more", Items: []client.Change{
		change("h1", "changed", time.Minute, person(kireeva), client.FieldDelta{Field: "status", From: "new", To: "thinking"},
			client.FieldDelta{Field: "tags", To: "автомат, вечерняя группа"}),
		change("h2", "merged", 3*time.Hour, person(orlov), client.FieldDelta{Field: "phones", From: "+79645550190", To: "+79645550190 мама, +74232555148 (1204) рабочий, спросить у Кати"}),
		change("h3", "changed", 21*time.Hour, person(borisov), client.FieldDelta{Field: "note", From: longClient().Note + " " + longClient().Note, To: longClient().Note},
			client.FieldDelta{Field: "responsible", From: kireeva.Name, To: orlov.Name}, client.FieldDelta{Field: "email", From: "a@b.ru"}),
		change("h4", "imported", 14*24*time.Hour, nil, client.FieldDelta{Field: "name", To: longClient().Name}),
	}}
}

// cardHost is a desk whose server has these.
func cardHost(t *testing.T, lang i18n.Lang) *host {
	t.Helper()
	h := newHost(t, lang)
	c := longClient()
	twin := client.Client{
		ID: "c10", Kind: "client", Name: "Константинопольская Саша", Status: client.StatusEnrolled, Phones: []string{"+79645550190"},
		PhoneList: []client.Phone{{Number: "+79645550190"}}, Tags: []string{"автомат"}, Note: "Записана на 12-ю группу.",
	}
	away := twin
	away.Name, away.DeletedAt = "Зайцева Ольга Константиновна", at(ago(25*time.Hour))
	joined := twin
	joined.ID, joined.Name, joined.DeletedAt, joined.MergedInto = "c11", c.Name, at(ago(time.Hour)), &client.SubjectRef{Kind: client.KindClient, ID: "c9"}
	contracts := []client.Contract{
		{ID: "k123", Number: "123/2026-АВ", Name: c.Name, Category: "B", Group: "14", Status: client.StatusActive, ClientID: "c9"},
		{ID: "k98", Number: "98", Name: "Покровский Всеволод Константинович", Category: "A1", Status: client.StatusFinished, ClientID: "c9"},
	}
	h.school.answers["/clients/c9"] = c
	h.school.answers["/clients/c10"] = twin
	h.school.answers["/clients"] = func(q url.Values) any {
		if q.Get("deleted") != "" {
			return client.Page[client.Client]{Items: []client.Client{joined, away}}
		}
		lead := client.Client{ID: "l2", Kind: "lead", Name: zaitseva.Name, Status: client.StatusNew, Phones: []string{"+79035550152"}}
		return client.Page[client.Client]{Items: []client.Client{c, twin, lead}}
	}
	h.school.answers["/contracts"] = client.Page[client.Contract]{Items: contracts}
	k := contracts[0]
	k.Phones, k.PhoneList, k.SignedOn, k.Responsible = c.Phones, c.PhoneList, "2026-11-24", person(kireeva)
	h.school.answers["/contracts/k123"] = k
	h.school.answers["/feed"] = client.Page[client.FeedEntry]{Items: longFeed()}
	h.school.answers["/lookup"] = map[string]any{"matches": []client.Subject{{Kind: client.KindClient, ID: "c10", Name: twin.Name, Detail: "client"}}}
	h.school.answers["/clients/c9/history"] = longHistory()
	h.school.answers["/feed/n1/versions"] = formerTexts()
	return h
}

// besideList is a register with a card at its right.
func besideList(t *testing.T, h *host, kind client.SubjectKind, size fyne.Size) (*card.Panel, *register.View, fyne.Window) {
	t.Helper()
	list := register.New(h, kind, &register.State{}, func(string) {})
	name := string(kind) + "s"
	frame := mainwin.New(h.text, []mainwin.Page{{Name: name, Object: list, Shown: list.Shown, Card: true, Action: widgets.NewButton(h.text.T("act.new_lead"), widgets.Plain, nil)}}, nil)
	frame.SetState(program{}.State())
	panel := card.New(h, &card.State{}, func() {})
	frame.SetSide(panel)
	w := windowOf(t, frame, size)
	list.Shown()
	return panel, list, w
}

// cardScenes are the surfaces of the cards, each as what is done to make it.
var cardScenes = map[string]func(t *testing.T, h *host) fyne.Window{
	"client": func(t *testing.T, h *host) fyne.Window {
		panel, list, w := besideList(t, h, client.KindClient, fyne.NewSize(1180, 1080))
		panel.Open(client.KindClient, "c9")
		list.Select("c9")
		return w
	},
	"contract": func(t *testing.T, h *host) fyne.Window {
		panel, list, w := besideList(t, h, client.KindContract, fyne.NewSize(1180, 860))
		panel.Open(client.KindContract, "k123")
		list.Select("k123")
		return w
	},
	"owner": func(t *testing.T, h *host) fyne.Window {
		panel, _, w := besideList(t, h, client.KindContract, fyne.NewSize(1180, 760))
		k := h.school.answers["/contracts/k123"].(client.Contract)
		k.ClientID = ""
		h.school.answers["/contracts/k123"] = k
		panel.Open(client.KindContract, "k123")
		panel.ChooseOwner()
		return w
	},
	"form": func(t *testing.T, h *host) fyne.Window {
		panel, _, w := besideList(t, h, client.KindClient, fyne.NewSize(1180, 1080))
		panel.Open(client.KindClient, "c9")
		panel.Edit()
		return w
	},
	"form-told": func(t *testing.T, h *host) fyne.Window {
		panel, _, w := besideList(t, h, client.KindClient, fyne.NewSize(960, 640))
		panel.Open(client.KindClient, "c9")
		panel.Edit()
		all[*widgets.Choice](panel)[0].Choose(4)
		other := longClient()
		other.Status, other.Email = client.StatusContacted, "a@b.ru"
		h.school.answers["/clients/c9"] = other
		panel.Follow(client.KindClient, "c9")
		panel.SaveAs("")
		return w
	},
	"form-new": func(t *testing.T, h *host) fyne.Window {
		panel, _, w := besideList(t, h, client.KindClient, fyne.NewSize(1180, 760))
		panel.NewLead("+79145550148")
		return w
	},
	"form-contract": func(t *testing.T, h *host) fyne.Window {
		panel, _, w := besideList(t, h, client.KindClient, fyne.NewSize(1180, 1080))
		panel.Open(client.KindClient, "c9")
		panel.NewContract()
		return w
	},
	"delete": func(t *testing.T, h *host) fyne.Window {
		panel, _, w := besideList(t, h, client.KindClient, fyne.NewSize(1180, 760))
		panel.Open(client.KindClient, "c9")
		panel.AskDelete()
		return w
	},
	"more": func(t *testing.T, h *host) fyne.Window {
		panel, _, w := besideList(t, h, client.KindClient, fyne.NewSize(1180, 760))
		panel.Open(client.KindClient, "c9")
		test.Tap(buttons(panel, map[string]*widgets.Button{})[h.text.T("crd.more")+" ▾"])
		return w
	},
	"broken": func(t *testing.T, h *host) fyne.Window {
		panel, _, w := besideList(t, h, client.KindClient, fyne.NewSize(1180, 760))
		panel.Open(client.KindClient, "nobody")
		return w
	},
	"history": func(t *testing.T, h *host) fyne.Window {
		panel, _, w := besideList(t, h, client.KindClient, fyne.NewSize(1180, 760))
		panel.Open(client.KindClient, "c9")
		panel.History()
		return w
	},
	"history-empty": func(t *testing.T, h *host) fyne.Window {
		panel, _, w := besideList(t, h, client.KindClient, fyne.NewSize(1180, 760))
		h.school.answers["/clients/c9/history"] = client.Page[client.Change]{}
		panel.Open(client.KindClient, "c9")
		panel.History()
		return w
	},
	"history-broken": func(t *testing.T, h *host) fyne.Window {
		panel, _, w := besideList(t, h, client.KindClient, fyne.NewSize(1180, 760))
		h.school.answers["/clients/c9/history"] = &client.Problem{Status: 500, Code: "internal", Detail: "На сервере случилась ошибка. Ничего не потеряно, попробуйте ещё раз; подробности в журнале сервера."}
		panel.Open(client.KindClient, "c9")
		panel.History()
		return w
	},
	"merge": func(t *testing.T, h *host) fyne.Window {
		panel, _, w := besideList(t, h, client.KindClient, fyne.NewSize(1180, 760))
		panel.Open(client.KindClient, "c9")
		panel.Merge()
		return w
	},
	"merge-hint": func(t *testing.T, h *host) fyne.Window {
		panel, _, w := besideList(t, h, client.KindClient, fyne.NewSize(1180, 760))
		h.school.answers["/lookup"] = map[string]any{}
		panel.Open(client.KindClient, "c9")
		panel.Merge()
		return w
	},
	"merge-compare": func(t *testing.T, h *host) fyne.Window {
		panel, _, w := besideList(t, h, client.KindClient, fyne.NewSize(1180, 760))
		panel.Open(client.KindClient, "c9")
		panel.Merge()
		test.Tap(all[*widgets.Pick](over(w))[0])
		return w
	},
	"deleted": func(t *testing.T, h *host) fyne.Window {
		panel, list, w := besideList(t, h, client.KindClient, fyne.NewSize(960, 640))
		panel.Open(client.KindClient, "c9")
		list.Filter(3)
		return w
	},
	"deleted-none": func(t *testing.T, h *host) fyne.Window {
		panel, list, w := besideList(t, h, client.KindClient, fyne.NewSize(1180, 640))
		h.school.answers["/clients"] = client.Page[client.Client]{}
		panel.Open(client.KindClient, "c9")
		list.Filter(3)
		return w
	},
}

// drawCards draws every surface of the cards, and the busiest at scale 2.
func drawCards(t *testing.T, l look) {
	for name, scene := range cardScenes {
		w := scene(t, cardHost(t, l.lang))
		snap(t, "crm-"+name+l.suffix(), w)
		if l.choice == theme.LightChoice && (name == "client" || name == "form") && !testing.Short() {
			shoot(t, "crm-"+name+l.suffix()+"-2x", 2, w.Canvas().Size(), w.Content())
		}
	}
}
