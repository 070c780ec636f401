// Package origin tells from where a request comes, behind our own proxies too, and whether webhooks may
// come from there.
package origin

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// Sources are the addresses that webhooks may come from.
type Sources struct {
	Allowed []netip.Prefix
	// Proxies are our own reverse proxies: what they say in X-Forwarded-For is believed.
	Proxies []netip.Prefix
}

// ParsePrefixes reads addresses and networks, such as "81.88.80.132" and "81.88.80.0/24".
func ParsePrefixes(texts []string) ([]netip.Prefix, error) {
	var all []netip.Prefix
	for _, text := range texts {
		text = strings.TrimSpace(text)
		if text == "" {
			continue
		}
		if p, err := netip.ParsePrefix(text); err == nil {
			all = append(all, p.Masked())
			continue
		}
		a, err := netip.ParseAddr(text)
		if err != nil {
			return nil, fmt.Errorf("%q: an address like 81.88.80.132 or a network like 81.88.80.0/24 expected", text)
		}
		all = append(all, netip.PrefixFrom(a, a.BitLen()))
	}
	return all, nil
}

// Allow tells whether a request's source may deliver webhooks, and which it is.
func (s Sources) Allow(r *http.Request) (netip.Addr, bool) {
	from := s.Of(r)
	return from, len(s.Allowed) == 0 || within(s.Allowed, from)
}

// Of is the peer, or, behind proxies of ours, the last address that is not one of them.
func (s Sources) Of(r *http.Request) netip.Addr {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	at, _ := netip.ParseAddr(host)
	at = at.Unmap()
	passed := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(passed) {
		if !within(s.Proxies, at) {
			break
		}
		next, err := netip.ParseAddr(strings.TrimSpace(hop))
		if err != nil {
			break
		}
		at = next.Unmap()
	}
	return at
}

func within(all []netip.Prefix, a netip.Addr) bool {
	return slices.ContainsFunc(all, func(p netip.Prefix) bool { return p.Contains(a) })
}
