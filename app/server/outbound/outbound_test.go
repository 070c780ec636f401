package outbound_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"dozvon/app/server/outbound"
)

var (
	public = outbound.Policy{}
	alone  = outbound.Policy{Loopback: true}
	local  = outbound.Policy{Local: true}
)

func TestPolicy_judgesTheAddressThatIsConnectedTo(t *testing.T) {
	t.Parallel()
	for address, want := range map[string][3]bool{ // public, loopback, local
		"81.88.85.67": {true, true, true}, "2a00:1450:4010::1": {true, true, true},
		"127.0.0.1": {false, true, true}, "127.9.9.9": {false, true, true}, "::1": {false, true, true}, "::ffff:127.0.0.1": {false, true, true},
		"10.0.0.1": {false, false, true}, "172.16.5.5": {false, false, true}, "192.168.1.1": {false, false, true}, "100.64.0.1": {false, false, true},
		"169.254.169.254": {false, false, true}, "fe80::1": {false, false, true}, "fe80::1%eth0": {false, false, true}, "fd00::1": {false, false, true},
		"::ffff:10.0.0.1": {false, false, true}, "::ffff:169.254.169.254": {false, false, true},
		"0.0.0.0": {}, "::": {}, "224.0.0.1": {}, "ff02::1": {}, "255.255.255.255": {}, "240.0.0.1": {},
		"64:ff9b::7f00:1": {}, "64:ff9b::a00:1": {}, "64:ff9b:1::a00:1": {}, "2002:7f00:1::": {}, "::7f00:1": {},
	} {
		for i, p := range []outbound.Policy{public, alone, local} {
			if err := p.Check(netip.MustParseAddr(address)); (err == nil) != want[i] || err != nil && !errors.Is(err, outbound.ErrForbidden) {
				t.Errorf("%s under %+v: %v", address, p, err)
			}
		}
	}
}

func TestPolicy_judgesWhatIsTypedInWords(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string][3]string{ // a part of the refusal; empty: taken
		"https://app.mango-office.ru/vpbx/": {}, "https://81.88.85.67/": {}, "https://pbx.example.ru:8443/api": {},
		"http://app.mango-office.ru/vpbx/": {"https expected", "https expected", "https expected"},
		"http://127.0.0.1:8421/vpbx/":      {"this machine", "", ""}, "http://localhost:8421/": {"this machine", "", ""}, "https://a.localhost./": {"this machine", "", ""},
		"http://[::1]:8421/":        {"this machine", "", ""},
		"https://10.1.2.3/":         {"--allow-local-pbx", "--allow-local-pbx", ""},
		"http://10.1.2.3/":          {"--allow-local-pbx", "--allow-local-pbx", "https expected"},
		"https://[fe80::1]/":        {"--allow-local-pbx", "--allow-local-pbx", ""},
		"https://[::ffff:10.0.0.1]": {"--allow-local-pbx", "--allow-local-pbx", ""},
		"https://169.254.169.254/":  {"--allow-local-pbx", "--allow-local-pbx", ""},
		"https://0.0.0.0/":          {"reserved", "reserved", "reserved"},
		"https://2130706433/":       {"as usual", "as usual", "as usual"}, "https://0x7f.1/": {"as usual", "as usual", "as usual"}, "https://127.1/": {"as usual", "as usual", "as usual"},
		"https://x.ru/?a=b": {"without", "without", "without"}, "https://x.ru/#a": {"without", "without", "without"}, "https://x.ru/api?": {"without", "without", "without"},
		"ftp://x/": {"https://", "https://", "https://"}, "https://u:p@x.ru/": {"https://", "https://", "https://"}, "": {"https://", "https://", "https://"}, "https://": {"https://", "https://", "https://"},
	} {
		for i, p := range []outbound.Policy{public, alone, local} {
			fault := p.CheckURL(raw)
			if fault.IsZero() != (want[i] == "") || !strings.Contains(fault.In("en"), want[i]) || !fault.IsZero() && fault.In("ru") == fault.In("en") {
				t.Errorf("%s under %+v: %v, want %q", raw, p, fault, want[i])
			}
		}
	}
}

// TestTransport_looksBehindTheName: localhost is a name like any other, and a proxy of the
// environment is no way round. It sets the environment, so it is not parallel.
func TestTransport_looksBehindTheName(t *testing.T) {
	asked := false
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { asked = true; io.WriteString(w, "ok") }))
	defer srv.Close()
	t.Setenv("HTTP_PROXY", srv.URL)
	t.Setenv("HTTPS_PROXY", srv.URL)
	named := strings.Replace(srv.URL, "127.0.0.1", "localhost", 1)
	for _, address := range []string{srv.URL, named} {
		resp, err := (&http.Client{Transport: public.Transport()}).Get(address)
		if !errors.Is(err, outbound.ErrForbidden) {
			t.Errorf("%s: %v", address, err)
		}
		if err == nil {
			resp.Body.Close()
		}
	}
	if asked {
		t.Error("something came through")
	}
	resp, err := (&http.Client{Transport: alone.Transport()}).Get(named)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if p := public.Transport().Proxy; p != nil {
		t.Error("the environment's proxy is used")
	}
}

func TestRedirects_stayWithThePBX(t *testing.T) {
	t.Parallel()
	r := outbound.Redirects{Under: []string{"mango-office.ru"}}
	const api = "https://app.mango-office.ru/vpbx/x"
	tests := []struct {
		name, method, first, next string
		ok                        bool
	}{
		{"to the files", "GET", api, "https://files.mango-office.ru/t", true},
		{"to the domain itself", "GET", api, "https://mango-office.ru/t", true},
		{"within the host", "GET", "http://127.0.0.1:8421/vpbx/x", "http://127.0.0.1:8421/files/1", true},
		{"to another port", "GET", "http://127.0.0.1:8421/vpbx/x", "http://127.0.0.1:5432/", false},
		{"to another host", "GET", api, "https://evil.example/", false},
		{"to a look-alike", "GET", api, "https://evilmango-office.ru/", false},
		{"to a look-alike's domain", "GET", api, "https://mango-office.ru.evil.example/", false},
		{"to the open", "GET", api, "http://files.mango-office.ru/t", false},
		{"with the form", "POST", api, "https://files.mango-office.ru/t", false},
		{"from here to the files in the open", "GET", "http://127.0.0.1:1/", "http://files.mango-office.ru/", false},
	}
	for _, tt := range tests {
		first := httptest.NewRequest(http.MethodPost, tt.first, nil)
		next := httptest.NewRequest(tt.method, tt.next, nil)
		next.Header.Set("Referer", tt.first)
		if err := r.Check(next, []*http.Request{first}); (err == nil) != tt.ok {
			t.Errorf("%s: %v", tt.name, err)
		}
		if next.Header.Get("Referer") != "" {
			t.Errorf("%s: the address before is told", tt.name)
		}
	}
	next := httptest.NewRequest(http.MethodGet, api, nil)
	if err := r.Check(next, []*http.Request{next, next, next, next, next}); err == nil {
		t.Error("it may go on for ever")
	}
}
