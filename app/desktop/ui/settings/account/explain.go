package account

import (
	"errors"
	"regexp"
	"strings"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui"
	"dozvon/client"
)

// least finds the number in «at least 8 characters expected».
var least = regexp.MustCompile(`\d+`)

// Explain puts in words what the server did not take of an account.
func Explain(err error, text *i18n.Text) string {
	var problem *client.Problem
	if !errors.As(err, &problem) {
		return ui.Explain(err, text)
	}
	switch problem.Code {
	case "taken":
		return text.T("acc.taken")
	case "invalid":
		return explainFields(problem, text)
	}
	return ui.Explain(err, text)
}

// explainFields puts in words which field of an account the server did not take.
func explainFields(problem *client.Problem, text *i18n.Text) string {
	for _, fault := range problem.Fields {
		field, why, _ := strings.Cut(fault, ":")
		switch field {
		case "password":
			if n := least.FindString(why); n != "" {
				return text.T("acc.short_password", "n", n)
			}
			return text.T("acc.bad_password")
		case "login":
			return text.T("acc.bad_login")
		case "name":
			return text.T("acc.need")
		}
	}
	return ui.Explain(problem, text)
}
