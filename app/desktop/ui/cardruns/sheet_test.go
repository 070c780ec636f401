package cardruns_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/cardruns"
	"dozvon/app/desktop/ui/uitest"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// opened is the sheet over the page of contracts.
func opened(t *testing.T, h *uitest.Host) fyne.Window {
	t.Helper()
	w := uitest.WindowOf(t, uitest.Window(h, "contracts"), fyne.NewSize(1180, 760))
	cardruns.Open(h, w.Canvas())
	return w
}

func TestRuns_tellWhatWillHappenBeforeAndWhatHasAfter(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHost(t, i18n.Russian)
	h.School.Answers["/imports"] = client.Page[client.CardRun]{Items: uitest.Runs()}
	h.School.Answers["GET /imports/r1/undo"] = uitest.Receipt(client.RunIn)
	h.School.Answers["POST /imports/r1/undo"] = uitest.Receipt(client.RunUndoing)
	w := opened(t, h)
	uitest.WantOver(t, w, "Загрузки и синхронизации", "Договоры 2026.csv", "добавлено 4 180, изменено 96", "Синхронизация с другой CRM", "сутки прошли", "Отменена: Борисов Б. П., вчера")
	uitest.PressOver(t, w, "Отменить…")
	uitest.WantOver(t, w, "Отменить загрузку «Договоры 2026.csv»", "Удалятся карточки, которых раньше не было: 4 178", "Вернутся к прежним значениям: 94",
		"Останутся как есть, потому что их трогали после: 4", "Орлов Тимур: карточку с тех пор изменили (Киреева", "и ещё 2")
	if focused, ok := w.Canvas().Focused().(*widgets.Button); !ok || focused.Label != "Назад" {
		t.Errorf("the keyboard is at %+v: an Enter held down would take back", w.Canvas().Focused())
	}
	h.School.Answers["GET /imports/r1/undo"] = uitest.Receipt(client.RunUndone)
	uitest.PressOver(t, w, "Отменить загрузку")
	uitest.WantOver(t, w, "Удалены карточки, которых раньше не было: 4 178", "Остались как есть", "Отменена: Борисов Б. П.")
	if want := []string{"POST /imports/r1/undo"}; !slices.Equal(h.School.Told, want) {
		t.Errorf("told %q, want %q", h.School.Told, want)
	}
	uitest.PressOver(t, w, "Назад")
	uitest.WantOver(t, w, "Синхронизация с другой CRM")
}

func TestRuns_whatIsRefusedOrEmptyIsToldInWords(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHost(t, i18n.Russian)
	h.School.Answers["/imports"] = client.Page[client.CardRun]{Items: []client.CardRun{}}
	w := opened(t, h)
	uitest.WantOver(t, w, "За неделю ничего не загружали")
	uitest.PressOver(t, w, "Закрыть")

	h.School.Answers["/imports"] = client.Page[client.CardRun]{Items: uitest.Runs()}
	nothing := uitest.Receipt(client.RunIn)
	nothing.Removed, nothing.Restored = 0, 0
	h.School.Answers["GET /imports/r1/undo"] = nothing
	w = opened(t, h)
	uitest.PressOver(t, w, "Отменить…")
	uitest.WantOver(t, w, "Отменять нечего")
	if uitest.Buttons(uitest.Over(w), map[string]*widgets.Button{})["Отменить загрузку"].Enabled() {
		t.Error("what would do nothing can be pressed")
	}

	h.School.Answers["GET /imports/r1/undo"] = uitest.Receipt(client.RunIn)
	h.School.Answers["POST /imports/r1/undo"] = &client.Problem{Status: 409, Code: "import_undo_late", Detail: "Отменить загрузку целиком можно в течение суток после неё; они прошли."}
	uitest.PressOver(t, w, "Назад")
	uitest.PressOver(t, w, "Отменить…")
	uitest.PressOver(t, w, "Отменить загрузку")
	uitest.WantOver(t, w, "они прошли", "Повторить")
}

// TestRuns_ofTheirDayAlone: the button goes with the minute in which the day is over.
func TestRuns_ofTheirDayAlone(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHost(t, i18n.English)
	run := uitest.Runs()[0]
	for _, tt := range []struct {
		late time.Duration
		want bool
	}{{-time.Minute, true}, {time.Minute, false}} {
		run.Until = uitest.Now.Add(-tt.late)
		h.School.Answers["/imports"] = client.Page[client.CardRun]{Items: []client.CardRun{run}}
		if got := strings.Contains(uitest.Readable(uitest.Over(opened(t, h))), "Take back…"); got != tt.want {
			t.Errorf("%s after the day's end it can be taken back: %v", tt.late, got)
		}
	}
}

// slow is a desk whose answers wait.
type slow struct {
	*uitest.Host
	waiting []func()
}

func (s *slow) Work(work func(context.Context, *client.API) error, done func(error)) {
	s.waiting = append(s.waiting, func() { s.Host.Work(work, done) })
}

// answered lets what waits be answered, the nth first.
func (s *slow) answered(n int) {
	answer := s.waiting[n]
	s.waiting = slices.Delete(s.waiting, n, n+1)
	answer()
}

// TestRuns_whatOneHasLeftStaysLeft: an answer to what is shown no more said of the list that it is empty, or threw
// the person from the list to a run.
func TestRuns_whatOneHasLeftStaysLeft(t *testing.T) {
	uitest.LightApp(t)
	h := &slow{Host: uitest.NewHost(t, i18n.Russian)}
	h.School.Answers["/imports"] = client.Page[client.CardRun]{Items: uitest.Runs()}
	h.School.Answers["GET /imports/r1/undo"] = uitest.Receipt(client.RunIn)
	h.School.Answers["POST /imports/r1/undo"] = uitest.Receipt(client.RunUndoing)
	w := uitest.WindowOf(t, uitest.Window(h.Host, "contracts"), fyne.NewSize(1180, 760))
	s := cardruns.Open(h, w.Canvas())
	const list = "Синхронизация с другой CRM"
	stands := func(when string, want bool, words string) {
		t.Helper()
		if got := uitest.Readable(uitest.Over(w)); strings.Contains(got, words) != want {
			t.Errorf("%s the sheet says\n%s", when, got)
		}
	}
	h.answered(0)
	uitest.PressOver(t, w, "Отменить…")
	uitest.PressOver(t, w, "Назад")
	h.answered(0) // what taking it back would do
	stands("left before its answer,", false, "За неделю ничего не загружали")
	stands("left before its answer,", false, "Удалятся карточки")
	h.answered(0)
	uitest.WantOver(t, w, list)

	uitest.PressOver(t, w, "Отменить…")
	h.answered(0)
	uitest.PressOver(t, w, "Отменить загрузку")
	uitest.PressOver(t, w, "Назад")
	h.answered(1)
	h.answered(0) // it is being taken back
	stands("left while it is asked to be taken back,", true, list)
	if len(h.waiting) != 0 {
		t.Error("the server is asked how far it is, for nobody")
	}

	uitest.PressOver(t, w, "Отменить…")
	h.School.Answers["GET /imports/r1/undo"] = uitest.Receipt(client.RunUndoing)
	h.answered(0)
	uitest.PressOver(t, w, "Назад")
	h.answered(1)
	h.School.Answers["GET /imports/r1/undo"] = uitest.Receipt(client.RunUndone)
	h.answered(0) // how far it is
	stands("left while it is taken back,", true, list)

	uitest.PressOver(t, w, "Отменить…")
	s.Close()
	h.School.Answers["GET /imports/r1/undo"] = uitest.Receipt(client.RunUndoing)
	h.answered(0)
	if len(h.waiting) != 0 {
		t.Error("put away, it asks the server how far it is")
	}
}

func TestRuns_earlierOnesComeOnce(t *testing.T) {
	uitest.LightApp(t)
	h := &slow{Host: uitest.NewHost(t, i18n.Russian)}
	h.School.Answers["/imports"] = client.Page[client.CardRun]{Items: uitest.Runs()[:1], NextCursor: "p2"}
	w := uitest.WindowOf(t, uitest.Window(h.Host, "contracts"), fyne.NewSize(1180, 760))
	cardruns.Open(h, w.Canvas())
	h.answered(0)
	h.School.Answers["/imports"] = client.Page[client.CardRun]{Items: uitest.Runs()[1:2]}
	const earlier = "Показать прежние"
	uitest.PressOver(t, w, earlier)
	uitest.PressOver(t, w, earlier)
	for len(h.waiting) > 0 {
		h.answered(0)
	}
	if n := strings.Count(uitest.Readable(uitest.Over(w)), "Синхронизация с другой CRM"); n != 1 {
		t.Errorf("asked for twice, the earlier stand there %d times", n)
	}
}

// TestRuns_aServerThatDoesNotAnswerIsToldAndAskedMoreSeldom: the sheet asked for ever, and said nothing.
func TestRuns_aServerThatDoesNotAnswerIsToldAndAskedMoreSeldom(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHost(t, i18n.Russian)
	h.School.Answers["/imports"] = client.Page[client.CardRun]{Items: uitest.Runs()}
	h.School.Answers["GET /imports/r1/undo"] = uitest.Receipt(client.RunIn)
	h.School.Answers["POST /imports/r1/undo"] = uitest.Receipt(client.RunUndoing)
	w := opened(t, h)
	uitest.PressOver(t, w, "Отменить…")
	h.School.Answers["GET /imports/r1/undo"] = &client.Problem{Status: 503, Code: "database_away", Detail: "База не отвечает."}
	uitest.PressOver(t, w, "Отменить загрузку")
	uitest.WantOver(t, w, "Карточки уже прежние", "База не отвечает.", "спросим ещё раз")
	h.School.Answers["GET /imports/r1/undo"] = uitest.Receipt(client.RunUndoing)
	h.Passes()
	if got := uitest.Readable(uitest.Over(w)); strings.Contains(got, "База не отвечает.") {
		t.Errorf("it answers again, and the sheet says\n%s", got)
	}
	h.School.Answers["GET /imports/r1/undo"] = &client.Problem{Status: 401, Code: "unauthorized", Detail: "Вход закончился."}
	h.Passes()
	uitest.WantOver(t, w, "Вход закончился.", "Повторить")
	if len(h.Later) > 0 {
		t.Error("a server that knows nobody any more is asked on")
	}
	h.School.Answers["GET /imports/r1/undo"] = uitest.Receipt(client.RunUndone)
	uitest.PressOver(t, w, "Повторить")
	uitest.WantOver(t, w, "Удалены карточки")
}

// TestRuns_aLaterOneIsOfferedFirst: what holds the cards is named and one press away, and the rest of a run that was
// taken back can be taken back, too.
func TestRuns_aLaterOneIsOfferedFirst(t *testing.T) {
	uitest.LightApp(t)
	for _, alone := range []bool{false, true} {
		h := uitest.NewHost(t, i18n.Russian)
		runs := uitest.Runs()
		runs[0].State, runs[0].Kept = client.RunUndone, 4
		h.School.Answers["/imports"] = client.Page[client.CardRun]{Items: runs}
		later, held := uitest.Receipt(client.RunIn), uitest.Receipt(client.RunUndone)
		later.Run.ID, later.Run.File = "r9", "Исправления.csv"
		held.Later, held.Run.Kept = []client.CardRun{later.Run}, 4
		h.School.Answers["GET /imports/r1/undo"], h.School.Answers["GET /imports/r9/undo"] = held, later
		w := uitest.WindowOf(t, uitest.Window(h, "contracts"), fyne.NewSize(1180, 760))
		if alone {
			cardruns.OpenRun(h, w.Canvas(), "r1")
		} else {
			cardruns.Open(h, w.Canvas())
			uitest.WantOver(t, w, "отменена, осталось 4")
			uitest.PressOver(t, w, "Отменить остальное…")
		}
		uitest.WantOver(t, w, "держит более поздняя загрузка «Исправления.csv»")
		if uitest.Buttons(uitest.Over(w), map[string]*widgets.Button{})["Отменить остальное"] != nil {
			t.Error("what would do nothing is offered")
		}
		uitest.PressOver(t, w, "Сначала отменить её…")
		uitest.WantOver(t, w, "Отменить загрузку «Исправления.csv»")
		held.Later, held.Again = nil, 3
		h.School.Answers["GET /imports/r1/undo"] = held
		uitest.PressOver(t, w, "Назад")
		uitest.WantOver(t, w, "Теперь можно отменить и то, что осталось: 3")
		if focused, ok := w.Canvas().Focused().(*widgets.Button); !ok || focused.Label == "Отменить остальное" {
			t.Errorf("the keyboard is at %+v: an Enter held down would take back", w.Canvas().Focused())
		}
		held.Again, held.Kept = 0, 1
		h.School.Answers["POST /imports/r1/undo"] = held
		uitest.PressOver(t, w, "Отменить остальное")
		uitest.WantOver(t, w, "Остались как есть, потому что их трогали после: 1")
		if want := []string{"POST /imports/r1/undo"}; !slices.Equal(h.School.Told, want) {
			t.Errorf("told %q, want %q", h.School.Told, want)
		}
	}
}
