package person

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"time"

	"dozvon/app/server/crm"
	"dozvon/app/server/texts"
)

//go:embed page.html
var pageText string

// page writes the document to be read by people.
func (d *Document) page(out io.Writer, language string) error {
	t, err := template.New("page").Funcs(template.FuncMap{
		"t":     func(code string) string { return texts.Of("person." + code).In(language) },
		"value": func(code string) string { return valueIn(code, language) },
		"field": func(name string) string { return fieldIn(name, language) },
		"at":    at,
		"add":   func(a, b int) int { return a + b },
	}).Parse(pageText)
	if err != nil {
		return fmt.Errorf("reading the page's template: %w", err)
	}
	return t.Execute(out, d)
}

// at is a moment as people of this machine's place read it.
func at(moment any) string {
	switch m := moment.(type) {
	case time.Time:
		return m.Local().Format("02.01.2006 15:04:05 -07:00")
	case *time.Time:
		if m != nil {
			return at(*m)
		}
	}
	return ""
}

// fieldIn names a field of a card.
func fieldIn(name, language string) string {
	switch name {
	case crm.FieldPhones:
		return texts.Of("column.phone").In(language)
	case crm.FieldClientID:
		return texts.Of("column.card").In(language)
	}
	return texts.Of("column." + name).In(language)
}

// valueIn tells a word of the API.
func valueIn(code, language string) string {
	switch code {
	case "in", "out", "internal", "ringing", "talking", "held", "ended", "open", "done", "waiting", "taken", "settled", "dismissed", absentElsewhere, absentGone, absentPending,
		crm.ActionCreated, crm.ActionChanged, crm.ActionDeleted, crm.ActionRestored, crm.ActionMerged, crm.ActionUndone, crm.ActionImported, crm.ActionSynced:
		return texts.Of("person.value_" + code).In(language)
	case "answered", "busy", "declined", "failed", "missed", "no_answer", "not_started", "note", "sms", "client_created", "contract_created":
		return texts.Of("value." + code).In(language)
	}
	return code
}
