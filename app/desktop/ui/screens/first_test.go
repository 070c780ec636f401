package screens

import (
	"net"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/ui/firststart"
	"dozvon/app/desktop/ui/signin"
	"dozvon/app/desktop/ui/uitest"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// firstScenes are the pages before the first sign-in: empty, filled in, refused, and the steps of a
// school's first administrator.
func firstScenes(h *uitest.Host) map[string]func(t *testing.T) fyne.CanvasObject {
	school := &uitest.First{Host: h, Answer: client.Welcome{School: "Автошкола «Вираж»"}}
	fresh := &uitest.First{Host: h, Answer: client.Welcome{FirstAccount: true}}
	return map[string]func(t *testing.T) fyne.CanvasObject{
		"sign-in":        func(*testing.T) fyne.CanvasObject { return signin.New(school, "", "") },
		"sign-in-filled": func(*testing.T) fyne.CanvasObject { return signin.New(school, "phone.virazh.example", "kireeva") },
		"sign-in-refused": func(*testing.T) fyne.CanvasObject {
			lost := &uitest.First{Host: h, Err: &net.DNSError{IsNotFound: true}}
			v := signin.New(lost, "phone.virazh.exmple", "kireeva")
			v.Tell(h.Words.T("sign.expired"))
			return v
		},
		"first-account": func(*testing.T) fyne.CanvasObject {
			return firststart.New(fresh, firststart.NewState("phone.virazh.example"))
		},
		"first-refused": func(*testing.T) fyne.CanvasObject {
			v := firststart.New(fresh, firststart.NewState("phone.virazh.example"))
			pressIn(v, h.Words.T("first.create"))
			return v
		},
		"first-pbx": func(*testing.T) fyne.CanvasObject { return firststart.New(fresh, atPBX()) },
		"first-call": func(t *testing.T) fyne.CanvasObject {
			return connected(t, fresh)
		},
	}
}

// drawFirst draws the pages before the first sign-in.
func drawFirst(t *testing.T, l look) {
	h := uitest.NewHost(t, l.lang)
	for name, surface := range firstScenes(h) {
		drawn(t, name+l.suffix(), 1, fyne.NewSize(1180, 940), surface)
	}
}

func atPBX() *firststart.State {
	s := firststart.NewState("phone.virazh.example")
	s.Begun(uitest.Schetova)
	return s
}

// connected is the page once the PBX is.
func connected(t *testing.T, host *uitest.First) fyne.CanvasObject {
	t.Helper()
	it := uitest.Integration()
	host.School.Answers["POST /integrations"] = it
	host.School.Answers["POST /integrations/"+it.ID+"/check"] = client.Page[client.Check]{}
	host.School.Answers["PATCH /employees/"+uitest.Schetova.ID] = uitest.Schetova
	v := firststart.New(host, atPBX())
	for _, entry := range uitest.All[*widgets.Entry](v) {
		entry.SetText("o4qk2n7w8x1c5v9b3m6a")
	}
	pressIn(v, host.Words.T("first.check"))
	return v
}

func pressIn(object fyne.CanvasObject, words string) {
	if b := uitest.Buttons(object, map[string]*widgets.Button{})[words]; b != nil {
		test.Tap(b)
	}
}
