// Package ui holds what every window of the desktop shares: the host that carries out
// what people ask for, and the words for what went wrong. It draws nothing itself;
// the windows are in the packages below it.
package ui

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/model"
	"dozvon/app/desktop/session"
	"dozvon/app/phone"
	"dozvon/client"
)

// Base is what every surface asks of the program: words, the clock, what is known, and the server.
// What else one asks for stands in its own package. All methods belong on Fyne's goroutine.
type Base interface {
	Text() *i18n.Text
	Now() time.Time
	Model() *model.Model
	// Work runs work on a goroutine of its own with the signed-in employee's API and then
	// done on Fyne's goroutine.
	Work(work func(ctx context.Context, api *client.API) error, done func(error))
}

// Explain puts an error in words: what happened and what to do. What our server says of it comes
// before any words of ours, as it knows more; it speaks the language that it was asked in.
func Explain(err error, text *i18n.Text) string {
	var problem *client.Problem
	var foreign *client.ForeignAnswer
	var untrusted *tls.CertificateVerificationError
	switch {
	case err == nil:
		return ""
	case errors.As(err, &problem):
		return explainProblem(problem, text)
	case errors.As(err, &foreign):
		return explainForeign(foreign, text)
	case errors.Is(err, phone.ErrServiceCode):
		return text.T("err.service_code")
	case errors.Is(err, phone.ErrNotANumber):
		return text.T("err.bad_phone")
	case errors.Is(err, phone.ErrCityCodeMissing):
		return text.T("err.city_code_missing")
	case errors.Is(err, phone.ErrSeveral):
		return text.T("err.several_phones")
	case errors.Is(err, ErrSignedOut), errors.Is(err, client.ErrSignedOut):
		return text.T("err.not_signed_in")
	case errors.Is(err, session.ErrBadAddress):
		return text.T("err.bad_address")
	case errors.As(err, &untrusted):
		return text.T("err.certificate", "detail", untrusted.Err.Error())
	case away(err):
		return text.T("err.no_server")
	}
	return text.T("err.other", "detail", err.Error())
}

// away tells whether the network, or the server's silence, is what went wrong.
func away(err error) bool {
	var request *url.Error
	var network net.Error
	return errors.As(err, &request) || errors.As(err, &network) || errors.Is(err, context.DeadlineExceeded) ||
		errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, client.ErrSilent)
}

// explainForeign says that there is no connection, and who answered instead.
func explainForeign(f *client.ForeignAnswer, text *i18n.Text) string {
	switch {
	case f.Moved != "":
		return text.T("err.moved", "address", f.Moved)
	case f.Away():
		return text.T("err.no_server")
	}
	return text.T("err.foreign", "code", f.Status)
}

// ErrSignedOut says that nobody is signed in.
var ErrSignedOut = errors.New("nobody is signed in")

func explainProblem(p *client.Problem, text *i18n.Text) string {
	detail := p.Detail
	if detail == "" {
		detail = p.Title
	}
	if p.Code == "pbx_refused" {
		if p.PBXCode != 0 && strings.Contains(detail, strconv.Itoa(p.PBXCode)) {
			return detail // the server's sentence says already that the PBX answered so
		}
		return text.T("err.pbx_refused", "detail", detail)
	}
	if p.Detail != "" && p.Code != "invalid" { // huma's own words about a body are for programs
		return detail
	}
	return text.T("err.other", "detail", detail)
}
