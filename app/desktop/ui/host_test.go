package ui_test

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net/url"
	"strings"
	"testing"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui"
	"dozvon/client"
)

func TestExplain_saysOnceThatThePBXRefused(t *testing.T) {
	t.Parallel()
	text := i18n.New(i18n.Russian)
	for detail, want := range map[string]string{
		"линия занята": "АТС отказала: линия занята",
		"АТС ответила 4001: команда не поддерживается.": "АТС ответила 4001: команда не поддерживается.",
	} {
		if got := ui.Explain(&client.Problem{Status: 502, Code: "pbx_refused", PBXCode: 4001, Detail: detail}, text); got != want {
			t.Errorf("%q is told as %q, want %q", detail, got, want)
		}
	}
}

// TestExplain_keepsTheServersSentence: every 403 and 404 became the same words of the app's own.
func TestExplain_keepsTheServersSentence(t *testing.T) {
	t.Parallel()
	for _, lang := range []i18n.Lang{i18n.Russian, i18n.English} {
		text := i18n.New(lang)
		for status, code := range map[int]string{
			401: "unauthorized", 403: "not_yours", 404: "recording_gone", 409: "no_extension", 422: "bad_phone", 429: "too_many_tries", 503: "pbx_blocked",
		} {
			detail := "The server's sentence about " + code
			if got := ui.Explain(fmt.Errorf("calling: %w", &client.Problem{Status: status, Code: code, Detail: detail}), text); got != detail {
				t.Errorf("%s: %s is told as %q", lang, code, got)
			}
		}
	}
}

// TestExplain_takesAProxyForNoServer: what a proxy says is no word about rights or records.
func TestExplain_takesAProxyForNoServer(t *testing.T) {
	t.Parallel()
	text := i18n.New(i18n.Russian)
	for err, want := range map[error]string{
		&client.ForeignAnswer{Status: 407}:                                 "407",
		&client.ForeignAnswer{Status: 403}:                                 "403",
		&client.ForeignAnswer{Status: 502}:                                 text.T("err.no_server"),
		&client.ForeignAnswer{Status: 301, Moved: "https://phone.example"}: "https://phone.example",
		client.ErrSilent:    text.T("err.no_server"),
		io.ErrUnexpectedEOF: text.T("err.no_server"),
		&url.Error{Op: "Get", URL: "https://phone.example", Err: &tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}}: "unknown authority",
	} {
		if got := ui.Explain(fmt.Errorf("calling: %w", err), text); !strings.Contains(got, want) {
			t.Errorf("%v is told as %q, want %q in it", err, got, want)
		}
	}
}
