package itoolabs

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"

	"dozvon/app/itoolabs"
	"dozvon/app/server/outbound"
	"dozvon/app/server/texts"
)

// hostRule says where recordings may be fetched from. A history's link points anywhere, and whoever
// knows the token could have our server fetch what he likes (section 2).
type hostRule struct {
	own *url.URL // the customer's own address
	// domains are those whose hosts, and themselves, are taken.
	domains outbound.Redirects
}

func newHostRule(own *url.URL, hosts []string) hostRule {
	r := hostRule{own: own}
	if own != nil {
		// An address without a domain, as the practice PBX has, is its own alone.
		if domain, err := publicsuffix.EffectiveTLDPlusOne(strings.ToLower(own.Hostname())); err == nil {
			r.domains.Under = append(r.domains.Under, domain)
		}
	}
	for _, host := range hosts {
		if domain := domainOf(host); domain != "" {
			r.domains.Under = append(r.domains.Under, domain)
		}
	}
	return r
}

// splitHosts parts what a person wrote into hosts.
func splitHosts(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return strings.ContainsRune(" ,;\r\n\t", r) })
}

// checkHosts tells of the first host that is none, or that would take in more than a person can mean.
func checkHosts(list string, allowed outbound.Policy) texts.Message {
	for _, host := range splitHosts(list) {
		name := nameOf(host)
		ip := net.ParseIP(name)
		local := name == localhost || strings.HasSuffix(name, "."+localhost)
		loopback := local || ip != nil && ip.IsLoopback()
		switch {
		case (local || ip != nil) && !allowed.Local && !(allowed.Loopback && loopback):
			return texts.Of("fault.host_local", texts.Args{"value": host})
		case domainOf(host) == "" || ip != nil && strings.Contains(host, "*"):
			return texts.Of("fault.hosts", texts.Args{"value": host})
		}
	}
	return texts.Message{}
}

// localhost is this machine, which a practice PBX may keep its recordings on.
const localhost = "localhost"

// nameOf is a host without what people write around it: https://, a path, *.
func nameOf(host string) string {
	host = strings.ToLower(strings.TrimSpace(host))
	if u, err := url.Parse(host); err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http") && u.User == nil {
		host = u.Host
	}
	return strings.TrimSuffix(strings.TrimPrefix(host, "*."), ".")
}

// domainOf reads a host that a person wrote, perhaps as an address; empty for what would take in half of the
// internet.
func domainOf(host string) string {
	name := nameOf(host)
	if name == localhost || net.ParseIP(name) != nil {
		return name // whether it may be connected to is judged when it is
	}
	ascii, err := idna.Lookup.ToASCII(name)
	if err != nil || strings.Trim(ascii[strings.LastIndexByte(ascii, '.')+1:], "0123456789") == "" {
		return ""
	}
	if _, err := publicsuffix.EffectiveTLDPlusOne(ascii); err != nil {
		return ""
	}
	return ascii
}

// isOwn tells the customer's own host, which may be told the key.
func (r hostRule) isOwn(u *url.URL) bool {
	return r.own != nil && u.Scheme == r.own.Scheme && strings.EqualFold(u.Host, r.own.Host)
}

// allows judges an address. What a host's name leads to the connection judges.
func (r hostRule) allows(u *url.URL) bool {
	switch {
	case u.User != nil || u.Host == "":
		return false
	case r.isOwn(u):
		return true
	}
	return u.Scheme == "https" && (u.Port() == "" || u.Port() == "443") && r.domains.Declares(u.Hostname())
}

// checkRedirect is http.Client's CheckRedirect: the rule holds on the whole way, and the key goes no
// further than to its owner.
func (r hostRule) checkRedirect(next *http.Request, via []*http.Request) error {
	if !r.isOwn(next.URL) {
		next.Header.Del(itoolabs.HeaderKey)
	}
	if !r.allows(next.URL) {
		return fmt.Errorf("%w: it leads to %s", errOtherHost, next.URL.Host)
	}
	return r.domains.Check(next, via)
}

// errOtherHost says that a recording lies where we do not go.
var errOtherHost = errors.New("the recording lies on a host that is not the PBX's")
