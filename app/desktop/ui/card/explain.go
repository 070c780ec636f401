package card

import (
	"errors"
	"strings"
	"time"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/model"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui"
	"dozvon/client"
)

// explain puts in words why a card was not saved: the server names the fields as the API does.
func explain(err error, text *i18n.Text, now time.Time) string {
	if ui.ChangedMeanwhile(err) {
		return ui.ExplainConflict(err, text, now)
	}
	var problem *client.Problem
	if !errors.As(err, &problem) || problem.Code != "invalid" || len(problem.Fields) == 0 {
		return ui.Explain(err, text)
	}
	var words []string
	for _, fault := range problem.Fields {
		words = append(words, faultWords(fault, text))
	}
	return strings.Join(words, " ")
}

func faultWords(fault string, text *i18n.Text) string {
	field, _, _ := strings.Cut(fault, ":")
	field, _, _ = strings.Cut(field, "[") // phones[2]
	switch field {
	case "email":
		return text.T("crd.bad_email")
	case "phones", "tags", "number", "client_id":
		return badField(field, text)
	case "responsible_id":
		return text.T("crd.bad_responsible")
	}
	if model.IsDay(field) {
		return badField(field, text)
	}
	return text.T("err.other", "detail", fault)
}

func badField(field string, text *i18n.Text) string {
	return text.T("crd.bad_field", "field", i18n.Lowered(present.FieldName(field, text)))
}
