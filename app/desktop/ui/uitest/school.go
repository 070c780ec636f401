package uitest

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/model"
	"dozvon/client"
)

// Now is the moment of every picture.
var Now = time.Date(2026, 11, 24, 14, 32, 7, 0, time.UTC)

var (
	Kireeva   = client.Employee{ID: "e1", Name: "Киреева Анна Сергеевна", Login: "kireeva", Role: client.RoleAccountant, Active: true, Extension: "101", Presence: client.PresenceFree}
	Borisov   = client.Employee{ID: "e2", Name: "Борисов Борис Петрович", Login: "borisov", Role: client.RoleOperator, Active: true, Extension: "102", Presence: client.PresenceTalking}
	Schetova  = client.Employee{ID: "e3", Name: "Счетова Валентина Аркадьевна", Login: "schetova", Role: client.RoleDirector, Active: true}
	Orlov     = client.Employee{ID: "e4", Name: "Орлов-Константинопольский Тимур Всеволодович", Login: "orlov", Role: client.RoleManager, Active: true}
	Shangutov = client.Subject{
		Kind: client.KindContract, ID: "k123", Name: "Шангутов Александр Александрович", Detail: "Договор № 123 · кат. B · группа 14",
		Responsible: &client.Person{ID: "e1", Name: Kireeva.Name},
	}
	Zaitseva  = client.Subject{Kind: client.KindClient, ID: "l2", Name: "Зайцева Ольга", Detail: "lead"}
	Kuznetsov = client.Subject{Kind: client.KindClient, ID: "l3", Name: "Кузнецов Дмитрий", Detail: "lead"}
)

func Ago(d time.Duration) time.Time { return Now.Add(-d) }

func At(t time.Time) *time.Time { return &t }

func Seconds(n int) *int { return &n }

func Person(e client.Employee) *client.Person { return &client.Person{ID: e.ID, Name: e.Name} }

// Entries are the feed of the design's picture.
func Entries() []client.FeedEntry {
	source := Kinds()[0].Source
	return []client.FeedEntry{
		{ID: "f1", Type: client.EntryCallIn, At: Ago(time.Minute), Phone: "+79645550190", Subject: &Shangutov, Employee: Person(Kireeva), SourceName: source, CallID: "c1", TalkSeconds: Seconds(222)},
		{ID: "f2", Type: client.EntryCallOut, At: Ago(7 * time.Minute), Phone: "+79645550190", Subject: &Shangutov, Employee: Person(Kireeva), SourceName: source, CallID: "c2", Result: client.Answered, TalkSeconds: Seconds(250), Recording: &client.Recording{Ready: true, Seconds: 250}, Why: "Имя из договора"},
		{ID: "f3", Type: client.EntryCallMissed, At: Ago(34 * time.Minute), Phone: "+79145550148", SourceName: source, CallID: "c3", WaitSeconds: Seconds(24)},
		{ID: "f4", Type: client.EntryNote, At: Ago(52 * time.Minute), Subject: &Zaitseva, Employee: Person(Borisov), Description: "Хочет на автомат, звонить после 18:00"},
		{ID: "f5", Type: client.EntryCallOut, At: Ago(55 * time.Minute), Phone: "+79035550152", Subject: &Zaitseva, Employee: Person(Borisov), CallID: "c5", Result: client.Answered, TalkSeconds: Seconds(62), Recording: &client.Recording{}},
		{ID: "f6", Type: client.EntrySMS, At: Ago(20 * time.Hour), Phone: "+79035550153", Subject: &Kuznetsov, Employee: Person(Kireeva), Description: "«Занятие в четверг в 10:00, автодром»"},
		{ID: "f7", Type: client.EntryCallIn, At: Ago(21 * time.Hour), Phone: "+79035550153", Subject: &Kuznetsov, Employee: Person(Kireeva), CallID: "c7", TalkSeconds: Seconds(167)},
	}
}

// Callers are the queue of missed calls.
func Callers() []client.MissedCaller {
	return []client.MissedCaller{
		{Phone: "+79145550148", State: client.MissedWaiting, Rings: 3, FirstAt: Ago(34 * time.Minute), LastAt: Ago(2 * time.Minute), RedAt: At(Ago(19 * time.Minute)), Line: "+74951234567", LineName: "Сайт"},
		{Phone: "+79645550190", State: client.MissedTaken, Subject: &Shangutov, Rings: 1, FirstAt: Ago(9 * time.Minute), LastAt: Ago(9 * time.Minute), RedAt: At(Now.Add(6 * time.Minute)), TakenBy: Person(Orlov)},
		{Phone: "+79035550152", State: client.MissedTaken, Subject: &Zaitseva, Rings: 2, FirstAt: Ago(12 * time.Minute), LastAt: Ago(11 * time.Minute), RedAt: At(Now.Add(3 * time.Minute)), TakenBy: Person(Kireeva)},
	}
}

// School is a server whose answers a test can change; it notes what it was told.
type School struct {
	API       *client.API
	Answers   map[string]any // by path, or by method and path
	Told      []string       // "PATCH /integrations/i1 {...}", without reads
	Matched   []string       // the If-Match of each of told
	Played    []string       // the recordings that were asked for
	Recording []byte
}

func NewSchool(t *testing.T) *School {
	t.Helper()
	recording, err := os.ReadFile(filepath.Join(here(), "../../audio/testdata/tone-8k-mono.mp3"))
	if err != nil {
		t.Fatal(err)
	}
	s := &School{Answers: Registers(), Recording: recording}
	for path, answer := range Telephony() {
		s.Answers[path] = answer
	}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	s.API = client.New(server.URL, "token")
	return s
}

// ServeHTTP answers as the tables say; an answer that is a Problem is refused with its status.
func (s *School) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := strings.TrimPrefix(r.URL.Path, "/api/v1")
	body, _ := io.ReadAll(r.Body)
	if r.Method != http.MethodGet {
		s.Matched = append(s.Matched, r.Header.Get("If-Match"))
		s.Told = append(s.Told, strings.TrimSpace(r.Method+" "+path+" "+string(body)))
	}
	if r.Method == http.MethodGet && strings.HasSuffix(path, "/recording") {
		s.Played = append(s.Played, r.URL.RequestURI())
		_, _ = w.Write(s.Recording)
		return
	}
	answer, ok := s.Answers[r.Method+" "+path]
	if !ok {
		answer, ok = s.Answers[path]
	}
	switch answer := answer.(type) {
	case func(body []byte) any:
		s.Write(w, answer(body))
	case func(query url.Values) any:
		s.Write(w, answer(r.URL.Query()))
	default:
		if !ok {
			http.NotFound(w, r)
			return
		}
		s.Write(w, answer)
	}
}

func (s *School) Write(w http.ResponseWriter, answer any) {
	switch answer := answer.(type) {
	case nil:
		w.WriteHeader(http.StatusNoContent)
		return
	case *client.Problem:
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(answer.Status)
	}
	_ = json.NewEncoder(w).Encode(answer)
}

// Registers are the school's cards and people.
func Registers() map[string]any {
	contract := client.Contract{
		ID: "k123", Number: "123", Name: Shangutov.Name, Category: "B", Group: "14", Note: "Перенос вождения только на выходные.",
		Phones: []string{"+79645550190", "+79145550122"}, Responsible: Person(Kireeva),
	}
	contracts := []client.Contract{contract}
	for _, name := range []string{"Петрова Мария Игоревна", "Константинопольская-Покровская Дарья Дмитриевна", "Орлов Тимур Сергеевич"} {
		contracts = append(contracts, client.Contract{ID: name, Number: "207", Name: name, Category: "A1", Phones: []string{"+79165550167"}})
	}
	return map[string]any{
		"/feed":               client.Page[client.FeedEntry]{Items: Entries()},
		"/missed":             client.Page[client.MissedCaller]{Items: Callers()},
		"/contracts":          client.Page[client.Contract]{Items: contracts},
		"/contracts/k123":     contract,
		"/clients":            client.Page[client.Client]{Items: []client.Client{{ID: "l2", Kind: "lead", Name: Zaitseva.Name, Phones: []string{"+79035550152"}}}},
		"POST /employees":     client.Employee{},
		"PATCH /employees/e2": client.Employee{},
		"GET /employees":      client.Page[client.Employee]{Items: []client.Employee{Kireeva, Borisov, Schetova, Orlov}},
		"/calls":              client.Page[client.Call]{},
	}
}

// Host carries out what the windows ask at once, on the test's goroutine.
type Host struct {
	Words          *i18n.Text
	School         *School
	API            *client.API
	Facts          *model.Model
	Clock          time.Time
	Copied         string
	Dialed         []string
	Opened         []string
	Leads          []string
	Told           string
	Fronted        int // how often the window came to the front
	URLs, Messages []string
	Tasks          []model.TaskAbout
	Listened       []string
	Later          []func() // what waits for the time to pass
}

func NewHost(t *testing.T, lang i18n.Lang) *Host {
	t.Helper()
	return NewHostFor(t, lang, Kireeva)
}

// NewHostFor is the desk of an employee.
func NewHostFor(t *testing.T, lang i18n.Lang, me client.Employee) *Host {
	t.Helper()
	h := &Host{Words: i18n.New(lang), School: NewSchool(t), Clock: Now}
	h.API = h.School.API
	h.Facts = model.New(model.Config{Me: me, Now: h.Now})
	if err := h.Facts.ReloadLists(t.Context(), h.API); err != nil {
		t.Fatal(err)
	}
	return h
}

func (h *Host) Text() *i18n.Text { return h.Words }

func (h *Host) Now() time.Time { return h.Clock }

func (h *Host) Model() *model.Model { return h.Facts }

func (h *Host) Tell(sentence string) { h.Told = sentence }

func (h *Host) Said(sentence string) { h.Told = sentence }

func (h *Host) Show() { h.Fronted++ }

func (h *Host) Copy(words string) { h.Copied = words }

func (h *Host) OpenURL(address string) { h.URLs = append(h.URLs, address) }

func (h *Host) SMS(number string, subject *client.Subject) {
	words := number
	if subject != nil {
		words += " " + subject.Name
	}
	h.Messages = append(h.Messages, words)
}

func (h *Host) Task(about model.TaskAbout) { h.Tasks = append(h.Tasks, about) }

func (h *Host) Listen(callID, _ string) { h.Listened = append(h.Listened, callID) }

func (h *Host) OpenFeed(ref client.SubjectRef, name string) {
	h.Opened = append(h.Opened, "feed of "+string(ref.Kind)+":"+ref.ID+" "+name)
}

func (h *Host) NewLead(number string) { h.Leads = append(h.Leads, number) }

func (h *Host) Work(work func(context.Context, *client.API) error, done func(error)) {
	err := work(context.Background(), h.API)
	if done != nil {
		done(err)
	}
}

// After keeps what is to be done later until the time passes.
func (h *Host) After(_ time.Duration, do func()) { h.Later = append(h.Later, do) }

// Passes does all that waits.
func (h *Host) Passes() {
	due := h.Later
	h.Later = nil
	for _, do := range due {
		do()
	}
}

// Dial takes links, too, and says their extension as the program does.
func (h *Host) Dial(number string, _ *client.Subject) {
	h.Told = ""
	if e, err := h.Facts.Numbers().Dial(number); err == nil {
		number = string(e.Number)
		if e.Ext != "" {
			h.Told = h.Words.T("dial.ext", "ext", e.Ext)
		}
	}
	h.Dialed = append(h.Dialed, number)
}

func (h *Host) Dialling(string, func()) bool { return false }

func (h *Host) OpenSubject(kind client.SubjectKind, id string) {
	h.Opened = append(h.Opened, string(kind)+":"+id)
}

// here is this package's folder, wherever the test that asks stands.
func here() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Dir(file)
}
