package doctor

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"dozvon/app/server/outbound"
)

// product is how a server of Dozvon calls itself (GET /welcome).
const product = "dozvon"

const (
	// expiresSoon is how long before its end a certificate is told of.
	expiresSoon = 14 * 24 * time.Hour
	// reachLimit is how long an answer is waited for.
	reachLimit = 15 * time.Second
)

// ExamineFiles looks at the certificate in a pair of files: whether they belong together, its end, its name, and
// whether this machine knows who signed it. host is what people and PBXs call the server; empty: not told.
func ExamineFiles(cert, key, host string, now time.Time) Line {
	pair, err := tls.LoadX509KeyPair(cert, key)
	if err != nil {
		return fail("TLS", "both must be PEM files that the server's user can read, the certificate first in its chain, and belong together", "%v", err)
	}
	return examineChain(pair.Certificate, host, now, "renew it, and restart the server")
}

// ExamineCached looks at a certificate that was got by ACME, as it is kept: key and chain in PEM.
func ExamineCached(raw []byte, host string, now time.Time) Line {
	var chain [][]byte
	for {
		block, rest := pem.Decode(raw)
		if block == nil {
			break
		}
		if block.Type == "CERTIFICATE" {
			chain = append(chain, block.Bytes)
		}
		raw = rest
	}
	return examineChain(chain, host, now, "the server renews it by itself while it is reached on port 443: look into its log")
}

// NoCertificate tells that none was got by ACME yet.
func NoCertificate(host string) Line {
	return warn("TLS", "start the server; it must be reached from outside under this name on port 443", "there is no certificate for %s yet", host)
}

func examineChain(chain [][]byte, host string, now time.Time, renew string) Line {
	var all []*x509.Certificate
	for _, raw := range chain {
		c, err := x509.ParseCertificate(raw)
		if err != nil {
			return fail("TLS", renew, "the certificate cannot be read: %v", err)
		}
		all = append(all, c)
	}
	if len(all) == 0 {
		return fail("TLS", renew, "there is no certificate in the file")
	}
	leaf := all[0]
	until := leaf.NotAfter.Local().Format("2006-01-02 15:04")
	switch {
	case now.After(leaf.NotAfter):
		return fail("TLS", renew, "the certificate ended at %s: neither apps nor PBXs accept it", until)
	case now.Before(leaf.NotBefore):
		return fail("TLS", "is this machine's clock right?", "the certificate begins at %s", leaf.NotBefore.Local().Format("2006-01-02 15:04"))
	case host != "" && leaf.VerifyHostname(host) != nil:
		return fail("TLS", "get a certificate for that name, or correct --public-url", "the certificate is for %s, and --public-url says %s", strings.Join(append(leaf.DNSNames, addresses(leaf)...), ", "), host)
	}
	if line, bad := unknownSigner(all, now); bad {
		return line
	}
	if leaf.NotAfter.Sub(now) < expiresSoon {
		return warn("TLS", renew, "the certificate ends at %s", until)
	}
	return ok("TLS", "the certificate is good until %s", until)
}

func addresses(c *x509.Certificate) []string {
	var all []string
	for _, ip := range c.IPAddresses {
		all = append(all, ip.String())
	}
	return all
}

func unknownSigner(chain []*x509.Certificate, now time.Time) (Line, bool) {
	between := x509.NewCertPool()
	for _, c := range chain[1:] {
		between.AddCert(c)
	}
	_, err := chain[0].Verify(x509.VerifyOptions{Intermediates: between, CurrentTime: now})
	if err == nil {
		return Line{}, false
	}
	return warn("TLS", "put the whole chain into the certificate's file; one of an authority of your own must be known to every machine with the app, and PBXs refuse it",
		"this machine does not know who signed the certificate: %v", err), true
}

// Local asks whether a server answers at the address that it listens on.
func Local(ctx context.Context, listen string, encrypted bool) bool {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return false
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	scheme := "http"
	if encrypted {
		scheme = "https"
	}
	// Whose certificate it is does not matter here: nothing is told.
	c := client(&tls.Config{InsecureSkipVerify: true}) //nolint:gosec // see above
	resp, err := get(ctx, c, scheme+"://"+net.JoinHostPort(host, port)+"/healthz")
	if err != nil {
		return false
	}
	resp.Body.Close()
	return true
}

func client(security *tls.Config) *http.Client {
	return &http.Client{
		Timeout: reachLimit, Transport: &http.Transport{Proxy: nil, TLSClientConfig: security, DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

func get(ctx context.Context, c *http.Client, address string) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	resp, err := c.Do(req)
	return resp, outbound.WithoutURL(err)
}

// Public asks the server under the address that others are told, as far as this machine can tell. school is its
// school's name; empty: not known. running says whether a server answers on this machine.
func Public(ctx context.Context, address, school string, running bool) []Line {
	u, err := url.Parse(address)
	if err != nil {
		return []Line{fail("public URL", "correct --public-url", "it cannot be read")}
	}
	resp, err := get(ctx, client(nil), strings.TrimSuffix(address, "/")+"/api/v1/welcome")
	if err != nil {
		return []Line{unreached(u, err, running)}
	}
	defer resp.Body.Close()
	var told struct {
		Product string `json:"product"`
		School  string `json:"school"`
	}
	raw, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err == nil {
		err = json.Unmarshal(raw, &told)
	}
	var lines []Line
	switch {
	case resp.StatusCode >= 300 && resp.StatusCode < 400:
		lines = append(lines, fail("public URL", "name in --public-url the address that it leads to", "%s leads elsewhere: PBXs do not follow", address))
	case resp.StatusCode != http.StatusOK || err != nil || told.Product != product:
		lines = append(lines, fail("public URL", "look at the proxy's rules: all paths must come to the server", "%s is answered by something else (%s)", address, resp.Status))
	case school != "" && told.School != school:
		lines = append(lines, fail("public URL", "correct --public-url, or where the name leads", "another server of Dozvon answers at %s", address))
	case isLoopback(u.Hostname()):
		lines = append(lines, ok("public URL", "%s answers; it is for this machine alone", address))
	default:
		lines = append(lines, ok("public URL", "%s answers this machine; whether it does so outside, a telephone without Wi-Fi tells", address))
	}
	if resp.TLS != nil && len(resp.TLS.PeerCertificates) > 0 {
		lines = append(lines, servedCertificate(resp.TLS.PeerCertificates[0]))
	}
	return lines
}

// servedCertificate tells the end of the one that is shown outside; the connection has checked the rest.
func servedCertificate(c *x509.Certificate) Line {
	until := c.NotAfter.Local().Format("2006-01-02 15:04")
	if time.Until(c.NotAfter) < expiresSoon {
		return warn("public TLS", "renew it", "the certificate there ends at %s", until)
	}
	return ok("public TLS", "the certificate there is good until %s", until)
}

func unreached(u *url.URL, err error, running bool) Line {
	var name *net.DNSError
	var signer x509.UnknownAuthorityError
	var invalid x509.CertificateInvalidError
	var host x509.HostnameError
	switch {
	case !running:
		return warn("public URL", "start the server and run doctor again", "no server runs on this machine, so %s was not judged", u.Redacted())
	case errors.As(err, &name) && name.IsNotFound:
		return fail("public URL", "make a DNS record for it, or correct --public-url", "nobody knows the name %s", u.Hostname())
	case errors.As(err, &signer), errors.As(err, &invalid), errors.As(err, &host):
		return fail("public URL", "apps and PBXs refuse it as well: renew or correct the certificate", "the certificate there is not accepted: %v", err)
	case isLoopback(u.Hostname()):
		return fail("public URL", "correct --public-url or --listen", "%s does not answer: %v", u.Redacted(), err)
	}
	return warn("public URL", "try it from outside, e.g. by a telephone without Wi-Fi; some routers let nobody inside reach the outer address. If it is silent there, too: port forwarding, firewall, proxy",
		"%s does not answer this machine: %v", u.Redacted(), err)
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// PBXClock asks the machine at a PBX's address for its time.
func PBXClock(ctx context.Context, transport http.RoundTripper, name, address string, now func() time.Time) Line {
	c := &http.Client{Timeout: reachLimit, Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	u, err := url.Parse(address)
	if err != nil {
		return warn("clock", "", "the address of %s cannot be read", name)
	}
	// Only who answers matters: a path might be a command.
	resp, err := get(ctx, c, (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/"}).String())
	if err != nil {
		return warn("clock", "", "%s could not be asked for its time: %v", name, err)
	}
	resp.Body.Close()
	var clock outbound.Clock
	clock.Note(resp, now())
	ahead, known := clock.Read()
	if !known {
		return warn("clock", "", "%s does not tell its time", name)
	}
	return ClockOf(fmt.Sprintf("that of %s", name), ahead)
}
