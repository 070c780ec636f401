package screens

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/model"
	"dozvon/client"
)

// now is the moment of every picture.
var now = time.Date(2026, 11, 24, 14, 32, 7, 0, time.UTC)

var (
	kireeva   = client.Employee{ID: "e1", Name: "Киреева Анна Сергеевна", Login: "kireeva", Role: client.RoleAccountant, Active: true, Extension: "101", Presence: client.PresenceFree}
	borisov   = client.Employee{ID: "e2", Name: "Борисов Борис Петрович", Login: "borisov", Role: client.RoleOperator, Active: true, Extension: "102", Presence: client.PresenceTalking}
	schetova  = client.Employee{ID: "e3", Name: "Счетова Валентина Аркадьевна", Login: "schetova", Role: client.RoleDirector, Active: true}
	orlov     = client.Employee{ID: "e4", Name: "Орлов-Константинопольский Тимур Всеволодович", Login: "orlov", Role: client.RoleManager, Active: true}
	shangutov = client.Subject{
		Kind: client.KindContract, ID: "k123", Name: "Шангутов Александр Александрович", Detail: "Договор № 123 · кат. B · группа 14",
		Responsible: &client.Person{ID: "e1", Name: kireeva.Name},
	}
	zaitseva  = client.Subject{Kind: client.KindClient, ID: "l2", Name: "Зайцева Ольга", Detail: "lead"}
	kuznetsov = client.Subject{Kind: client.KindClient, ID: "l3", Name: "Кузнецов Дмитрий", Detail: "lead"}
)

func ago(d time.Duration) time.Time           { return now.Add(-d) }
func at(t time.Time) *time.Time               { return &t }
func seconds(n int) *int                      { return &n }
func person(e client.Employee) *client.Person { return &client.Person{ID: e.ID, Name: e.Name} }

// entries are the feed of the design's picture.
func entries() []client.FeedEntry {
	mango := "Виртуальная АТС от Mango Office"
	return []client.FeedEntry{
		{ID: "f1", Type: client.EntryCallIn, At: ago(time.Minute), Phone: "+79645550190", Subject: &shangutov, Employee: person(kireeva), SourceName: mango, CallID: "c1", TalkSeconds: seconds(222)},
		{ID: "f2", Type: client.EntryCallOut, At: ago(7 * time.Minute), Phone: "+79645550190", Subject: &shangutov, Employee: person(kireeva), SourceName: mango, CallID: "c2", Result: client.Answered, TalkSeconds: seconds(250), Recording: &client.Recording{Ready: true, Seconds: 250}, Why: "Имя из договора"},
		{ID: "f3", Type: client.EntryCallMissed, At: ago(34 * time.Minute), Phone: "+79145550148", SourceName: mango, CallID: "c3", WaitSeconds: seconds(24)},
		{ID: "f4", Type: client.EntryNote, At: ago(52 * time.Minute), Subject: &zaitseva, Employee: person(borisov), Description: "Хочет на автомат, звонить после 18:00"},
		{ID: "f5", Type: client.EntryCallOut, At: ago(55 * time.Minute), Phone: "+79035550152", Subject: &zaitseva, Employee: person(borisov), CallID: "c5", Result: client.Answered, TalkSeconds: seconds(62), Recording: &client.Recording{}},
		{ID: "f6", Type: client.EntrySMS, At: ago(20 * time.Hour), Phone: "+79035550153", Subject: &kuznetsov, Employee: person(kireeva), Description: "«Занятие в четверг в 10:00, автодром»"},
		{ID: "f7", Type: client.EntryCallIn, At: ago(21 * time.Hour), Phone: "+79035550153", Subject: &kuznetsov, Employee: person(kireeva), CallID: "c7", TalkSeconds: seconds(167)},
	}
}

// callers are the queue of missed calls.
func callers() []client.MissedCaller {
	return []client.MissedCaller{
		{Phone: "+79145550148", State: client.MissedWaiting, Rings: 3, FirstAt: ago(34 * time.Minute), LastAt: ago(2 * time.Minute), RedAt: at(ago(19 * time.Minute)), Line: "+74951234567", LineName: "Сайт"},
		{Phone: "+79645550190", State: client.MissedTaken, Subject: &shangutov, Rings: 1, FirstAt: ago(9 * time.Minute), LastAt: ago(9 * time.Minute), RedAt: at(now.Add(6 * time.Minute)), TakenBy: person(orlov)},
		{Phone: "+79035550152", State: client.MissedTaken, Subject: &zaitseva, Rings: 2, FirstAt: ago(12 * time.Minute), LastAt: ago(11 * time.Minute), RedAt: at(now.Add(3 * time.Minute)), TakenBy: person(kireeva)},
	}
}

// school is a server whose answers a test can change; it notes what it was told.
type school struct {
	api       *client.API
	answers   map[string]any // by path, or by method and path
	told      []string       // "PATCH /integrations/i1 {...}", without reads
	matched   []string       // the If-Match of each of told
	played    []string       // the recordings that were asked for
	recording []byte
}

func newSchool(t *testing.T) *school {
	t.Helper()
	recording, err := os.ReadFile("../../audio/testdata/tone-8k-mono.mp3")
	if err != nil {
		t.Fatal(err)
	}
	s := &school{answers: registers(), recording: recording}
	for path, answer := range telephony() {
		s.answers[path] = answer
	}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	s.api = client.New(server.URL, "token")
	return s
}

// ServeHTTP answers as the tables say; an answer that is a Problem is refused with its status.
func (s *school) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := strings.TrimPrefix(r.URL.Path, "/api/v1")
	body, _ := io.ReadAll(r.Body)
	if r.Method != http.MethodGet {
		s.matched = append(s.matched, r.Header.Get("If-Match"))
		s.told = append(s.told, strings.TrimSpace(r.Method+" "+path+" "+string(body)))
	}
	if strings.HasSuffix(path, "/recording") {
		s.played = append(s.played, r.URL.RequestURI())
		_, _ = w.Write(s.recording)
		return
	}
	answer, ok := s.answers[r.Method+" "+path]
	if !ok {
		answer, ok = s.answers[path]
	}
	switch answer := answer.(type) {
	case func(body []byte) any:
		s.write(w, answer(body))
	case func(query url.Values) any:
		s.write(w, answer(r.URL.Query()))
	default:
		if !ok {
			http.NotFound(w, r)
			return
		}
		s.write(w, answer)
	}
}

func (s *school) write(w http.ResponseWriter, answer any) {
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

// registers are the school's cards and people.
func registers() map[string]any {
	contract := client.Contract{
		ID: "k123", Number: "123", Name: shangutov.Name, Category: "B", Group: "14", Note: "Перенос вождения только на выходные.",
		Phones: []string{"+79645550190", "+79145550122"}, Responsible: person(kireeva),
	}
	contracts := []client.Contract{contract}
	for _, name := range []string{"Петрова Мария Игоревна", "Константинопольская-Покровская Дарья Дмитриевна", "Орлов Тимур Сергеевич"} {
		contracts = append(contracts, client.Contract{ID: name, Number: "207", Name: name, Category: "A1", Phones: []string{"+79165550167"}})
	}
	return map[string]any{
		"/feed":               client.Page[client.FeedEntry]{Items: entries()},
		"/missed":             client.Page[client.MissedCaller]{Items: callers()},
		"/contracts":          client.Page[client.Contract]{Items: contracts},
		"/contracts/k123":     contract,
		"/clients":            client.Page[client.Client]{Items: []client.Client{{ID: "l2", Kind: "lead", Name: zaitseva.Name, Phones: []string{"+79035550152"}}}},
		"POST /employees":     client.Employee{},
		"PATCH /employees/e2": client.Employee{},
		"GET /employees":      client.Page[client.Employee]{Items: []client.Employee{kireeva, borisov, schetova, orlov}},
		"/calls":              client.Page[client.Call]{},
	}
}

// host carries out what the windows ask at once, on the test's goroutine.
type host struct {
	text           *i18n.Text
	school         *school
	api            *client.API
	model          *model.Model
	now            time.Time
	copied         string
	dialed         []string
	opened         []string
	leads          []string
	told           string
	urls, messages []string
	tasks          []model.TaskAbout
	listened       []string
	later          []func() // what waits for the time to pass
}

func newHost(t *testing.T, lang i18n.Lang) *host {
	t.Helper()
	return newHostFor(t, lang, kireeva)
}

// newHostFor is the desk of an employee.
func newHostFor(t *testing.T, lang i18n.Lang, me client.Employee) *host {
	t.Helper()
	h := &host{text: i18n.New(lang), school: newSchool(t), now: now}
	h.api = h.school.api
	h.model = model.New(model.Config{Me: me, Now: h.Now})
	if err := h.model.ReloadLists(t.Context(), h.api); err != nil {
		t.Fatal(err)
	}
	return h
}

func (h *host) Text() *i18n.Text       { return h.text }
func (h *host) Now() time.Time         { return h.now }
func (h *host) Model() *model.Model    { return h.model }
func (h *host) Tell(sentence string)   { h.told = sentence }
func (h *host) Copy(words string)      { h.copied = words }
func (h *host) OpenURL(address string) { h.urls = append(h.urls, address) }
func (h *host) SMS(number string, subject *client.Subject) {
	words := number
	if subject != nil {
		words += " " + subject.Name
	}
	h.messages = append(h.messages, words)
}
func (h *host) Task(about model.TaskAbout) { h.tasks = append(h.tasks, about) }
func (h *host) Listen(callID, _ string)    { h.listened = append(h.listened, callID) }
func (h *host) OpenFeed(ref client.SubjectRef, name string) {
	h.opened = append(h.opened, "feed of "+string(ref.Kind)+":"+ref.ID+" "+name)
}
func (h *host) NewLead(number string) { h.leads = append(h.leads, number) }

func (h *host) Work(work func(context.Context, *client.API) error, done func(error)) {
	err := work(context.Background(), h.api)
	if done != nil {
		done(err)
	}
}

// After keeps what is to be done later until the time passes.
func (h *host) After(_ time.Duration, do func()) { h.later = append(h.later, do) }

// passes does all that waits.
func (h *host) passes() {
	due := h.later
	h.later = nil
	for _, do := range due {
		do()
	}
}

func (h *host) Dial(number string, _ *client.Subject) { h.dialed = append(h.dialed, number) }
func (h *host) Dialling(string, func()) bool          { return false }
func (h *host) OpenSubject(kind client.SubjectKind, id string) {
	h.opened = append(h.opened, string(kind)+":"+id)
}
