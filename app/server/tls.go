package server

import (
	"crypto/tls"
	"path/filepath"

	"golang.org/x/crypto/acme/autocert"
)

func (c Config) encrypted() bool { return c.TLSCert != "" || len(c.ACMEDomains) > 0 }

// tls allows 1.2, because Mango speaks nothing newer (Mango VPBX API, section 1.3). Certificates
// by ACME are asked for over the same port (TLS-ALPN), so no second listener is needed; whoever
// names a domain agrees to the terms of the certificate authority.
func (c Config) tls() *tls.Config {
	if len(c.ACMEDomains) == 0 {
		return &tls.Config{MinVersion: tls.VersionTLS12}
	}
	m := &autocert.Manager{
		Prompt: autocert.AcceptTOS, HostPolicy: autocert.HostWhitelist(c.ACMEDomains...),
		Cache: autocert.DirCache(filepath.Join(c.Data, "certificates")),
	}
	t := m.TLSConfig()
	t.MinVersion = tls.VersionTLS12
	return t
}
