package signin_test

import (
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"dozvon/app/desktop/ui/uitest"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/signin"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

func formOf(t *testing.T, lang i18n.Lang, server, login string) (*uitest.First, *signin.View) {
	t.Helper()
	uitest.LightApp(t)
	h := &uitest.First{Host: uitest.NewHost(t, lang), Answer: client.Welcome{School: "Автошкола «Вираж»"}}
	v := signin.New(h, server, login)
	uitest.WindowOf(t, v, fyne.NewSize(900, 760))
	return h, v
}

func wants(t *testing.T, v fyne.CanvasObject, words string, there bool) {
	t.Helper()
	if all := uitest.Readable(v); strings.Contains(all, words) != there {
		t.Errorf("%q is there: %v, in\n%s", words, !there, all)
	}
}

// TestSignIn_warnsOfPlainHTTP while the address is typed, before the password goes out.
func TestSignIn_warnsOfPlainHTTP(t *testing.T) {
	for _, lang := range []i18n.Lang{i18n.Russian, i18n.English} {
		h, v := formOf(t, lang, "http://phone.school.ru", "kireeva")
		wants(t, v, h.Words.T("sign.exposed"), true)
		uitest.All[*widgets.Entry](v)[0].SetText("https://phone.school.ru")
		wants(t, v, h.Words.T("sign.exposed"), false)
	}
}

// TestSignIn_saysWhoseServerItIs once typing has paused, and nothing of an address that was typed before.
func TestSignIn_saysWhoseServerItIs(t *testing.T) {
	h, v := formOf(t, i18n.Russian, "", "")
	address := uitest.All[*widgets.Entry](v)[0]
	for _, typed := range []string{"p", "ph", "phone.virazh.example"} {
		address.SetText(typed)
	}
	for _, do := range h.Later {
		do()
	}
	if got := strings.Join(h.Asked, " "); got != "phone.virazh.example" {
		t.Errorf("asked %q", got)
	}
	wants(t, v, "Отвечает Автошкола «Вираж»", true)
	address.SetText("phone.virazh.exampl")
	wants(t, v, "Отвечает", false)
	h.Err = &url.Error{Op: "Get", Err: &net.DNSError{IsNotFound: true}}
	h.Later[len(h.Later)-1]()
	wants(t, v, "Такого адреса нет", true)
	for _, tt := range []struct {
		answer client.Welcome
		err    error
		want   string
	}{
		{client.Welcome{}, nil, "Здесь отвечает сервер Дозвона"},
		{client.Welcome{FirstAccount: true}, nil, "учётных записей ещё нет"},
		{client.Welcome{}, &client.ForeignAnswer{Status: 200}, "200"},
	} {
		h.Answer, h.Err = tt.answer, tt.err
		address.SetText(address.Text + "e")
		h.Later[len(h.Later)-1]()
		wants(t, v, tt.want, true)
	}
}

// TestSignIn_anOlderServerIsNotCalledWrong: it does not know the question.
func TestSignIn_anOlderServerIsNotCalledWrong(t *testing.T) {
	h, v := formOf(t, i18n.Russian, "", "")
	before := uitest.Readable(v)
	old := httptest.NewServer(http.NotFoundHandler()) // as 0.5.0 answers to paths that it does not know
	t.Cleanup(old.Close)
	if _, h.Err = client.New(old.URL, "").Welcome(t.Context()); h.Err == nil {
		t.Fatal("it knows the question")
	}
	uitest.All[*widgets.Entry](v)[0].SetText("old.school.ru")
	h.Later[len(h.Later)-1]()
	if after := uitest.Readable(v); len(h.Asked) != 1 || after != before {
		t.Errorf("asked %v, says\n%s", h.Asked, after)
	}
}

// TestSignIn_tellsWhatIsWrongUnderItsField and lets the person try again.
func TestSignIn_tellsWhatIsWrongUnderItsField(t *testing.T) {
	h, v := formOf(t, i18n.Russian, "phone.virazh.example", "kireeva")
	entries := uitest.All[*widgets.Entry](v)
	button := uitest.Buttons(v, map[string]*widgets.Button{})["Войти"]
	test.Tap(button)
	wants(t, v, "Заполните это поле.", true)
	if len(h.SignedIn) != 0 {
		t.Error("signed in without a password")
	}
	entries[2].SetText("secret words")
	wants(t, v, "Заполните это поле.", false)
	for _, tt := range []struct {
		err  error
		want string
	}{
		{&client.Problem{Status: 401, Code: "wrong_password", Detail: "Логин или пароль не подходит."}, "Логин или пароль не подходит."},
		{&url.Error{Op: "Post", Err: errors.New("refused")}, h.Words.T("err.no_server")},
		{&url.Error{Op: "Post", Err: &net.DNSError{IsNotFound: true}}, "Такого адреса нет"},
	} {
		test.Tap(button)
		if button.Label != "Входим…" || button.Enabled() {
			t.Errorf("while it tries the button says %q", button.Label)
		}
		v.Fail(tt.err)
		wants(t, v, tt.want, true)
		if button.Label != "Войти" || !button.Enabled() {
			t.Errorf("after a refusal the button says %q", button.Label)
		}
	}
	if len(h.SignedIn) != 3 || h.SignedIn[0] != "phone.virazh.example kireeva secret words" {
		t.Errorf("tried %q", h.SignedIn)
	}
}

// TestSignIn_leadsTheAdministratorOn with the address that was typed.
func TestSignIn_leadsTheAdministratorOn(t *testing.T) {
	h, v := formOf(t, i18n.Russian, "new.school.ru", "")
	test.Tap(uitest.Buttons(v, map[string]*widgets.Button{})["Я администратор: настроить школу"])
	if h.SettingUp != "new.school.ru" {
		t.Errorf("leads to %q", h.SettingUp)
	}
}
