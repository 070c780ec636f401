package requestid_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"dozvon/app/server/requestid"
)

func TestHandler_takesAWellFormedIdAndMakesAllOthers(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		given string
		taken bool
	}{
		{"0b9f6a1c-7d", true},
		{"Root=1-67891233-abcdef012345678912345678", true},
		{"a", true},
		{strings.Repeat("a", 128), true},
		{"", false},
		{strings.Repeat("a", 129), false},
		{"a b", false},
		{"a\tb", false},
		{`a"b`, false},
		{"<b>", false},
		{"+79145550148", false},
		{"слово", false},
		{"-a", false},
		{"a\x00", false},
	} {
		var seen string
		h := requestid.Handler(func() string { return "made" }, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { seen = requestid.Of(r.Context()) }))
		r, w := httptest.NewRequest(http.MethodGet, "/", nil), httptest.NewRecorder()
		r.Header[requestid.Header] = []string{tt.given}
		h.ServeHTTP(w, r)
		want := "made"
		if tt.taken {
			want = tt.given
		}
		if seen != want || w.Header().Get(requestid.Header) != want {
			t.Errorf("%q: the request is %q, the answer says %q", tt.given, seen, w.Header().Get(requestid.Header))
		}
	}
}

func TestLogs_nameTheRequestAndTheCallOnce(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	log := slog.New(requestid.Logs(slog.NewTextHandler(&out, nil)))
	ctx := requestid.WithCall(requestid.With(t.Context(), "r-1"), "c-1")
	log.With("node", "n").InfoContext(ctx, "one")
	log.InfoContext(ctx, "two", "call", "c-2")
	log.WithGroup("g").Info("three")
	log.InfoContext(requestid.WithSchool(ctx, "lider"), "four")
	log.InfoContext(requestid.WithSchool(t.Context(), "lider"), "five", "school", "start")
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	for i, want := range []string{"msg=one node=n request=r-1 call=c-1", "msg=two call=c-2 request=r-1", "msg=three", "msg=four request=r-1 call=c-1 school=lider", "msg=five school=start"} {
		if !strings.HasSuffix(lines[i], want) {
			t.Errorf("%s, want …%s", lines[i], want)
		}
	}
}
