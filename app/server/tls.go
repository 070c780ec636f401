package server

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"time"

	"golang.org/x/crypto/acme/autocert"
)

func (c Config) encrypted() bool { return c.TLSCert != "" || len(c.ACMEDomains) > 0 }

// suites of TLS 1.2 are those with forward secrecy and authenticated encryption. The PBXs'
// clients have them; CBC and plain RSA are left to none.
var suites = []uint16{
	tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
	tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
	tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, tls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
}

// tls allows 1.2, because there are PBXs that speak nothing newer (their adapters say which). Certificates
// by ACME are asked for over the same port (TLS-ALPN), so no second listener is needed; whoever
// names a domain agrees to the terms of the certificate authority.
func (c Config) tls() (*tls.Config, error) {
	t := &tls.Config{}
	switch {
	case len(c.ACMEDomains) > 0:
		m := &autocert.Manager{
			Prompt: autocert.AcceptTOS, HostPolicy: autocert.HostWhitelist(c.ACMEDomains...),
			Cache: autocert.DirCache(c.certificatesDir()),
		}
		t = m.TLSConfig()
	case c.TLSCert != "":
		pair, err := certificate(c.TLSCert, c.TLSKey)
		if err != nil {
			return nil, err
		}
		t.Certificates = []tls.Certificate{pair}
	}
	t.MinVersion, t.CipherSuites = tls.VersionTLS12, suites
	return t, nil
}

// certificate reads a pair of files, or tells what is wrong with them.
func certificate(cert, key string) (tls.Certificate, error) {
	pair, err := tls.LoadX509KeyPair(cert, key)
	if err != nil {
		advice := "both must be PEM files, the certificate first in its chain, and belong together"
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
			advice = "correct --tls-cert and --tls-key, or the files' owner and mode"
		}
		return pair, fmt.Errorf("the certificate %s with the key %s cannot be used: %w: %s", cert, key, err, advice)
	}
	leaf, err := x509.ParseCertificate(pair.Certificate[0])
	if err == nil && time.Now().After(leaf.NotAfter) {
		slog.Warn("the certificate has expired: neither the apps nor the PBX will accept it", "file", cert, "since", leaf.NotAfter)
	}
	return pair, nil
}
