package colleagues_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/colleagues"
	"dozvon/app/desktop/ui/uitest"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// page is the colleagues' page of an employee.
type page struct {
	*uitest.Host
	t    *testing.T
	view *colleagues.View
	over fyne.Window
}

func newPage(t *testing.T, me client.Employee, size fyne.Size) *page {
	t.Helper()
	uitest.LightApp(t)
	p := &page{Host: uitest.NewHostFor(t, i18n.Russian, me), t: t}
	p.view = colleagues.New(p, &colleagues.State{})
	p.over = uitest.WindowOf(t, p.view, size)
	p.view.Sync()
	return p
}

func (p *page) says(want ...string) {
	p.t.Helper()
	words := uitest.Readable(p.view)
	for _, w := range want {
		if !strings.Contains(words, w) {
			p.t.Errorf("the page lacks %q:\n%s", w, words)
		}
	}
}

func (p *page) silent(words ...string) {
	p.t.Helper()
	said := uitest.Readable(p.view)
	for _, w := range words {
		if strings.Contains(said, w) {
			p.t.Errorf("the page says %q:\n%s", w, said)
		}
	}
}

func (p *page) press(label string) {
	p.t.Helper()
	for _, b := range uitest.All[*widgets.Button](p.view) {
		if b.Label == label {
			b.Tapped(nil)
			return
		}
	}
	p.t.Fatalf("no button %q on the page:\n%s", label, uitest.Readable(p.view))
}

// does tells what a colleague does now, since a moment.
func (p *page) does(id string, state client.PresenceState, past time.Duration) {
	since := uitest.Ago(past)
	p.Facts.Apply(client.StreamEvent{Type: "presence", Data: &client.Presence{EmployeeID: id, State: state, Since: &since}})
}

// talks is a call of an employee with a client.
func (p *page) talks(id string, who client.Employee, subject *client.Subject, can ...client.Ability) {
	at := uitest.Ago(252 * time.Second)
	p.Facts.Apply(client.StreamEvent{Type: "call", Data: &client.Call{
		ID: id, Direction: client.In, State: client.StateTalking, Phone: "+79145550103", Subject: subject, Employee: uitest.Person(who),
		StartedAt: at.Add(-10 * time.Second), AnsweredAt: &at, Ringing: []string{}, Can: can,
	}})
}

var wide = fyne.NewSize(972, 760)

func TestColleagues_sayForHowLongAndWithWhomAsTheRoleAllows(t *testing.T) {
	p := newPage(t, uitest.Kireeva, wide)
	p.does(uitest.Borisov.ID, client.PresenceTalking, 4*time.Minute+12*time.Second)
	p.does(uitest.Schetova.ID, client.PresenceFree, 12*time.Minute)
	p.does(uitest.Orlov.ID, client.PresenceOffline, 22*time.Hour)
	p.view.Sync()
	p.says("не в сети со вчерашнего дня, 16:32")
	p.does(uitest.Orlov.ID, client.PresenceOffline, 72*time.Minute)
	p.view.Sync()
	p.says("Свободны · 1", "Заняты · 1", "Не в сети · 1", uitest.Borisov.Name, "доб. 102", "говорит 4:12", "свободен 12 мин", "не в сети с 13:20")
	p.silent(uitest.Kireeva.Name, "Зайцева")
	p.Clock = p.Clock.Add(time.Second)
	p.view.Sync()
	p.says("говорит 4:13")

	p = newPage(t, uitest.Schetova, wide) // whoever sees all calls sees with whom
	p.does(uitest.Borisov.ID, client.PresenceTalking, time.Minute)
	p.talks("c1", uitest.Borisov, &uitest.Zaitseva)
	p.view.Sync()
	p.says("говорит 4:12", uitest.Zaitseva.Name)
}

func TestColleagues_takeTheOwnTalkOverByOneClick(t *testing.T) {
	p := newPage(t, uitest.Kireeva, wide)
	p.does(uitest.Borisov.ID, client.PresenceFree, time.Minute)
	p.view.Sync()
	p.silent("Перевести сюда", "Вы говорите")
	p.talks("c1", uitest.Kireeva, &uitest.Shangutov, client.CanTransfer)
	p.view.Sync()
	p.says("Вы говорите: Шангутов Александр", "4:12", "К карточке")
	p.School.Answers["POST /calls/c1/transfer"] = &client.Problem{Status: 409, Code: "pbx_refused", Detail: "АТС отказала: занято (1121)"}
	p.press("Перевести сюда")
	p.says("АТС отказала: занято (1121)", "Вы говорите")
	p.School.Answers["POST /calls/c1/transfer"] = nil
	p.press("Перевести сюда")
	p.silent("занято")
	if got := p.School.Told[len(p.School.Told)-1]; !strings.HasPrefix(got, "POST /calls/c1/transfer") || !strings.Contains(got, `"extension":"102"`) {
		t.Errorf("told the server %s", got)
	}
	p.press("К карточке")
	if len(p.Opened) != 1 {
		t.Errorf("opened %v", p.Opened)
	}
}

// middle is the middle of something on the page.
func middle(o fyne.CanvasObject) fyne.Position {
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(o)
	return at.AddXY(o.Size().Width/2, o.Size().Height/2)
}

func (p *page) label(words string) fyne.CanvasObject {
	p.t.Helper()
	for _, l := range uitest.All[*widgets.Label](p.view) {
		if l.Text == words {
			return l
		}
	}
	p.t.Fatalf("nothing says %q:\n%s", words, uitest.Readable(p.view))
	return nil
}

// dragged are those who can be dragged to a colleague.
func (p *page) dragged() []fyne.Draggable {
	var out []fyne.Draggable
	for _, d := range uitest.All[interface {
		fyne.CanvasObject
		fyne.Draggable
	}](p.view) {
		if d.Size().Height == 56 { // what is scrolled can be dragged, too
			out = append(out, d)
		}
	}
	return out
}

func TestColleagues_areAskedToCallBackByDroppingARowOnThem(t *testing.T) {
	p := newPage(t, uitest.Kireeva, wide)
	p.does(uitest.Borisov.ID, client.PresenceTalking, time.Minute)
	p.view.Sync()
	p.says("Ждут звонка", "+7 914 555-01-48")
	p.School.Answers["POST /tasks"] = client.Task{ID: "t9"}
	all := p.dragged()
	if len(all) == 0 {
		t.Fatal("nothing can be dragged")
	}
	to := middle(p.label(uitest.Borisov.Name))
	drag := func(at fyne.Position) {
		all[0].Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{AbsolutePosition: at}})
	}
	drag(fyne.NewPos(900, 100))
	p.silent("Отпустите")
	drag(to)
	p.says("Отпустите: Борисов Б. П. перезвонит", "до конца дня")
	drag(fyne.NewPos(900, 100))
	p.silent("Отпустите")
	told := len(p.School.Told)
	all[0].DragEnd()
	if len(p.School.Told) != told {
		t.Errorf("let go beside everybody it told the server %q", p.School.Told[told:])
	}
	all = p.dragged()
	drag(to)
	all[0].DragEnd()
	if len(p.School.Told) != told+1 {
		t.Fatalf("told the server %q", p.School.Told[told:])
	}
	got := p.School.Told[told]
	for _, want := range []string{"POST /tasks", `"phone":"+79145550148"`, `"assignee_id":"` + uitest.Borisov.ID + `"`, `"due_at"`} {
		if !strings.Contains(got, want) {
			t.Errorf("told the server %s, want %s", got, want)
		}
	}
	p.silent("Отпустите")
	task := client.Task{ID: "t9", Kind: client.TaskCallback, State: client.TaskOpen, Phone: "+79145550148", By: uitest.Person(uitest.Kireeva), Assignee: uitest.Person(uitest.Borisov)}
	p.Facts.Apply(client.StreamEvent{Type: "task", Data: &task})
	p.view.Sync()
	p.silent("+7 914 555-01-48")
	task.State = client.TaskDone // or taken back
	p.Facts.Apply(client.StreamEvent{Type: "task", Data: &task})
	p.view.Sync()
	p.says("+7 914 555-01-48")
}

// TestColleagues_takeAPromiseOver: one's own reminder came up all the same, and the client was called twice.
func TestColleagues_takeAPromiseOver(t *testing.T) {
	p := newPage(t, uitest.Kireeva, wide)
	p.School.Answers["/missed"] = client.Page[client.MissedCaller]{}
	if err := p.Facts.ReloadLists(t.Context(), p.API); err != nil {
		t.Fatal(err)
	}
	p.does(uitest.Borisov.ID, client.PresenceFree, time.Minute)
	due := uitest.Now.Add(time.Hour)
	p.Facts.Apply(client.StreamEvent{Type: "task", Data: &client.Task{
		ID: "t5", Kind: client.TaskReminder, State: client.TaskOpen, Phone: "+79145550177", DueAt: &due, Assignee: uitest.Person(uitest.Kireeva),
	}})
	p.view.Sync()
	p.says("обещали на 15:32")
	drop := func() []string {
		told := len(p.School.Told)
		all := p.dragged()
		if len(all) != 1 {
			t.Fatalf("%d rows can be dragged", len(all))
		}
		all[0].Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{AbsolutePosition: middle(p.label(uitest.Borisov.Name))}})
		all[0].DragEnd()
		return p.School.Told[told:]
	}
	p.School.Answers["POST /tasks"] = &client.Problem{Status: 422, Code: "invalid", Detail: "Сотрудник отключён."}
	if told := drop(); len(told) != 1 || !strings.Contains(p.Told, "Сотрудник отключён.") {
		t.Errorf("where the colleague is not asked the server is told %q, and the person %q", told, p.Told)
	}
	p.School.Answers["POST /tasks"] = client.Task{ID: "t9"}
	if told := drop(); len(told) != 1 || !strings.HasPrefix(told[0], "POST /tasks") || !strings.Contains(told[0], `"instead_of":"t5"`) {
		t.Errorf("told the server %q", told)
	}
}

func TestColleagues_areReachedByTheKeyboard(t *testing.T) {
	p := newPage(t, uitest.Kireeva, fyne.NewSize(700, 500)) // without room for those who wait
	p.does(uitest.Borisov.ID, client.PresenceTalking, time.Minute)
	p.view.Sync()
	p.silent("Ждут звонка")
	list := p.view.List()
	p.over.Canvas().Focus(list)
	list.TypedKey(&fyne.KeyEvent{Name: fyne.KeyHome})
	list.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	p.School.Answers["POST /tasks"] = client.Task{ID: "t9"}
	p.press("Попросить перезвонить")
	uitest.PickItem(t, p.over, "+7 914 555-01-48")
	if got := p.School.Told; len(got) != 1 || !strings.Contains(got[0], "POST /tasks") {
		t.Errorf("told the server %q", got)
	}
}

func TestColleagues_whereThereAreNone(t *testing.T) {
	p := newPage(t, uitest.Kireeva, wide)
	p.School.Answers["GET /employees"] = client.Page[client.Employee]{Items: []client.Employee{uitest.Kireeva}}
	if err := p.Facts.ReloadLists(t.Context(), p.API); err != nil {
		t.Fatal(err)
	}
	p.view.Sync()
	p.says("Коллег пока нет")
}

// TestColleagues_followPresence without throwing a reader back to the top.
func TestColleagues_followPresence(t *testing.T) {
	p := newPage(t, uitest.Kireeva, fyne.NewSize(700, 150))
	list := uitest.All[*widgets.List](p.view)[0]
	list.ScrollToOffset(40)
	p.does("e2", client.PresenceFree, time.Minute)
	p.view.Sync()
	if got := uitest.All[*widgets.List](p.view)[0].ScrollOffset(); got != 40 {
		t.Errorf("it stands at %v, want 40", got)
	}
}

func TestColleagues_sayWhatTheyHaveDoneTodayToWhoMayKnow(t *testing.T) {
	report := client.Report{Items: []client.ReportRow{
		{Key: uitest.Borisov.ID, CallFigures: client.CallFigures{Calls: 18, TalkSeconds: 72 * 60}},
		{Key: uitest.Orlov.ID},
		{Key: "", CallFigures: client.CallFigures{Calls: 3}},
	}}
	p := newPage(t, uitest.Schetova, wide)
	asked := 0
	p.School.Answers["/reports/calls"] = func(url.Values) any { asked++; return report }
	p.does(uitest.Borisov.ID, client.PresenceFree, 12*time.Minute)
	p.view.Shown()
	p.says("сегодня 18 звонков, 1 ч 12 мин", "свободен 12 мин")
	p.view.Tick()
	if asked != 1 {
		t.Errorf("asked %d times within a moment", asked)
	}
	p.Clock = p.Clock.Add(6 * time.Minute)
	p.view.Tick()
	if asked != 2 {
		t.Errorf("asked %d times, want again after a while", asked)
	}
	p.talks("c1", uitest.Borisov, &uitest.Zaitseva)
	p.does(uitest.Borisov.ID, client.PresenceTalking, time.Minute)
	p.view.Tick()
	p.says(uitest.Zaitseva.Name)

	operator := uitest.Kireeva
	operator.Role = client.RoleOperator
	p = newPage(t, operator, wide)
	p.Facts.SetMe(operator)
	p.School.Answers["/reports/calls"] = func(url.Values) any { t.Error("an operator asks for reports"); return report }
	p.view.Shown()
	p.silent("сегодня")
}

// TestColleagues_theTimeOpensTheCourse of their call, where one may see it, and of the own talk, by the menu too.
func TestColleagues_theTimeOpensTheCourse(t *testing.T) {
	p := newPage(t, uitest.Kireeva, wide)
	var opened []string
	p.view.Course = func(entry client.FeedEntry) { opened = append(opened, entry.CallID) }
	p.does(uitest.Borisov.ID, client.PresenceTalking, 4*time.Minute)
	p.view.Sync()
	tap := func(words string) {
		t.Helper()
		for _, label := range uitest.All[*widgets.Label](p.view) {
			if strings.HasPrefix(label.Text, words) {
				test.TapCanvas(p.over.Canvas(), fyne.CurrentApp().Driver().AbsolutePositionForObject(label).AddXY(4, 8))
				return
			}
		}
		t.Fatalf("nothing says %q on\n%s", words, uitest.Readable(p.view))
	}
	tap("говорит")
	if len(opened) > 0 {
		t.Errorf("a call that one may not see opens %q", opened)
	}
	p.talks("c9", uitest.Borisov, &uitest.Shangutov)
	p.view.Sync()
	tap("говорит")
	p.talks("c8", uitest.Kireeva, &uitest.Zaitseva)
	p.view.Sync()
	tap("4:12")
	if got := strings.Join(opened, " "); got != "c9 c8" {
		t.Errorf("opened are the courses of %q", got)
	}
}

// TestColleagues_theirColumnsStandInLine in all rows, with a button beside, with buttons below and without any.
func TestColleagues_theirColumnsStandInLine(t *testing.T) {
	for _, size := range []fyne.Size{wide, fyne.NewSize(644, 760)} {
		p := newPage(t, uitest.Kireeva, size)
		p.does(uitest.Borisov.ID, client.PresenceFree, 4*time.Minute)
		p.does(uitest.Schetova.ID, client.PresenceTalking, 12*time.Minute)
		p.does(uitest.Orlov.ID, client.PresenceOffline, 22*time.Hour)
		p.view.Sync()
		at := map[string]float32{}
		for _, label := range uitest.All[*widgets.Label](p.view) {
			for _, words := range []string{"свобод", "говорит", "не в сети со"} {
				if strings.HasPrefix(label.Text, words) {
					at[words] = fyne.CurrentApp().Driver().AbsolutePositionForObject(label).X
				}
			}
		}
		if len(at) != 3 || at["свобод"] != at["говорит"] || at["говорит"] != at["не в сети со"] {
			t.Errorf("in %v they begin at %v", size, at)
		}
	}
}
