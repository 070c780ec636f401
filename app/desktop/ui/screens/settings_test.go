package screens

import (
	"fmt"
	"testing"
	"time"

	"dozvon/app/desktop/ui/uitest"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/config"
	"dozvon/app/desktop/hotkey"
	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/links"
	"dozvon/app/desktop/release"
	"dozvon/app/desktop/ui/settings"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// page puts the settings on the window's ground.
func page(v *settings.View) fyne.CanvasObject {
	return widgets.Stack(widgets.NewBox(widgets.Ground, 0), widgets.Pad(20, 0, 0, 0, v))
}

// settingsScenes are the faces of the settings, by the name of their picture, each as what makes it.
func settingsScenes(h *uitest.Host) map[string]func(t *testing.T) fyne.CanvasObject {
	word := h.Words.T
	connected := func(all ...client.Integration) {
		h.School.Answers["GET /integrations"] = client.Page[client.Integration]{Items: all}
	}
	shown := func(t *testing.T, press ...string) *settings.View {
		t.Helper()
		v := settings.New(uitest.Settings(h), &settings.State{})
		v.Resize(uitest.Tall)
		v.Shown()
		for _, words := range press {
			pressed(t, v, words)
		}
		return v
	}
	one := func(press ...string) func(t *testing.T) fyne.CanvasObject {
		return func(t *testing.T) fyne.CanvasObject {
			connected(uitest.Integration())
			return page(shown(t, press...))
		}
	}
	ofThree := func(id string) func(t *testing.T) fyne.CanvasObject {
		return func(t *testing.T) fyne.CanvasObject {
			connected(uitest.Integration(), uitest.Second(), uitest.Third())
			v := shown(t, "+ "+word("act.add"))
			v.Open(id)
			pressed(t, v, word("act.check"))
			return page(v)
		}
	}
	out := map[string]func(t *testing.T) fyne.CanvasObject{
		"main":        one(word("act.check"), word("bell.ring")),
		"plain":       one(),
		"replace":     one(word("set.replace"), word("set.plus")),
		"pbx":         one(word("set.take"), word("book.plan")),
		"remove":      one(word("set.remove")),
		"choose":      one("+ " + word("act.add")),
		"kinds":       ofThree("i3"),
		"kinds-first": ofThree("i1"),
		"two": func(t *testing.T) fyne.CanvasObject {
			connected(uitest.Integration(), uitest.Second())
			v := shown(t)
			v.Open("i2")
			return page(v)
		},
		"new": func(t *testing.T) fyne.CanvasObject {
			connected(uitest.Integration(), uitest.Second(), uitest.Third())
			v := shown(t, "+ "+word("act.add"))
			rows := uitest.All[*widgets.Pick](v)
			test.Tap(rows[len(rows)-2])
			return page(v)
		},
		"lost": func(t *testing.T) fyne.CanvasObject {
			connected(uitest.Integration(), uitest.Second(), uitest.Third())
			v := shown(t)
			v.Open("i1")
			pressed(t, v, word("set.replace"))
			uitest.All[*widgets.Entry](v)[0].SetText("o4qk2n7w8x1c5v9b3m6a-1")
			v.Apply(&client.Deleted{ID: "i1", Deleted: true})
			return page(v)
		},
		"long": func(t *testing.T) fyne.CanvasObject {
			connected(longIntegration())
			v := shown(t, "+ "+word("act.add"))
			pressed(t, v, word("act.check"))
			return page(v)
		},
		"sixty": func(t *testing.T) fyne.CanvasObject {
			at := "GET /integrations/i1/extensions"
			few := h.School.Answers[at]
			t.Cleanup(func() { h.School.Answers[at] = few })
			h.School.Answers[at] = sixtyExtensions()
			connected(uitest.Integration())
			return page(shown(t))
		},
		"none": func(t *testing.T) fyne.CanvasObject {
			connected()
			return page(shown(t))
		},
		"system": func(t *testing.T) fyne.CanvasObject {
			return page(systemShown(h, &uitest.Living{
				Choices: config.Config{Language: string(h.Words.Lang()), Theme: "auto", Notifications: true, FullScreen: config.FullScreenStrip, Links: config.LinksAlways, Hotkey: "Ctrl+Alt+D"},
				Starts:  true, Opens: links.State{Registered: true, Others: []string{"callto", "sip"}}, Refused: hotkey.ErrTaken,
				Out: release.Release{Own: "0.6.0", Server: "0.7.0", URL: "https://phone.example.ru/app"},
			}))
		},
		"accounts": func(t *testing.T) fyne.CanvasObject { return page(accountsShown(t, h.Words.Lang())) },
	}
	for name, tab := range map[string]string{"audit": "set.tab_audit", "own": "set.tab_program", "more": "set.tab_accounts"} {
		out[name] = func(t *testing.T) fyne.CanvasObject { return page(accessShown(t, h.Words.Lang(), tab)) }
	}
	return out
}

// longIntegration has the longest words that a school and a PBX may give it.
func longIntegration() client.Integration {
	it := uitest.Third()
	it.Kind, it.Subscription, it.Secrets = "starcom", nil, []string{"pin"}
	it.Name = "Южно-Сахалинский филиал автошколы «Старт» на проспекте Победы"
	it.Credentials = map[string]string{"portal": "Лицевой счёт администратора автошколы № 7701-2345-6789-0123-4567", "region": "Сахалинская область и Курильские острова"}
	it.HookURL = "https://phone.autoschool-start-yuzhno-sakhalinsk.example/hook/k3Vx9QpL2mT7k3Vx9QpL2mT7"
	it.APIURL = "https://api.starcom-kommunikacii-severo-vostok.example/portal/administrator/"
	it.Health = client.Health{
		State: client.HealthBlocked, Text: "Номер лицевого счёта в личном кабинете администратора не найден: обратитесь в поддержку",
		TextEN: "The number of the administrator's account was not found: ask the PBX's support",
	}
	return it
}

// sixtyExtensions is a table of sixty rows: three employees whom the made-up school has, and others.
func sixtyExtensions() []client.ExtensionRow {
	var out []client.ExtensionRow
	for n := range 60 {
		out = append(out, client.ExtensionRow{EmployeeID: fmt.Sprintf("e%d", n+1), Extension: fmt.Sprint(101 + n)})
	}
	return out
}

// pressed presses the button with these words.
func pressed(t *testing.T, v *settings.View, words string) {
	t.Helper()
	b := uitest.Buttons(v, map[string]*widgets.Button{})[words]
	if b == nil {
		t.Fatalf("no button %q", words)
	}
	test.Tap(b)
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

// systemShown is the program's tab, of a made-up system.
func systemShown(h *uitest.Host, living *uitest.Living) *settings.View {
	v := settings.New(uitest.SettingsHost{Host: h, Chooser: uitest.Program{Living: living}}, &settings.State{Tab: settings.TabProgram})
	v.Resize(uitest.Tall)
	v.Shown()
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
