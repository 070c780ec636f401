package api

import (
	"errors"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"dozvon/app/server/bodyfault"
	"dozvon/app/server/texts"
	"dozvon/client"
)

const (
	// fieldsTold bounds how many faults a refusal names: a body may have thousands.
	fieldsTold = 20
	// faultLength bounds one of them, in characters: names of fields are the sender's own.
	faultLength = 200
)

// newProblem is how huma's own refusals (a body that is no JSON, a field too long) are told: in words for people, and in
// Fields for programs. The library repeats the value that was sent; a refusal may be logged and shown, so it must not.
func newProblem(ctx huma.Context, status int, _ string, errs ...error) huma.StatusError {
	language := texts.Default
	if ctx != nil {
		language = languageOf(ctx.Context())
	}
	p := &client.Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Code: "invalid"}
	words := "problem.unreadable"
	switch {
	case status == http.StatusRequestTimeout:
		p.Code, words = "slow_body", "problem.slow_body"
	case status == http.StatusRequestEntityTooLarge:
		words = "problem.too_big_request"
	case status >= 500:
		p.Code, words = "internal", "problem.internal"
	}
	p.Detail = texts.Of(words).In(language)
	var told []string
	for _, err := range errs {
		p.Fields = append(p.Fields, fault(err))
		var d *huma.ErrorDetail
		if errors.As(err, &d) {
			told = append(told, cut(bodyfault.Words(d.Location, d.Message, language)))
		}
	}
	p.Fields = few(p.Fields)
	if status == http.StatusUnprocessableEntity && len(told) > 0 {
		p.Detail = texts.Of("problem.invalid", texts.Args{"fields": strings.Join(few(told), "; ")}).In(language)
	}
	return p
}

// fault is what is wrong and where, without the value.
func fault(err error) string {
	var d *huma.ErrorDetail
	if !errors.As(err, &d) {
		return cut(err.Error())
	}
	message := d.Message
	// encoding/json repeats a number that does not fit.
	if strings.HasPrefix(message, "json: cannot unmarshal") {
		message = "a value of another type expected"
	}
	if d.Location == "" {
		return cut(message)
	}
	return cut(message) + " (" + cut(d.Location) + ")"
}

func cut(text string) string {
	if runes := []rune(text); len(runes) > faultLength {
		return string(runes[:faultLength]) + "…"
	}
	return text
}

func few(faults []string) []string {
	if len(faults) <= fieldsTold {
		return faults
	}
	return append(faults[:fieldsTold:fieldsTold], "…")
}
