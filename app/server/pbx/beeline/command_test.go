package beeline

import (
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"dozvon/app/server/call"
	"dozvon/app/server/pbx"
)

func TestDial_returnsTheKeyOfEitherVersion(t *testing.T) {
	t.Parallel()
	v1, v2 := readSample(t, "call-v1"), readSample(t, "call-v2")
	text := func(body string) func(http.ResponseWriter, *http.Request) {
		return func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, body) }
	}
	const oldPath, newPath = "POST abonents/{p}/call", "POST v2/abonents/{p}/call"
	tests := []struct {
		name   string
		serve  map[string]http.HandlerFunc
		key    string
		asks   int // requests of two orders
		failed bool
	}{
		{"v2", map[string]http.HandlerFunc{newPath: func(w http.ResponseWriter, _ *http.Request) { write(w, v2) }}, "480011:1", 2, false},
		{"v1, once v2 is known to be missing", map[string]http.HandlerFunc{oldPath: func(w http.ResponseWriter, _ *http.Request) { write(w, v1) }}, "480012:1", 3, false},
		{"v1 as a JSON string", map[string]http.HandlerFunc{oldPath: text(`"480012:1"`)}, "480012:1", 3, false},
		{"v1 as JSON of v2", map[string]http.HandlerFunc{oldPath: text(`{"callId":"a","externalTrackingId":"480012:1"}`)}, "480012:1", 3, false},
		{"a uuid", map[string]http.HandlerFunc{newPath: text(`{"externalTrackingId":"5b260736-0000-4000-8000-95f38d8e0001"}`)}, "5b260736-0000-4000-8000-95f38d8e0001", 2, false},
		{"a page under 200", map[string]http.HandlerFunc{newPath: text("<html>sign in</html>")}, "", 2, true},
		{"no key", map[string]http.HandlerFunc{newPath: text(`{}`)}, "", 2, true},
		{"nothing", map[string]http.HandlerFunc{newPath: text(``)}, "", 2, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := newFakePBX(t, "abonents", "numbers")
			for pattern, h := range tt.serve {
				f.handle(pattern, h)
			}
			p := f.provider()
			if err := p.Refresh(t.Context()); err != nil {
				t.Fatal(err)
			}
			f.log()
			for range 2 {
				key, err := p.Dial(t.Context(), pbx.DialOrder{Command: "c", Extension: "101", Number: "+79000000211"})
				if key != tt.key || (err != nil) != tt.failed || tt.failed && !errors.Is(err, pbx.ErrUnclear) {
					t.Fatalf("%q, %v", key, err)
				}
			}
			asked := f.log()
			if len(asked) != tt.asks || !strings.HasSuffix(asked[0], "/call?phoneNumber=9000000211") || !strings.Contains(asked[0], "abonents/9600000101@mpbx.sip.beeline.ru/") {
				t.Errorf("asked %q", asked)
			}
		})
	}
}

func TestDial_aRefusalIsInThePBXsOwnWords(t *testing.T) {
	t.Parallel()
	f := newFakePBX(t, "call-refused")
	_, err := f.provider().Dial(t.Context(), pbx.DialOrder{Extension: "101", Number: "123"})
	var refused *pbx.Refused
	if !errors.As(err, &refused) || refused.Said != "Абонент не зарегистрирован" || refused.Code != 400 || errors.Is(err, pbx.ErrUncertain) {
		t.Fatalf("%v", err)
	}
	if s := refused.Sentence(); !strings.HasPrefix(s.RU, "АТС ответила: «Абонент не зарегистрирован». Проверьте") || !strings.Contains(s.EN, "Check") {
		t.Errorf("%+v", s)
	}
	wrong := New(Config{Token: "wrong", URL: f.url, Every: time.Microsecond})
	_, err = wrong.Dial(t.Context(), pbx.DialOrder{Extension: "101", Number: "+79000000211"})
	if !errors.As(err, &refused) || refused.Code != 401 || refused.Said != "Неверный токен" || !strings.Contains(refused.Advice.RU, "новый ключ") {
		t.Errorf("%v", err)
	}
}

// TestDial_isNotRepeatedWhenItMayHaveRung: only 429 says that nothing was done.
func TestDial_isNotRepeatedWhenItMayHaveRung(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]int{http.StatusInternalServerError: 1, http.StatusTooManyRequests: 3} {
		f := newFakePBX(t)
		f.handle("POST v2/abonents/{p}/call", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
		_, err := f.provider().Dial(t.Context(), pbx.DialOrder{Extension: "101", Number: "+79000000211"})
		if n := len(f.log()); err == nil || n > want || n == 0 || errors.Is(err, pbx.ErrUncertain) != (status == 500) {
			t.Errorf("%d: asked %d times, %v", status, n, err)
		}
	}
}

func TestTransferAndConnect_askForTheHalves(t *testing.T) {
	t.Parallel()
	f := newFakePBX(t, "abonents", "numbers", "transfer-blind", "transfer-consult")
	p := f.provider()
	if err := p.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	f.log()
	if err := p.Transfer(t.Context(), pbx.TransferOrder{Leg: "callhalf-7710151:0", From: "101", To: "104"}); err != nil {
		t.Fatal(err)
	}
	if err := p.Transfer(t.Context(), pbx.TransferOrder{Leg: "callhalf-7710151:0", From: "101", To: "89600000104"}); err != nil {
		t.Fatal(err)
	}
	if err := p.Connect(t.Context(), "", call.Consultation{HeldLeg: "callhalf-7710161:0", Leg: "callhalf-7710162:0", Device: annasID}); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"POST abonents/9600000101@mpbx.sip.beeline.ru/callTransfer?callId=callhalf-7710151%3A0&phoneNumber=104",
		"POST abonents/9600000101@mpbx.sip.beeline.ru/callTransfer?callId=callhalf-7710151%3A0&phoneNumber=9600000104",
		"POST abonents/9600000101@mpbx.sip.beeline.ru/callTransferConsult?callId=callhalf-7710161%3A0&callIdConsult=callhalf-7710162%3A0",
	}
	if got := f.log(); !slices.Equal(got, want) {
		t.Errorf("asked\n%s", strings.Join(got, "\n"))
	}
	if err := p.Connect(t.Context(), "", call.Consultation{HeldLeg: "a", Leg: "b"}); !errors.Is(err, pbx.ErrNotSupported) {
		t.Errorf("without the employee's own half: %v", err)
	}
}

// TestPace_oneAtATimeAndNotTooFast: requests of an account queue, and a PBX that has enough is let be.
func TestPace_oneAtATimeAndNotTooFast(t *testing.T) {
	t.Parallel()
	var inside, most atomic.Int32
	f := newFakePBX(t)
	f.handle("GET numbers", func(w http.ResponseWriter, _ *http.Request) {
		most.Store(max(most.Load(), inside.Add(1)))
		defer inside.Add(-1)
		io.WriteString(w, `[]`)
	})
	p := f.provider()
	done := make(chan error)
	for range 8 {
		go func() {
			_, err := p.Lines(t.Context())
			done <- err
		}()
	}
	for range 8 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if most.Load() != 1 {
		t.Errorf("%d at once", most.Load())
	}
}

func TestPace_growsAndIsForgotten(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPace(time.Second/2, time.Now)
		begun := time.Now()
		for range 5 { // two a second
			end, err := p.begin(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			end()
		}
		if took := time.Since(begun); took != 2*time.Second {
			t.Errorf("five requests took %s", took)
		}
		busy := &http.Response{StatusCode: http.StatusTooManyRequests, Header: http.Header{}}
		for range 12 {
			p.Note(busy)
		}
		if left := p.Left(); left < time.Minute || left > longestPause {
			t.Errorf("after twelve refusals it waits %s", left)
		}
		if h := p.Health(); h.State != pbx.Degraded || h.Code != 429 || h.Words.RU == "" {
			t.Errorf("health %+v", h)
		}
		end, err := p.begin(t.Context()) // waits until the pause is over
		if err != nil {
			t.Fatal(err)
		}
		end()
		if h := p.Health(); h.State != pbx.Healthy {
			t.Errorf("after the pause: %+v", h)
		}
	})
}
