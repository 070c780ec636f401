// Package outbound guards the connections that the server makes to addresses that people give it:
// a PBX's API and the hosts that it sends us to. An accountant's form must not be a way into the
// school's own network.
package outbound

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"

	"code.dny.dev/ssrf"

	"dozvon/app/server/texts"
)

// ErrForbidden says that an address is not one that we connect to.
var ErrForbidden = errors.New("the address is not allowed")

// Policy says which addresses beside the public ones may be connected to. The zero value allows none.
type Policy struct {
	// Loopback is this machine: for a server that only this machine reaches, and its practice PBX.
	Loopback bool
	// Local is this machine and private and link-local networks, where a school has a PBX of its own.
	Local bool
	// Meter is told of the requests that are made; nil: nobody is.
	Meter Meter
	kind  string // of the PBXs that the requests go to
}

const (
	connectLimit = 5 * time.Second
	// answerLimit is how long the head of an answer may take; commands have shorter limits of their own.
	answerLimit = 30 * time.Second
)

var (
	loopbackV4 = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	loopbackV6 = []netip.Prefix{netip.MustParsePrefix("::1/128")}
	localV4    = append([]netip.Prefix{
		netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("172.16.0.0/12"), netip.MustParsePrefix("192.168.0.0/16"),
		netip.MustParsePrefix("169.254.0.0/16"), netip.MustParsePrefix("100.64.0.0/10"),
	}, loopbackV4...)
	localV6 = append([]netip.Prefix{netip.MustParsePrefix("fc00::/7"), netip.MustParsePrefix("fe80::/10")}, loopbackV6...)
)

func (p Policy) guard() *ssrf.Guardian {
	options := []ssrf.Option{ssrf.WithAnyPort()}
	switch {
	case p.Local:
		options = append(options, ssrf.WithAllowedV4Prefixes(localV4...), ssrf.WithAllowedV6Prefixes(localV6...))
	case p.Loopback:
		options = append(options, ssrf.WithAllowedV4Prefixes(loopbackV4...), ssrf.WithAllowedV6Prefixes(loopbackV6...))
	}
	return ssrf.New(options...)
}

// Check reports ErrForbidden for an address that may not be connected to.
func (p Policy) Check(a netip.Addr) error {
	// A mapped or zoned address is judged by what it leads to.
	if err := p.guard().SafeAddr(a.Unmap().WithZone("")); err != nil {
		return fmt.Errorf("%w: %w", ErrForbidden, err)
	}
	return nil
}

// Transport makes connections that the policy allows. It judges the address that is connected to,
// after its name was looked up, so that a name is worth no more than where it leads. Proxies of the
// environment are not used: they would look the name up themselves.
func (p Policy) Transport() *http.Transport {
	dialer := &net.Dialer{Timeout: connectLimit, Control: func(network, address string, _ syscall.RawConn) error {
		to, err := netip.ParseAddrPort(address)
		if err != nil || !strings.HasPrefix(network, "tcp") {
			return fmt.Errorf("%w: %s %s", ErrForbidden, network, address)
		}
		return p.Check(to.Addr())
	}}
	return &http.Transport{
		Proxy: nil, DialContext: dialer.DialContext, ForceAttemptHTTP2: true,
		MaxIdleConns: 100, IdleConnTimeout: 90 * time.Second, TLSHandshakeTimeout: 10 * time.Second,
		ExpectContinueTimeout: time.Second, ResponseHeaderTimeout: answerLimit,
	}
}

// CheckURL judges a PBX's address as it was typed; zero: it is one that we connect to.
// What a name leads to only the connection tells.
func (p Policy) CheckURL(raw string) texts.Message {
	u, err := url.Parse(raw)
	if err != nil || u.Hostname() == "" || u.User != nil || (u.Scheme != "https" && u.Scheme != "http") {
		return texts.Of("fault.url")
	}
	if u.RawQuery != "" || u.ForceQuery || u.Fragment != "" { // what is asked for is put behind it
		return texts.Of("fault.url_tail")
	}
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	loopback := host == "localhost" || strings.HasSuffix(host, ".localhost")
	a, err := netip.ParseAddr(host)
	switch {
	case err == nil:
		a = a.Unmap().WithZone("")
		loopback = a.IsLoopback()
	case looksNumeric(host):
		// 2130706433 and 0x7f.1 are 127.0.0.1 to some resolvers.
		return texts.Of("fault.url_numeric")
	case loopback:
		a = netip.AddrFrom4([4]byte{127, 0, 0, 1})
	}
	if a.IsValid() && p.Check(a) != nil {
		if loopback {
			return texts.Of("fault.url_loopback")
		}
		return texts.Of("fault.url_private")
	}
	if u.Scheme == "http" && !loopback {
		return texts.Of("fault.url_http")
	}
	return texts.Message{}
}

// looksNumeric tells a host that ends in a number and is no address: no name does (RFC 3696).
func looksNumeric(host string) bool {
	last := host[strings.LastIndexByte(host, '.')+1:]
	return last == "" || strings.HasPrefix(last, "0x") || strings.Trim(last, "0123456789") == ""
}

// Redirects says where an answer may send us on to: the host of the first request, and hosts that
// the kind of PBX declares.
type Redirects struct {
	// Under are domains whose hosts, and themselves, are taken: "pbx.example".
	Under []string
}

// maxRedirects is more than any PBX needs: from its API to a one-time link.
const maxRedirects = 4

// Check is http.Client's CheckRedirect. A request's body is never sent on (307 and 308 would), an
// encrypted way never ends in an open one, and the address that sent us on, which may hold a key,
// is not told to the next.
func (r Redirects) Check(next *http.Request, via []*http.Request) error {
	next.Header.Del("Referer")
	first, last := via[0], via[len(via)-1]
	switch {
	case len(via) > maxRedirects:
		return fmt.Errorf("%w: it redirects for ever", ErrForbidden)
	case next.Method != http.MethodGet:
		return fmt.Errorf("%w: it would have the request sent on to %s", ErrForbidden, next.URL.Host)
	case last.URL.Scheme == "https" && next.URL.Scheme != "https":
		return fmt.Errorf("%w: it leads from https to %s", ErrForbidden, next.URL.Scheme)
	case !strings.EqualFold(next.URL.Host, first.URL.Host) && !r.Declares(next.URL.Hostname()):
		return fmt.Errorf("%w: it leads to %s, which is not the PBX's", ErrForbidden, next.URL.Host)
	case !strings.EqualFold(next.URL.Host, first.URL.Host) && next.URL.Scheme != "https":
		return fmt.Errorf("%w: it leads to %s without encryption", ErrForbidden, next.URL.Host)
	}
	return nil
}

// Declares tells whether a host is one of those domains, or lies in one.
func (r Redirects) Declares(host string) bool {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	for _, domain := range r.Under {
		if host == domain || strings.HasSuffix(host, "."+domain) {
			return true
		}
	}
	return false
}
