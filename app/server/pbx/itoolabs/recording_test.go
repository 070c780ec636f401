package itoolabs

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"dozvon/app/itoolabs"
	"dozvon/app/server/outbound"
	"dozvon/app/server/pbx"
)

func TestHosts_areThePBXsAndTheListed(t *testing.T) {
	t.Parallel()
	r := New(Config{URL: "https://name.megapbx.ru/", Hosts: []string{"files.example.com", "https://s3.example.org/bucket/", "*.example.net", "ru", "co.uk", "http://"}}).hosts
	for address, want := range map[string]bool{
		"https://name.megapbx.ru/1.mp3": true, "https://records.megapbx.ru/1.mp3": true, "https://megapbx.ru/1": true, "https://name.megapbx.ru:443/1": true,
		"https://files.example.com/1": true, "https://s3.example.org/1": true, "https://a.example.net/1": true, "https://FILES.example.com./1": true,
		"http://name.megapbx.ru/1": false, "https://example.com/1": false, "https://evilmegapbx.ru/1": false, "https://megapbx.ru.evil.example/1": false,
		"https://u:p@name.megapbx.ru/1": false, "https://name.megapbx.ru:22/1": false, "https://other.ru/1": false, "https://10.0.0.1/1": false, "https://127.0.0.1/1": false, "https://localhost/1": false,
		"ftp://name.megapbx.ru/1": false, "file:///etc/passwd": false, "//name.megapbx.ru/1": false, "https://x.co.uk/": false,
	} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		if r.allows(u) != want {
			t.Errorf("%s: %v", address, !want)
		}
	}
	own := New(Config{URL: "http://127.0.0.1:8421/"}).hosts
	for address, want := range map[string]bool{"http://127.0.0.1:8421/1": true, "http://127.0.0.1:5432/1": false, "https://127.0.0.1:8421/1": false, "http://127.0.0.2:8421/1": false} {
		u, _ := url.Parse(address)
		if own.allows(u) != want {
			t.Errorf("%s: %v", address, !want)
		}
	}
}

// TestRecording_isNotFetchedFromElsewhere: not even asked for.
func TestRecording_isNotFetchedFromElsewhere(t *testing.T) {
	t.Parallel()
	asked := 0
	victim := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked++ }))
	defer victim.Close()
	p, sent := pbxOf(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", victim.URL+"/inside")
		w.WriteHeader(http.StatusFound)
	})
	for _, id := range []string{victim.URL + "/inside", "https://169.254.169.254/latest/meta-data", p.base.String() + "redirects"} {
		_, err := p.Recording(t.Context(), id, 0)
		var refusal *pbx.Refused
		if !errors.As(err, &refusal) || refusal.Code != codeOtherHost || errors.Is(err, pbx.ErrNoRecording) {
			t.Errorf("%s: %v", id, err)
		}
	}
	if asked > 0 || len(sent.lines()) != 1 {
		t.Errorf("the victim was asked %d times, the PBX %d", asked, len(sent.lines()))
	}
	if _, err := p.Recording(t.Context(), "::", 0); !errors.Is(err, pbx.ErrNoRecording) {
		t.Errorf("no address: %v", err)
	}
	// The policy judges what a name leads to.
	public := New(Config{URL: p.base.String(), Transport: outbound.Policy{}.Transport()})
	if _, err := public.Recording(t.Context(), p.base.String()+"1.mp3", 0); !errors.Is(err, outbound.ErrForbidden) {
		t.Errorf("a private address: %v", err)
	}
}

func TestRecording_publicOrByKey(t *testing.T) {
	t.Parallel()
	file := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "audio/mpeg")
		http.ServeContent(w, r, "", time.Time{}, strings.NewReader("0123456789"))
	}
	byKey := func(refusal http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get(itoolabs.HeaderKey) != key {
				refusal(w, r)
				return
			}
			file(w, r)
		}
	}
	for name, tt := range map[string]struct {
		answer http.HandlerFunc
		asked  int
	}{"public": {file, 1}, "401": {byKey(says(401, "")), 2}, "403": {byKey(says(403, "")), 2}, "a sign-in page": {byKey(says(200, "<html>")), 2}} {
		for _, offset := range []int64{0, 4} {
			p, sent := pbxOf(t, tt.answer)
			s, err := p.Recording(t.Context(), p.base.String()+"mp3/1.mp3", offset)
			if err != nil {
				t.Errorf("%s from %d: %v", name, offset, err)
				continue
			}
			body, err := io.ReadAll(s.Body)
			s.Body.Close()
			if err != nil || string(body) != "0123456789"[offset:] || s.From != offset || s.Size != 10 || len(sent.lines()) != tt.asked {
				t.Errorf("%s from %d: %q from %d of %d, %v, asked %d times", name, offset, body, s.From, s.Size, err, len(sent.lines()))
			}
		}
	}
}

// TestRecording_theKeyGoesToThePBXAlone, also where it sends us on.
func TestRecording_theKeyGoesToThePBXAlone(t *testing.T) {
	t.Parallel()
	r := New(Config{URL: "https://name.megapbx.ru/"}).hosts
	first := httptest.NewRequest(http.MethodGet, "https://name.megapbx.ru/1", nil)
	for address, want := range map[string]string{"https://name.megapbx.ru/2": key, "https://files.megapbx.ru/2": ""} {
		next := httptest.NewRequest(http.MethodGet, address, nil)
		next.Header.Set(itoolabs.HeaderKey, key)
		if err := r.checkRedirect(next, []*http.Request{first}); err != nil || next.Header.Get(itoolabs.HeaderKey) != want {
			t.Errorf("%s: %q, %v", address, next.Header.Get(itoolabs.HeaderKey), err)
		}
	}
}

func TestRecording_missingIsToldApartFromBroken(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		answer http.HandlerFunc
		want   error
	}{
		"not there": {says(404, ""), pbx.ErrNoRecording}, "gone": {says(410, ""), pbx.ErrNoRecording}, "not yet": {says(202, ""), pbx.ErrNotReady}, "empty": {says(204, ""), pbx.ErrNotReady},
		"broken": {says(500, ""), pbx.ErrUnreachable}, "JSON": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			says(200, `{"message":"x"}`)(w, r)
		}, pbx.ErrUnclear}, "closed": {says(403, ""), errClosed}, "a page for ever": {says(200, "<html>"), errClosed},
	} {
		p, _ := pbxOf(t, tt.answer)
		_, err := p.Recording(t.Context(), p.base.String()+"1.mp3", 0)
		if !errors.Is(err, tt.want) {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && strings.Contains(err.Error(), "1.mp3") {
			t.Errorf("%s: the address is told: %v", name, err)
		}
	}
}
