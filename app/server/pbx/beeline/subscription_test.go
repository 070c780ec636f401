package beeline

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"dozvon/app/beeline"
	"dozvon/app/server/pbx"
)

const hook = "https://dozvon.example.ru/beeline/k-abcdefghijklmnopqrstuvwxyz"

func TestSubscribe_asTheSamplesAsk(t *testing.T) {
	t.Parallel()
	now := time.Date(2025, 10, 9, 9, 0, 0, 0, time.UTC)
	f := newFakePBX(t, "subscription-create", "subscription-get", "subscription-delete")
	p := f.provider(at(now))
	s, err := p.Subscribe(t.Context(), hook)
	if err != nil || s.ID != ourSub || !s.Began.Equal(now) || !s.Until.Equal(now.Add(time.Hour)) || s.Level != beeline.AdvancedCall || !s.Half().Equal(now.Add(time.Hour/2)) {
		t.Fatalf("%+v, %v", s, err)
	}
	_, body, _ := strings.Cut(f.log()[0], " subscription ")
	if !slices.Equal(canonical(t, []byte("PUT subscription "+body)), canonical(t, append([]byte("PUT subscription "), readSample(t, "subscription-create").Request.JSON...))) {
		t.Errorf("asked %s", body)
	}
	if err := p.Subscribed(t.Context(), s); err != nil {
		t.Error(err)
	}
	if err := p.Unsubscribe(t.Context(), s); err != nil {
		t.Error(err)
	}
	if got := f.log(); !slices.Equal(got, []string{"GET subscription?subscriptionId=" + ourSub, "DELETE subscription?subscriptionId=" + ourSub}) {
		t.Errorf("asked %q", got)
	}
}

// canonical is a request with its JSON in one spelling.
func canonical(tb testing.TB, line []byte) []byte {
	tb.Helper()
	at := slices.Index(line, '{')
	var v any
	if err := json.Unmarshal(line[at:], &v); err != nil {
		tb.Fatal(err)
	}
	raw, _ := json.Marshal(v)
	return append(slices.Clone(line[:at]), raw...)
}

// TestSubscribe_takesWhatThePBXGives: a tariff without extended events, a shorter life than asked for.
func TestSubscribe_takesWhatThePBXGives(t *testing.T) {
	t.Parallel()
	f := newFakePBX(t)
	f.handle("PUT subscription", func(w http.ResponseWriter, r *http.Request) {
		var in beeline.SubscriptionRequest
		if json.NewDecoder(r.Body).Decode(&in) != nil || in.Type != beeline.BasicCall {
			write(w, readSample(t, "subscription-create-bad"))
			return
		}
		io.WriteString(w, `{"subscriptionId":"s","expires":"600"}`)
	})
	s, err := f.provider().Subscribe(t.Context(), hook)
	if err != nil || s.ID != "s" || s.Level != beeline.BasicCall || s.Until.Sub(s.Began) != 10*time.Minute {
		t.Errorf("%+v, %v", s, err)
	}
	if n := len(f.log()); n != 2 {
		t.Errorf("asked %d times", n)
	}
}

func TestSubscribe_failures(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]error{"<html>": pbx.ErrUnclear, `{"expires":3600}`: pbx.ErrUnclear, "": pbx.ErrUnclear} {
		f := newFakePBX(t)
		f.handle("PUT subscription", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, body) })
		if s, err := f.provider().Subscribe(t.Context(), hook); !errors.Is(err, want) {
			t.Errorf("%q: %+v, %v", body, s, err)
		}
	}
	f := newFakePBX(t)
	wrong := New(Config{Token: "wrong", URL: f.url, Every: time.Microsecond})
	var refused *pbx.Refused
	if _, err := wrong.Subscribe(t.Context(), hook); !errors.As(err, &refused) || refused.Code != 401 || len(f.log()) != 1 {
		t.Errorf("a wrong token: %v", err)
	}
}

// TestSubscribe_aRefusalThatRepeatsSecretsTellsNone: what the PBX says is kept, logged and shown.
func TestSubscribe_aRefusalThatRepeatsSecretsTellsNone(t *testing.T) {
	t.Parallel()
	f := newFakePBX(t)
	f.handle("PUT subscription", func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		w.WriteHeader(http.StatusBadRequest)
		said, err := json.Marshal(map[string]string{"errorCode": "BadRequest", "description": "not taken from " + r.Header.Get(beeline.TokenHeader) + ": " + string(body)})
		if err != nil {
			t.Error(err)
		}
		w.Write(said)
	})
	_, err := f.provider().Subscribe(t.Context(), "https://school.example/hook/verysecretwordofouraddress")
	var refused *pbx.Refused
	if !errors.As(err, &refused) || !strings.Contains(refused.Said, "not taken from") {
		t.Fatalf("refused by %v", err)
	}
	for _, secret := range []string{"verysecretwordofouraddress", token} {
		if strings.Contains(err.Error(), secret) || strings.Contains(refused.Sentence().RU, secret) {
			t.Errorf("the refusal tells %s: %v", secret, err)
		}
	}
}

func TestSubscribed_knowsWhatIsGone(t *testing.T) {
	t.Parallel()
	gone := pbx.Subscription{ID: "5b260736-0000-4000-8000-95f38d8e0009"}
	for name, serve := range map[string]http.HandlerFunc{
		"as the sample": func(w http.ResponseWriter, _ *http.Request) { write(w, readSample(t, "subscription-get-gone")) },
		"under 200": func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, `{"errorCode":"SubscriptionNotFound"}`)
		},
		"of another's": func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, `{"subscriptionId":"x"}`) },
	} {
		f := newFakePBX(t)
		f.handle("GET subscription", serve)
		f.handle("DELETE subscription", serve)
		if err := f.provider().Subscribed(t.Context(), gone); !errors.Is(err, pbx.ErrUnsubscribed) {
			t.Errorf("%s: %v", name, err)
		}
		if err := f.provider().Unsubscribe(t.Context(), gone); err != nil {
			t.Errorf("%s: ending it: %v", name, err)
		}
	}
	ill := newFakePBX(t)
	ill.handle("GET subscription", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "<html>") })
	if err := ill.provider().Subscribed(t.Context(), gone); err == nil || errors.Is(err, pbx.ErrUnsubscribed) {
		t.Errorf("a PBX that is ill: %v", err)
	}
}

// TestFindSubscription_tellsOursFromOthers: by the address that it sends to, with what the portal may append.
func TestFindSubscription_tellsOursFromOthers(t *testing.T) {
	t.Parallel()
	for address, ours := range map[string]bool{
		hook:                                   true,
		hook + "/null":                         true,
		hook + "z":                             false,
		"https://elsewhere.example.ru/k-other": false,
		"":                                     false,
	} {
		f := newFakePBX(t)
		f.handle("GET subscription", func(w http.ResponseWriter, r *http.Request) {
			json.NewEncoder(w).Encode(map[string]any{"subscriptionId": r.URL.Query().Get("subscriptionId"), "expires": 600, "subscriptionType": "BASIC_CALL", "url": address})
		})
		s, err := f.provider().FindSubscription(t.Context(), "leaked", hook)
		if ours && (err != nil || s.ID != "leaked" || s.Level != beeline.BasicCall || s.Until.Sub(s.Began) != 10*time.Minute) {
			t.Errorf("%q: %+v, %v", address, s, err)
		}
		if !ours && !errors.Is(err, pbx.ErrUnsubscribed) {
			t.Errorf("%q: %+v, %v", address, s, err)
		}
	}
	f := newFakePBX(t)
	f.handle("GET subscription", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) })
	if _, err := f.provider().FindSubscription(t.Context(), "leaked", hook); err == nil || errors.Is(err, pbx.ErrUnsubscribed) {
		t.Errorf("of a portal that is out of order: %v", err)
	}
}
