package screens

import (
	"testing"
	"time"

	"dozvon/app/desktop/ui/uitest"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/settings"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// page puts the settings on the window's ground.
func page(v *settings.View) fyne.CanvasObject {
	return widgets.Stack(widgets.NewBox(widgets.Ground, 0), widgets.Pad(20, 0, 0, 0, v))
}

// settingsScenes are the faces of the settings, by the name of their picture.
func settingsScenes(t *testing.T, h *uitest.Host) map[string]fyne.CanvasObject {
	t.Helper()
	shown := func(press ...string) *settings.View {
		v := settings.New(uitest.Settings(h), &settings.State{})
		v.Resize(uitest.Tall)
		v.Shown()
		for _, word := range press {
			b := uitest.Buttons(v, map[string]*widgets.Button{})[word]
			if b == nil {
				t.Fatalf("no button %q", word)
			}
			test.Tap(b)
		}
		return v
	}
	word := h.Words.T
	h.Facts.Apply(client.StreamEvent{Type: "call", Data: &client.Call{ID: "bell1", State: client.StateEnded}})
	out := map[string]fyne.CanvasObject{
		"main":    page(shown(word("act.check"), word("bell.ring"))),
		"plain":   page(shown()),
		"replace": page(shown(word("set.replace"), word("set.plus"))),
		"pbx":     page(shown(word("set.take"), word("book.plan"))),
		"remove":  page(shown(word("set.remove"))),
		"choose":  page(shown("+ " + word("act.add"))),
	}
	one := h.School.Answers["GET /integrations"]
	h.School.Answers["GET /integrations"] = client.Page[client.Integration]{Items: []client.Integration{uitest.Integration(), uitest.Second()}}
	two := shown()
	two.Open("i2")
	out["two"] = page(two)
	h.School.Answers["GET /integrations"] = client.Page[client.Integration]{Items: []client.Integration{uitest.Integration(), uitest.Second(), uitest.Third()}}
	for name, id := range map[string]string{"kinds": "i3", "kinds-first": "i1"} {
		v := shown("+ " + word("act.add"))
		v.Open(id)
		test.Tap(uitest.Buttons(v, map[string]*widgets.Button{})[word("act.check")])
		out[name] = page(v)
	}
	fresh := shown("+ " + word("act.add"))
	rows := uitest.All[*widgets.Pick](fresh)
	test.Tap(rows[len(rows)-2])
	out["new"] = page(fresh)
	h.School.Answers["GET /integrations"] = client.Page[client.Integration]{}
	out["none"] = page(shown())
	h.School.Answers["GET /integrations"] = one
	out["accounts"] = page(accountsShown(t, h.Words.Lang()))
	for name, tab := range map[string]string{"audit": "set.tab_audit", "own": "set.tab_program", "more": "set.tab_accounts"} {
		out[name] = page(accessShown(t, h.Words.Lang(), tab))
	}
	return out
}

// accountsShown is the list of employees with the form of a new one, as a director sees it.
func accountsShown(t *testing.T, lang i18n.Lang) *settings.View {
	t.Helper()
	h := uitest.NewHostFor(t, lang, uitest.Schetova)
	h.School.Answers["GET /employees"] = client.Page[client.Employee]{Items: []client.Employee{
		uitest.Kireeva, uitest.Borisov, uitest.Schetova, uitest.Orlov, {ID: "e5", Name: "Стажёров Степан", Role: client.RoleOperator, Active: true},
	}}
	v := settings.New(uitest.Settings(h), &settings.State{})
	v.Resize(uitest.Tall)
	v.Shown()
	for _, key := range []string{"set.tab_accounts", "acc.new", "act.save"} {
		test.Tap(uitest.Buttons(v, map[string]*widgets.Button{})[h.Words.T(key)])
	}
	return v
}

// accessShown is a tab of the settings as a director sees it: the audit, one's own account with the
// form of a new password, or a colleague's sessions.
func accessShown(t *testing.T, lang i18n.Lang, tab string) *settings.View {
	t.Helper()
	h := uitest.NewHostFor(t, lang, uitest.Schetova)
	h.School.Answers["GET /audit"] = client.Page[client.AuditEntry]{Items: uitest.Audited(), NextCursor: "c"}
	h.School.Answers["GET /sessions"] = client.Page[client.Session]{Items: []client.Session{
		{ID: "s1", Device: "BUCH-01", Address: "192.0.2.9", CreatedAt: uitest.Ago(50 * time.Hour), LastUsedAt: uitest.At(uitest.Now), Current: tab == "set.tab_program"},
		{ID: "s2", Device: "Ноутбук Счетовой в учебном классе на Светланской, второй этаж", Address: "2001:db8:85a3::8a2e:370:7334", CreatedAt: uitest.Ago(400 * time.Hour), LastUsedAt: uitest.At(uitest.Ago(3 * time.Hour))},
		{ID: "s3", CreatedAt: uitest.Ago(time.Hour)},
	}}
	v := settings.New(uitest.Settings(h), &settings.State{})
	v.Resize(uitest.Tall)
	v.Shown()
	press := map[string][]string{"set.tab_program": {"own.password"}}[tab]
	for _, key := range append([]string{tab}, press...) {
		test.Tap(uitest.Buttons(v, map[string]*widgets.Button{})[h.Words.T(key)])
	}
	if tab == "set.tab_accounts" {
		test.Tap(uitest.Buttons(v, map[string]*widgets.Button{})["⋯"])
	}
	return v
}
