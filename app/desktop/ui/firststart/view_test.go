package firststart_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/firststart"
	"dozvon/app/desktop/ui/uitest"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/app/server"
	"dozvon/client"
)

// page is the page of somebody who sets a made-up school up.
type page struct {
	*uitest.First
	t     *testing.T
	state *firststart.State
	view  *firststart.View
}

func open(t *testing.T, state *firststart.State) *page {
	t.Helper()
	uitest.LightApp(t)
	p := &page{t: t, state: state, First: &uitest.First{
		Host: uitest.NewHostFor(t, i18n.Russian, uitest.Schetova), Answer: client.Welcome{FirstAccount: true},
	}}
	p.again()
	return p
}

// again makes the page anew, as a change of language does.
func (p *page) again() {
	p.view = firststart.New(p, p.state)
	uitest.WindowOf(p.t, p.view, fyne.NewSize(1180, 1000))
}

func (p *page) wants(words string) {
	p.t.Helper()
	if all := uitest.Readable(p.view); !strings.Contains(all, words) {
		p.t.Errorf("%q is not in\n%s", words, all)
	}
}

func (p *page) press(words string) {
	p.t.Helper()
	b := uitest.Buttons(p.view, map[string]*widgets.Button{})[words]
	if b == nil {
		p.t.Fatalf("no button %q in\n%s", words, uitest.Readable(p.view))
	}
	test.Tap(b)
}

func (p *page) entries() []*widgets.Entry { return uitest.All[*widgets.Entry](p.view) }

func (p *page) write(texts ...string) {
	for n, text := range texts {
		p.entries()[n].SetText(text)
	}
}

// TestFirstStart_accountAtARealServer: wrong codes and weak passwords are told under their fields, the
// right code makes the account, and the page goes on with the PBX, over another language too.
func TestFirstStart_accountAtARealServer(t *testing.T) {
	parts, err := server.Build(t.Context(), server.Config{Listen: "127.0.0.1:0", Data: t.TempDir(), Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(parts.API.Handler())
	t.Cleanup(func() { web.Close(); parts.Close() })
	code, err := parts.Welcome.Code(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	p := open(t, firststart.NewState(web.URL))
	begin := func() {
		api := client.New(web.URL, "")
		api.SetLanguage("ru")
		in, err := api.CreateFirstAccount(t.Context(), p.First.Begun[len(p.First.Begun)-1])
		if p.Refuse = err; err == nil {
			p.API = client.New(web.URL, in.Token)
			p.state.Begun(in.Employee)
		}
	}
	p.OnBegin = begin
	p.wants("учётных записей ещё нет")
	p.press("Создать и дальше")
	p.wants("Заполните это поле.")
	if len(p.First.Begun) != 0 {
		t.Error("an empty form was sent")
	}
	for _, step := range []struct{ code, password, want string }{
		{"0000-0000-0000", "practice makes perfect", "Код не подошёл"},
		{code, "12345678", "из списка частых"},
	} {
		p.Refuse = nil
		p.write(web.URL, step.code, "Счетова Вера Андреевна", "schetova", step.password)
		p.press("Создать и дальше")
		p.press("Создать и дальше")
		p.wants(step.want)
	}
	p.again()
	p.Refuse = nil
	p.write(web.URL, code, "Счетова Вера Андреевна", "schetova", "practice makes perfect")
	p.press("Создать и дальше")
	p.again()
	p.wants("Счетова Вера Андреевна · schetova · администратор")
	p.wants("Mango Office")
	if all := uitest.Readable(p.view); strings.Contains(all, code) {
		t.Error("the code is shown still")
	}
	p.press("Изменить")
	p.entries()[0].SetText("Счетова Вера")
	p.press("Сохранить")
	p.wants("Счетова Вера · schetova · администратор")
	if me, err := p.API.Me(t.Context()); err != nil || me.Name != "Счетова Вера" {
		t.Errorf("the server calls her %q, %v", me.Name, err)
	}
}

// TestFirstStart_whereThereAreAccounts the page says so and leads to the sign-in.
func TestFirstStart_whereThereAreAccounts(t *testing.T) {
	p := open(t, firststart.NewState(""))
	p.Answer = client.Welcome{School: "Вираж"}
	p.write("phone.virazh.example")
	p.Later[len(p.Later)-1]()
	p.wants("На этом сервере уже есть учётные записи")
	p.press("У меня уже есть логин")
	if !p.Left {
		t.Error("it does not lead to the sign-in")
	}
}

// TestFirstStart_atAnOlderServer says what to do: it makes no first account.
func TestFirstStart_atAnOlderServer(t *testing.T) {
	p := open(t, firststart.NewState("phone.virazh.example"))
	old := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(old.Close)
	_, p.Refuse = client.New(old.URL, "").CreateFirstAccount(t.Context(), client.FirstAccount{})
	p.write("phone.virazh.example", "1234-5678-9012", "Вера", "schetova", "practice makes perfect")
	p.press("Создать и дальше")
	p.wants("Этот сервер старше программы")
}

func atPBX(t *testing.T) (*page, client.Integration) {
	t.Helper()
	state := firststart.NewState("phone.virazh.example")
	state.Begun(uitest.Schetova)
	p := open(t, state)
	it := uitest.Integration()
	it.LastEvent = nil
	p.School.Answers["POST /integrations"] = it
	p.School.Answers["GET /integrations/"+it.ID] = it
	p.School.Answers["PATCH /integrations/"+it.ID] = it
	p.School.Answers["DELETE /integrations/"+it.ID] = nil
	p.School.Answers["PATCH /employees/"+uitest.Schetova.ID] = uitest.Schetova
	p.School.Answers["POST /integrations/"+it.ID+"/check"] = client.Page[client.Check]{}
	return p, it
}

// told are the requests that changed something, without their bodies.
func (p *page) told() []string {
	var out []string
	for _, one := range p.School.Told {
		out = append(out, strings.Join(strings.Fields(one)[:2], " "))
	}
	return out
}

// TestFirstStart_thePBXIsCheckedBeforeItGoesOn: a check that fails keeps the step open, and what is
// changed then changes the PBX that is there instead of making another.
func TestFirstStart_thePBXIsCheckedBeforeItGoesOn(t *testing.T) {
	p, it := atPBX(t)
	p.press("Проверить и дальше")
	p.wants("Заполните это поле.")
	if len(p.School.Told) != 0 {
		t.Errorf("sent %q", p.School.Told)
	}
	failing := client.Page[client.Check]{Items: []client.Check{{ID: "key", State: client.CheckFailed, Name: "Ключ", Text: "Не подходит."}}}
	p.School.Answers["POST /integrations/"+it.ID+"/check"] = failing
	p.write("code", "salt", "101")
	p.press("Проверить и дальше")
	p.wants("Ключ: Не подходит.")
	p.School.Answers["PATCH /integrations/"+it.ID] = &client.Problem{Status: 503, Code: "busy", Detail: "Сервер занят."}
	p.press("Проверить и дальше")
	p.wants("Сервер занят.")
	p.wants("Счетова")
	p.School.Answers["PATCH /integrations/"+it.ID] = it
	p.School.Answers["POST /integrations/"+it.ID+"/check"] = client.Page[client.Check]{}
	p.press("Проверить и дальше")
	p.wants("Позвоните на номер школы с мобильного")
	p.wants(it.HookURL)
	check, me := "POST /integrations/"+it.ID+"/check", "PATCH /employees/"+uitest.Schetova.ID
	if want := []string{"POST /integrations", me, check, "PATCH /integrations/" + it.ID, "PATCH /integrations/" + it.ID, me, check}; !slices.Equal(p.told(), want) {
		t.Errorf("told the server %q, want %q", p.told(), want)
	}
	p.press("Копировать")
	if p.Copied != it.HookURL {
		t.Errorf("copied %q", p.Copied)
	}
}

// TestFirstStart_anotherKindTakesThePlaceOfTheFirst: none stays behind that does not work.
func TestFirstStart_anotherKindTakesThePlaceOfTheFirst(t *testing.T) {
	p, it := atPBX(t)
	p.School.Answers["POST /integrations/"+it.ID+"/check"] = &client.Problem{Status: 502, Code: "pbx_unreachable", Detail: "АТС не отвечает."}
	p.write("code", "salt")
	p.press("Проверить и дальше")
	p.wants("АТС не отвечает.")
	test.Tap(uitest.All[*widgets.Pick](p.view)[1])
	p.School.Answers["POST /integrations/"+it.ID+"/check"] = client.Page[client.Check]{}
	for _, entry := range p.entries() {
		entry.SetText("7")
	}
	p.press("Проверить и дальше")
	p.wants("Позвоните на номер школы с мобильного")
	if told := p.told(); !slices.Contains(told, "DELETE /integrations/"+it.ID) {
		t.Errorf("the first one is still there: %q", told)
	}
}

// TestFirstStart_withoutAPBX leads to the program at once.
func TestFirstStart_withoutAPBX(t *testing.T) {
	p, _ := atPBX(t)
	p.press("Пока без АТС")
	if !p.Ended || len(p.School.Told) != 0 {
		t.Errorf("ended: %v, told %q", p.Ended, p.School.Told)
	}
}

// TestFirstStart_followsTheFirstCall to this screen; one that does not come in a minute is looked for.
func TestFirstStart_followsTheFirstCall(t *testing.T) {
	p, it := atPBX(t)
	p.write("code", "salt")
	p.press("Проверить и дальше")
	look := func(pass time.Duration) {
		p.Clock = p.Clock.Add(pass)
		p.view.Tick()
	}
	look(5 * time.Second)
	p.wants("Пропустить")
	p.School.Answers["POST /integrations/"+it.ID+"/check"] = client.Page[client.Check]{Items: []client.Check{
		{State: client.CheckOK, Name: "Ключ", Text: "Подходит."}, {State: client.CheckWarning, Name: "События", Text: "Ещё не приходили."},
	}}
	look(time.Minute)
	p.wants("Звонка пока нет")
	p.wants("События: Ещё не приходили.")
	if all := uitest.Readable(p.view); strings.Contains(all, "Подходит.") {
		t.Error("what works is told as what does not")
	}
	heard := it
	heard.LastEvent = uitest.At(p.Clock)
	p.School.Answers["GET /integrations/"+it.ID] = heard
	look(5 * time.Second)
	p.wants("Пропустить")
	p.Facts.Apply(client.StreamEvent{Type: "call", Data: &client.Call{ID: "first", State: client.StateRinging, Phone: "+79145550148"}})
	look(time.Second)
	p.press("К работе")
	if !p.Ended {
		t.Error("it does not lead to the program")
	}
}

// TestFirstStart_showsTheFieldThatHasTheKeyboard: the page is higher than a small window.
func TestFirstStart_showsTheFieldThatHasTheKeyboard(t *testing.T) {
	p, _ := atPBX(t)
	w := uitest.WindowOf(t, p.view, fyne.NewSize(900, 500))
	entries := p.entries()
	for _, n := range []int{len(entries) - 1, 0, len(entries) - 1} {
		w.Canvas().Focus(entries[n])
		top := fyne.CurrentApp().Driver().AbsolutePositionForObject(entries[n]).Y
		if bottom := top + entries[n].Size().Height; top < 0 || bottom > 500 {
			t.Errorf("field %d stands at %v to %v of 500", n, top, bottom)
		}
	}
}
