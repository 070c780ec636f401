package session

import (
	"fmt"
	"net"
	"net/url"
	"strings"
)

// cleanAddress accepts what people type: no scheme means https, except on this machine.
func cleanAddress(server string) (string, error) {
	server = strings.TrimRight(strings.TrimSpace(server), "/")
	if server != "" && !strings.Contains(server, "://") {
		scheme := "https://"
		if u, err := url.Parse("//" + server); err == nil && thisMachine(u.Hostname()) {
			scheme = "http://"
		}
		server = scheme + server
	}
	u, err := url.Parse(server)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return "", fmt.Errorf("%w: %q", ErrBadAddress, server)
	}
	return server, nil
}

// Exposed tells that what is said to a server, passwords too, can be read on its way: it is plain
// HTTP and leaves this machine. What is no address yet is not exposed.
func Exposed(server string) bool {
	server, err := cleanAddress(server)
	if err != nil {
		return false
	}
	u, err := url.Parse(server)
	return err == nil && u.Scheme == "http" && !thisMachine(u.Hostname())
}

func thisMachine(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}
