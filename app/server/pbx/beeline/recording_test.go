package beeline

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"dozvon/app/server/call"
	"dozvon/app/server/pbx"
)

func TestFindRecording_asLongAsThereMayBeOne(t *testing.T) {
	t.Parallel()
	off := func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, `"OFF"`) }
	on := func(w http.ResponseWriter, _ *http.Request) { write(w, readSample(t, "recording-get")) }
	missing := func(w http.ResponseWriter, _ *http.Request) { write(w, readSample(t, "record-not-ready")) }
	tests := []struct {
		name             string
		record, recorded http.HandlerFunc
		want             error
	}{
		{"there", func(w http.ResponseWriter, _ *http.Request) { write(w, readSample(t, "record-by-call")) }, on, nil},
		{"not yet", missing, on, pbx.ErrNotReady},
		{"not yet, the switch unknown", missing, nil, pbx.ErrNotReady},
		{"never", missing, off, pbx.ErrNoRecording},
		{"ill", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "<html>") }, on, pbx.ErrUnclear},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := newFakePBX(t, "abonents", "numbers")
			f.handle("GET v2/records/480001:1/"+annasID, tt.record)
			if tt.recorded != nil {
				f.handle("GET abonents/"+annasID+"/recording", tt.recorded)
			}
			p := f.provider()
			if err := p.Refresh(t.Context()); err != nil {
				t.Fatal(err)
			}
			e, err := p.FindRecording(t.Context(), "480001:1", "101")
			if !errors.Is(err, tt.want) {
				t.Fatalf("%v", err)
			}
			if tt.want == nil && (e.Kind != call.KindRecording || e.Recording != "480001:1/"+annasID || e.RecordingState != call.RecordingReady ||
				e.Key != "480001:1" || e.To.Extension != "101" || !e.At.Equal(time.UnixMilli(1760000607000))) {
				t.Errorf("%+v", e)
			}
		})
	}
}

func TestRecording_isOpenedWhereItLies(t *testing.T) {
	t.Parallel()
	const music = "ID3 and then some bytes of sound"
	f := newFakePBX(t)
	serve := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "audio/mpeg")
		http.ServeContent(w, r, "", time.Time{}, strings.NewReader(music))
	}
	f.handle("GET v2/records/480001:1/"+annasID+"/download", serve)
	f.handle("GET v2/records/551000001/download", serve)
	f.handle("GET v2/records/whole/"+annasID+"/download", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, music) })
	f.handle("GET v2/records/gone/"+annasID+"/download", func(w http.ResponseWriter, _ *http.Request) { write(w, readSample(t, "record-not-ready")) })
	f.handle("GET v2/records/json/"+annasID+"/download", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, `{"errorCode":"RecordNotFound"}`) })
	f.handle("GET v2/records/page/"+annasID+"/download", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, ` <html>sign in`) })
	p := f.provider()
	for _, tt := range []struct {
		id         string
		from, size int64
		body       string
	}{
		{"480001:1/" + annasID, 0, int64(len(music)), music},
		{"551000001", 8, int64(len(music)), music[8:]},
		{"whole/" + annasID, 0, int64(len(music)), music},
	} {
		s, err := p.Recording(t.Context(), tt.id, tt.from)
		if err != nil {
			t.Fatalf("%s: %v", tt.id, err)
		}
		body, err := io.ReadAll(s.Body)
		s.Body.Close()
		if err != nil || string(body) != tt.body || s.From != tt.from || s.Size != tt.size {
			t.Errorf("%s from %d of %d: %q, %v", tt.id, s.From, s.Size, body, err)
		}
	}
	for id, want := range map[string]error{"gone": pbx.ErrNoRecording, "json": pbx.ErrNoRecording, "page": pbx.ErrUnclear, "nowhere": pbx.ErrNoRecording} {
		if _, err := p.Recording(t.Context(), id+"/"+annasID, 0); !errors.Is(err, want) {
			t.Errorf("%s: %v", id, err)
		}
	}
}

// TestRecording_theTokenStaysAtHome: a host that the API sends us on to is not told it, and only
// Beeline's are taken.
func TestRecording_theTokenStaysAtHome(t *testing.T) {
	t.Parallel()
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("it was followed to a stranger") }))
	defer other.Close()
	f := newFakePBX(t)
	f.handle("GET v2/records/a/b/download", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, other.URL+"/a.mp3", http.StatusFound)
	})
	if _, err := f.provider().Recording(t.Context(), "a/b", 0); err == nil {
		t.Error("it was opened")
	}
	first := httptest.NewRequest(http.MethodGet, "https://cloudpbx.beeline.ru/apis/portal/x", nil)
	next := httptest.NewRequest(http.MethodGet, "https://files.beeline.ru/x", nil)
	next.Header.Set("X-MPBX-API-AUTH-TOKEN", token)
	if err := checkRedirect(next, []*http.Request{first}); err != nil || next.Header.Get("X-MPBX-API-AUTH-TOKEN") != "" {
		t.Errorf("%v, the token goes along", err)
	}
}
