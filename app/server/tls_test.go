package server

import (
	"crypto/tls"
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
		Recordings: "tape", RawDays: -1, PublicURL: "ftp://x",
	}.Validate()
	for _, want := range []string{"listen", "data", "tls-cert and tls-key", "acme-domain and tls-cert", "hook-sources", "proxies", "recordings", "raw-days", "public-url"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not name %s", err, want)
		}
	}
}
