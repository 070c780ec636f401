package doctor_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dozvon/app/server/access"
	"dozvon/app/server/doctor"
	"dozvon/app/server/outbound"
	"dozvon/app/server/store"
	"dozvon/client"
)

var at = time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)

// wantLine finds the line of a check in its state and words.
func wantLine(t *testing.T, what string, lines []doctor.Line, check string, state doctor.State, words ...string) {
	t.Helper()
	for _, l := range lines {
		if l.Check != check || l.State != state {
			continue
		}
		for _, w := range words {
			if !strings.Contains(l.Text+" "+l.Advice, w) {
				t.Errorf("%s: %q is not said: %+v", what, w, l)
			}
		}
		return
	}
	t.Errorf("%s: no line %s, %s: %+v", what, check, state, lines)
}

// school makes a database with its key and a sealed secret.
func school(t *testing.T) (dir, address, key string) {
	t.Helper()
	dir = t.TempDir()
	address, key = "sqlite://"+filepath.Join(dir, "dozvon.db"), filepath.Join(dir, "seal.key")
	st, err := store.Open(t.Context(), address, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	sealer, err := access.NewSealer(key)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := st.KeepSealFingerprint(t.Context(), sealer.Fingerprint()); err != nil {
		t.Fatal(err)
	}
	secret, err := sealer.Seal("salt")
	if err != nil {
		t.Fatal(err)
	}
	err = st.Write(t.Context(), func(tx *store.Tx) error {
		return tx.SaveIntegration(store.Integration{Integration: client.Integration{ID: "i1", Kind: "x"}, Sealed: map[string]string{"api_salt": secret}})
	})
	if err := errors.Join(err, st.Close()); err != nil {
		t.Fatal(err)
	}
	return dir, address, key
}

func TestExamineDatabase(t *testing.T) {
	t.Parallel()
	examine := func(address, key string, ahead time.Duration) doctor.Database {
		return doctor.ExamineDatabase(t.Context(), address, key, func() time.Time { return time.Now().Add(ahead) })
	}
	_, address, key := school(t)
	d := examine(address, key, 0)
	if !d.UpToDate {
		t.Error("a fresh database is not up to date")
	}
	wantLine(t, "all is well", d.Lines, "database", doctor.OK, "it is whole")
	wantLine(t, "all is well", d.Lines, "sealing key", doctor.OK, "1 secrets")
	wantLine(t, "all is well", d.Lines, "clock", doctor.OK)
	wantLine(t, "ten seconds", examine(address, key, 10*time.Second).Lines, "clock", doctor.Warn, "10s", "NTP")
	wantLine(t, "an hour", examine(address, key, -time.Hour).Lines, "clock", doctor.Fail, "1h0m0s")

	_, _, other := school(t)
	wantLine(t, "another key", examine(address, other, 0).Lines, "sealing key", doctor.Fail, "is not the one of this database", "--seal-key")
	wantLine(t, "no key", examine(address, other+".none", 0).Lines, "sealing key", doctor.Fail, "forget-secrets")

	none := "sqlite://" + filepath.Join(t.TempDir(), "dozvon.db")
	wantLine(t, "nothing", examine(none, key, 0).Lines, "database", doctor.Warn, "there is no database yet", "serve makes it")
	if _, err := os.Stat(strings.TrimPrefix(none, "sqlite://")); err == nil {
		t.Error("the examination has made a database")
	}
	wantLine(t, "PostgreSQL that is away", examine("postgres://dozvon:secret@127.0.0.1:1/x", key, 0).Lines, "database", doctor.Fail, "does PostgreSQL run there")
}

func TestExamineDatabase_seesDamage(t *testing.T) {
	t.Parallel()
	_, address, key := school(t)
	path := strings.TrimPrefix(address, "sqlite://")
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := 8 * 4096; i < 20*4096; i += 4096 {
		copy(raw[i:], "overwritten by something else")
	}
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	d := doctor.ExamineDatabase(t.Context(), address, key, time.Now)
	wantLine(t, "damaged", d.Lines, "database", doctor.Fail, "it is damaged", "restore")
	if d.UpToDate {
		t.Error("a damaged database is told usable")
	}
}

func TestExamineDisk(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	lines := doctor.ExamineDisk(dir, filepath.Join(dir, "recordings"), 1<<60)
	wantLine(t, "room", lines, "disk room", doctor.Warn, "the recordings may take 1152.9 PB more")
	if left, err := os.ReadDir(dir); len(left) != 0 || err != nil {
		t.Errorf("left are %v, %v", left, err)
	}
	found := false
	for _, l := range lines {
		found = found || l.Check == "disk speed" && strings.Contains(l.Text, "a durable write takes")
	}
	if !found {
		t.Errorf("the speed is not told: %+v", lines)
	}
	wantLine(t, "no folder", doctor.ExamineDisk(filepath.Join(dir, "none"), "", 0), "disk", doctor.Warn, "is not there", "--data")
}

// certificate makes one for a name, and its key, as PEM.
func certificate(t *testing.T, name string, from, until time.Time) (cert, key []byte) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{name}, NotBefore: from, NotAfter: until}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw})
}

func TestExamineTLS(t *testing.T) {
	t.Parallel()
	day := 24 * time.Hour
	tests := map[string]struct {
		from, until time.Time
		host        string
		state       doctor.State
		says        []string
	}{
		"of an authority of one's own": {at.Add(-day), at.Add(100 * day), "phone.example.ru", doctor.Warn, []string{"does not know who signed", "chain"}},
		"ended":                        {at.Add(-9 * day), at.Add(-day), "phone.example.ru", doctor.Fail, []string{"ended at", "renew"}},
		"not begun":                    {at.Add(day), at.Add(9 * day), "phone.example.ru", doctor.Fail, []string{"begins at", "clock"}},
		"for another name":             {at.Add(-day), at.Add(100 * day), "other.example.ru", doctor.Fail, []string{"is for phone.example.ru", "--public-url says other.example.ru"}},
	}
	for name, tt := range tests {
		dir := t.TempDir()
		cert, key := certificate(t, "phone.example.ru", tt.from, tt.until)
		for file, raw := range map[string][]byte{"cert.pem": cert, "key.pem": key, "text.pem": []byte("hello")} {
			if err := os.WriteFile(filepath.Join(dir, file), raw, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		line := doctor.ExamineFiles(filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem"), tt.host, at)
		wantLine(t, name, []doctor.Line{line}, "TLS", tt.state, tt.says...)
		cached := doctor.ExamineCached(append(bytes.Clone(key), cert...), tt.host, at)
		wantLine(t, name+", by ACME", []doctor.Line{cached}, "TLS", tt.state, tt.says[0])
		line = doctor.ExamineFiles(filepath.Join(dir, "text.pem"), filepath.Join(dir, "key.pem"), tt.host, at)
		wantLine(t, "a text", []doctor.Line{line}, "TLS", doctor.Fail, "PEM")
	}
}

// answering is a web server that answers all with one body.
func answering(t *testing.T, status int, body string) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if status == http.StatusFound {
			w.Header().Set("Location", "/elsewhere")
		}
		w.WriteHeader(status)
		io.WriteString(w, body)
	}))
	t.Cleanup(s.Close)
	return s.URL
}

func TestPublic(t *testing.T) {
	t.Parallel()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	silent := "http://" + free.Addr().String()
	free.Close()
	const ours = `{"product":"dozvon","school":"Светофор","first_account":false}`
	tls := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, ours) }))
	t.Cleanup(tls.Close)
	tests := map[string]struct {
		address string
		school  string
		running bool
		state   doctor.State
		says    string
	}{
		"ours":                {answering(t, 200, ours), "Светофор", true, doctor.OK, "answers"},
		"of an unnamed":       {answering(t, 200, ours), "", true, doctor.OK, "answers"},
		"another school's":    {answering(t, 200, ours), "Клаксон", true, doctor.Fail, "another server of Dozvon"},
		"a site":              {answering(t, 200, "<html>"), "", true, doctor.Fail, "answered by something else"},
		"another API":         {answering(t, 200, `{"product":"other"}`), "", true, doctor.Fail, "answered by something else"},
		"a proxy without us":  {answering(t, 502, ""), "", true, doctor.Fail, "502"},
		"a redirect":          {answering(t, 302, ""), "", true, doctor.Fail, "leads elsewhere"},
		"silent":              {silent, "", true, doctor.Fail, "does not answer"},
		"without a server":    {silent, "", false, doctor.Warn, "start the server"},
		"an unknown signer":   {tls.URL, "", true, doctor.Fail, "is not accepted"},
		"one that is no name": {"http://%zz", "", true, doctor.Fail, "cannot be read"},
	}
	for name, tt := range tests {
		wantLine(t, name, doctor.Public(t.Context(), tt.address, tt.school, tt.running), "public URL", tt.state, tt.says)
	}
}

func TestLocal_tellsWhetherAServerAnswers(t *testing.T) {
	t.Parallel()
	listen := strings.TrimPrefix(answering(t, 503, ""), "http://")
	if !doctor.Local(t.Context(), listen, false) {
		t.Error("one that answers is not seen")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if doctor.Local(ctx, listen, false) || doctor.Local(t.Context(), "nowhere", false) {
		t.Error("one that does not answer is seen")
	}
}

func TestPBXClock(t *testing.T) {
	t.Parallel()
	var asked []string
	ahead := time.Duration(0)
	pbx := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.Path)
		w.Header().Set("Date", at.Add(ahead).Format(http.TimeFormat))
		w.WriteHeader(http.StatusNotFound)
	}))
	defer pbx.Close()
	look := func(policy outbound.Policy) []doctor.Line {
		return []doctor.Line{doctor.PBXClock(t.Context(), policy.Transport(), "АТС", pbx.URL+"/vpbx/commands", func() time.Time { return at })}
	}
	here := outbound.Policy{Loopback: true}
	wantLine(t, "together", look(here), "clock", doctor.OK, "АТС")
	ahead = 2 * time.Hour
	wantLine(t, "apart", look(here), "clock", doctor.Fail, "2h0m", "NTP")
	wantLine(t, "forbidden", look(outbound.Policy{}), "clock", doctor.Warn, "could not be asked")
	if strings.Join(asked, " ") != "/ /" {
		t.Errorf("the PBX was asked for %v", asked)
	}
}

func TestReport_printsALineEachAndItsJSON(t *testing.T) {
	t.Parallel()
	var r doctor.Report
	r.Add(doctor.Line{Check: "disk", State: doctor.OK, Text: "fine"}, doctor.Line{Check: "TLS", State: doctor.Fail, Text: "it\nended", Advice: "renew <it>"})
	var text, raw bytes.Buffer
	r.Print(&text)
	if want := "OK    disk: fine\nFAIL  TLS: it ended\n      → renew <it>\n"; text.String() != want {
		t.Errorf("printed\n%swant\n%s", text.String(), want)
	}
	if err := r.PrintJSON(&raw); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Lines  []map[string]string
		Failed bool
	}
	if err := json.Unmarshal(raw.Bytes(), &got); err != nil || !got.Failed || len(got.Lines) != 2 || got.Lines[1]["advice"] != "renew <it>" || got.Lines[1]["state"] != "fail" || got.Lines[0]["check"] != "disk" {
		t.Errorf("%+v, %v", got, err)
	}
}
