package server

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

// TestTLS_staysOpenToThePBX: Mango speaks TLS 1.2 and nothing newer, by files and by ACME alike.
func TestTLS_staysOpenToThePBX(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]Config{
		"none": {},
		"acme": {ACMEDomains: []string{"phone.example.ru"}, Data: t.TempDir()},
	} {
		if got, err := c.tls(); err != nil || got.MinVersion != tls.VersionTLS12 || got.MaxVersion != 0 {
			t.Errorf("%s: versions %x to %x", name, got.MinVersion, got.MaxVersion)
		}
	}
	if (Config{}).encrypted() {
		t.Error("a server without certificates wants to encrypt")
	}
}

// TestACME_answersForItsOwnNamesOnly: certificates are asked for over the same port, and a stranger
// who points a name at us cannot use up the authority's patience.
func TestACME_answersForItsOwnNamesOnly(t *testing.T) {
	t.Parallel()
	c := Config{ACMEDomains: []string{"phone.example.ru"}, Data: t.TempDir()}
	got, err := c.tls()
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(got.NextProtos, "acme-tls/1") {
		t.Errorf("protocols %v lack acme-tls/1", got.NextProtos)
	}
	if _, err := got.GetCertificate(&tls.ClientHelloInfo{ServerName: "evil.example"}); err == nil || !strings.Contains(err.Error(), "not configured") {
		t.Errorf("a strange name: %v", err)
	}
	if url := c.publicURL(); url != "https://phone.example.ru" {
		t.Errorf("the public address is %s", url)
	}
}

func TestConfig_namesEveryWrongField(t *testing.T) {
	t.Parallel()
	err := Config{
		Listen: "nowhere", TLSCert: "a", ACMEDomains: []string{"b"}, HookSources: []string{"81.88.80"}, Proxies: []string{"x"},
		Recordings: "tape", RawDays: -1, PublicURL: "ftp://x", AppURL: "app.exe",
	}.Validate()
	for _, want := range []string{"listen", "data", "tls-cert and tls-key", "acme-domain and tls-cert", "hook-sources", "proxies", "recordings", "raw-days", "public-url", "app-url"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not name %s", err, want)
		}
	}
}

// TestTLS_speaksForwardSecretSuitesOnly shakes hands as Mango's client may, by TLS 1.2, and as no
// client of ours needs to.
func TestTLS_speaksForwardSecretSuitesOnly(t *testing.T) {
	t.Parallel()
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	own, err := (Config{}).tls()
	if err != nil {
		t.Fatal(err)
	}
	server.TLS = own
	server.StartTLS()
	defer server.Close()
	for _, tt := range []struct {
		name  string
		max   uint16
		suite uint16
		taken bool
	}{
		{"1.2 with GCM", tls.VersionTLS12, tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, true},
		{"1.2 with ChaCha20", tls.VersionTLS12, tls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256, true},
		{"1.2 with CBC", tls.VersionTLS12, tls.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA, false},
		{"1.2 without forward secrecy", tls.VersionTLS12, tls.TLS_RSA_WITH_AES_128_GCM_SHA256, false},
		{"1.1", tls.VersionTLS11, tls.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA, false},
		{"1.3", tls.VersionTLS13, 0, true},
	} {
		conn, err := tls.Dial("tcp", server.Listener.Addr().String(), &tls.Config{
			InsecureSkipVerify: true, MinVersion: tls.VersionTLS10, MaxVersion: tt.max, CipherSuites: []uint16{tt.suite},
		})
		if (err == nil) != tt.taken {
			t.Errorf("%s: %v", tt.name, err)
		}
		if err == nil {
			conn.Close()
		}
	}
}

func TestExposed_isPlainHTTPThatOthersReach(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		c    Config
		want bool
	}{
		{Config{Listen: "127.0.0.1:8420"}, false},
		{Config{Listen: "[::1]:8420"}, false},
		{Config{Listen: "localhost:8420"}, false},
		{Config{Listen: ":8420"}, true},
		{Config{Listen: "0.0.0.0:8420"}, true},
		{Config{Listen: "10.0.0.5:8420", PublicURL: "http://phone.example.ru"}, true},
		{Config{Listen: "0.0.0.0:8420", PublicURL: "https://phone.example.ru"}, false},
		{Config{Listen: ":443", ACMEDomains: []string{"phone.example.ru"}}, false},
		{Config{Listen: ":443", TLSCert: "a", TLSKey: "b"}, false},
	} {
		if got := tt.c.exposed(); got != tt.want {
			t.Errorf("%+v: exposed is %t", tt.c, got)
		}
	}
}
