package beeline

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"dozvon/app/server/pbx"
)

// memory is what the nodes share.
type memory struct {
	mu   sync.Mutex // guards what follows
	data map[string][]byte
}

func (m *memory) Read(_ context.Context, name string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.data[name], nil
}

func (m *memory) Change(_ context.Context, name string, change func([]byte) []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.data == nil {
		m.data = map[string][]byte{}
	}
	m.data[name] = change(m.data[name])
	return nil
}

func TestExtensions_ofTheSamples(t *testing.T) {
	t.Parallel()
	f := newFakePBX(t, "abonents", "numbers")
	p := f.provider()
	got, err := p.Extensions(t.Context())
	want := []pbx.Extension{
		{Number: "101", Name: "Анна Вымышленная", ID: annasID, Phone: "+79600000101"},
		{Number: "102", Name: "Борис Примерный", ID: "9600000102@mpbx.sip.beeline.ru", Phone: "+79600000102"},
		{Number: "103", Name: "Вера Образцова", ID: "SIP0000PU0103@mpbx.sip.beeline.ru"},
		{Number: "104", Name: "Глеб Пробный", ID: "9600000104@mpbx.sip.beeline.ru", Phone: "+79600000104"},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
	lines, err := p.Lines(t.Context())
	if err != nil || !slices.Equal(lines, []pbx.Line{{Number: "+79610000010"}}) {
		t.Errorf("%+v, %v", lines, err)
	}
}

// TestDirectory_isKnownAfterARestartAndToOtherNodes: without asking the PBX.
func TestDirectory_isKnownAfterARestartAndToOtherNodes(t *testing.T) {
	t.Parallel()
	shared := &memory{}
	now := flowsAt
	share := func(c *Config) { c.Shared, c.Now = shared, func() time.Time { return now } }
	event := post([]byte(`<Event><subscriptionId>s</subscriptionId><targetId>` + annasID + `</targetId><eventData type="CallReceivedEvent"><call>
		<callId>a</callId><extTrackingId>1:1</extTrackingId><personality>Terminator</personality><startTime>1760000600000</startTime></call></eventData></Event>`))
	other := newFakePBX(t).provider(share)
	if d, err := other.Decode(event); err != nil || !d.Stranger {
		t.Fatalf("%+v, %v", d, err)
	}
	if err := newFakePBX(t, "abonents", "numbers").provider(share).Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	fresh := newFakePBX(t).provider(share)
	if d, err := fresh.Decode(event); err != nil || d.Stranger || d.Events[0].To.Extension != "101" {
		t.Errorf("after a restart: %+v, %v", d, err)
	}
	now = now.Add(lookEvery)
	if d, err := other.Decode(event); err != nil || d.Stranger || d.Events[0].To.Extension != "101" {
		t.Errorf("on another node: %+v, %v", d, err)
	}
}

// slowMemory is a memory whose reading takes until it is released.
type slowMemory struct {
	*memory
	begun, release chan struct{}
}

func (m slowMemory) Read(ctx context.Context, name string) ([]byte, error) {
	close(m.begun)
	<-m.release
	return m.memory.Read(ctx, name)
}

// TestDirectory_eventsAtOnceRightAfterAStartKnowEverybody: while one had the directory read, the others took their
// targets for strangers, and a call was told as one with a number that nobody has.
func TestDirectory_eventsAtOnceRightAfterAStartKnowEverybody(t *testing.T) {
	t.Parallel()
	shared := &memory{}
	share := func(s pbx.Shared) func(*Config) {
		return func(c *Config) { c.Shared, c.Now = s, func() time.Time { return flowsAt } }
	}
	if err := newFakePBX(t, "abonents", "numbers").provider(share(shared)).Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	slow := slowMemory{shared, make(chan struct{}), make(chan struct{})}
	fresh := newFakePBX(t).provider(share(slow))
	told := make(chan string, 3)
	decode := func(id string) {
		d, err := fresh.Decode(post([]byte(`<Event><subscriptionId>s</subscriptionId><targetId>` + annasID + `</targetId><eventData type="CallReceivedEvent"><call>
			<callId>` + id + `</callId><extTrackingId>1:1</extTrackingId><personality>Terminator</personality><startTime>1760000600000</startTime></call></eventData></Event>`)))
		if err != nil || d.Stranger || len(d.Events) == 0 {
			told <- fmt.Sprintf("%+v, %v", d, err)
			return
		}
		told <- d.Events[0].To.Extension
	}
	go decode("a")
	<-slow.begun
	go decode("b")
	go decode("c")
	wait := time.NewTimer(50 * time.Millisecond) // in which those do not wait who should
	defer wait.Stop()
	first := 0
	select {
	case got := <-told:
		t.Errorf("told before the directory was read: %s", got)
		first = 1
	case <-wait.C:
	}
	close(slow.release)
	for range 3 - first {
		if got := <-told; got != "101" {
			t.Errorf("one of several events right after a start is told as %s", got)
		}
	}
}

func TestKind_tellsWhatItsAdapterCan(t *testing.T) {
	t.Parallel()
	p := Kind.New(pbx.Account{Now: time.Now, Credentials: map[string]string{pbx.KeyField: token}})
	can := pbx.CapabilitiesOf(p)
	slices.Sort(can)
	if told := slices.Sorted(slices.Values(Kind.Capabilities)); !slices.Equal(can, told) {
		t.Errorf("the kind tells %v, its adapter can %v", told, can)
	}
	for _, no := range []pbx.Capability{pbx.CanHangup, pbx.CanHold, pbx.CanConsult, pbx.CanText, pbx.CanRecord, pbx.CanShowName, pbx.CanAddressBook, pbx.CanPasteAddress} {
		if slices.Contains(Kind.Capabilities, no) {
			t.Errorf("it cannot %s", no)
		}
	}
	if last := Kind.Steps[len(Kind.Steps)-1]; !strings.Contains(last.RU, "Имя клиента") || !strings.Contains(last.EN, "client's name") {
		t.Errorf("the steps do not say that no name is shown: %+v", last)
	}
	if len(Kind.Credentials) != 1 || !Kind.Credentials[0].Secret || Kind.Summarises || Kind.Grace != 30*time.Second {
		t.Errorf("%+v", Kind)
	}
}

func TestCheck_saysWhatToDo(t *testing.T) {
	t.Parallel()
	owners := map[string]string{"101": "Анна", "102": "Борис", "103": "Вера", "104": "Глеб"}
	now := time.Now()
	facts := pbx.CheckFacts{HookURL: "https://dozvon.example.ru/hook/secretword", Now: now, Owners: owners, LastEvent: now.Add(-2 * time.Minute), Answered: 5, Recorded: 4}
	recorded := func(f *fakePBX, off string) {
		f.handle("GET abonents/{p}/recording", func(w http.ResponseWriter, r *http.Request) {
			word := `"ON"`
			if r.PathValue("p") == off {
				word = `"OFF"`
			}
			io.WriteString(w, word)
		})
	}
	tests := []struct {
		name   string
		change func(*fakePBX, *pbx.CheckFacts, *Config)
		want   map[string]pbx.FindingState
		words  string // somewhere in them
	}{
		{"all well", func(f *fakePBX, _ *pbx.CheckFacts, _ *Config) { recorded(f, "") }, map[string]pbx.FindingState{
			"api": pbx.FindingOK, "keys": pbx.FindingOK, "webhook": pbx.FindingOK, "extensions": pbx.FindingOK, "lines": pbx.FindingOK, "recordings": pbx.FindingOK, "routing": pbx.FindingUnknown,
		}, "Запись включена у всех. За неделю: 4 из 5"},
		{"one is not recorded", func(f *fakePBX, _ *pbx.CheckFacts, _ *Config) { recorded(f, annasID) }, map[string]pbx.FindingState{"recordings": pbx.FindingWarning}, "101 (Анна)"},
		{"no events yet", func(f *fakePBX, facts *pbx.CheckFacts, _ *Config) { recorded(f, ""); facts.LastEvent = time.Time{} }, map[string]pbx.FindingState{"webhook": pbx.FindingWarning}, "https://dozvon.example.ru/hook:"},
		{"a wrong token", func(_ *fakePBX, _ *pbx.CheckFacts, c *Config) { c.Token = "wrong" }, map[string]pbx.FindingState{"api": pbx.FindingOK, "keys": pbx.FindingFailed}, "Неверный токен"},
		{"nobody there", func(_ *fakePBX, _ *pbx.CheckFacts, c *Config) { c.URL = "http://127.0.0.1:1/" }, map[string]pbx.FindingState{"api": pbx.FindingFailed, "keys": pbx.FindingUnknown}, "Не отвечает"},
		{"an extension that is gone", func(f *fakePBX, facts *pbx.CheckFacts, _ *Config) {
			recorded(f, "")
			facts.Owners = map[string]string{"101": "Анна", "109": "Никто"}
		}, map[string]pbx.FindingState{"extensions": pbx.FindingWarning}, "109 (Никто)"},
		{"routing", func(f *fakePBX, facts *pbx.CheckFacts, _ *Config) {
			recorded(f, "")
			facts.Forwarding = true
			f.answer(readSample(t, "icr-route-list"))
			f.answer(readSample(t, "icr-numbers"))
		}, map[string]pbx.FindingState{"routing": pbx.FindingOK}, "Правил в АТС: 1, линий с переадресацией: 1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := newFakePBX(t, "abonents", "numbers")
			facts := facts
			p := f.provider(func(c *Config) { tt.change(f, &facts, c) })
			got := map[string]pbx.FindingState{}
			var words []string
			for _, found := range p.Check(t.Context(), facts) {
				got[found.ID] = found.State
				words = append(words, found.Words.RU)
				if found.Words.RU == "" || found.Words.EN == "" || found.Name.RU == "" {
					t.Errorf("%s has no words: %+v", found.ID, found)
				}
			}
			for id, state := range tt.want {
				if got[id] != state {
					t.Errorf("%s is %s", id, got[id])
				}
			}
			all := strings.Join(words, "\n")
			if !strings.Contains(all, tt.words) || strings.Contains(all, "secretword") || strings.Contains(all, token) {
				t.Errorf("it says\n%s", all)
			}
		})
	}
}

// TestRequests_tellNoSecrets: an error may be shown and logged.
func TestRequests_tellNoSecrets(t *testing.T) {
	t.Parallel()
	p := New(Config{Token: token, URL: "http://127.0.0.1:1/", Every: time.Microsecond})
	_, err := p.Dial(t.Context(), pbx.DialOrder{Extension: "101", Number: "+79000000211"})
	if err == nil || !errors.Is(err, pbx.ErrUnreachable) || strings.Contains(err.Error(), token) || strings.Contains(err.Error(), "9000000211") {
		t.Errorf("%v", err)
	}
}

// FuzzDecode: whatever a stranger posts, the adapter does not break, and tells nothing that the store
// could not keep.
func FuzzDecode(f *testing.F) {
	for _, flow := range readFlows(f) {
		for _, b := range flow.bodies {
			f.Add(b)
		}
	}
	p := New(Config{Token: token, URL: "http://127.0.0.1:1/", Now: func() time.Time { return flowsAt }})
	f.Fuzz(func(t *testing.T, body []byte) {
		d, err := p.Decode(post(body))
		if err != nil {
			if !errors.Is(err, pbx.ErrUnreadable) {
				t.Fatal(err)
			}
			return
		}
		for _, e := range d.Events {
			if e.Key == "" || e.At.IsZero() || e.At.Before(epoch) || len(e.Key) > maxID {
				t.Fatalf("%+v", e)
			}
		}
	})
}
