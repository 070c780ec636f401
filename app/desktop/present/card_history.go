package present

import (
	"strings"
	"time"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/model"
	"dozvon/client"
)

// ChangeRow is one step of a card's history ready for the screen.
type ChangeRow struct {
	When, Who string
	What      string // «Изменена карточка»
	Fields    []ChangeLine
}

// ChangeLine is what became of one field: «Статус: Новый → Думает».
type ChangeLine struct {
	Field    string
	From, To string // empty: there was, or is, nothing
	// Bare lines have a name only: what stood in the field means nothing to people.
	Bare bool
}

// HistoryRow puts a step of a card's history in words.
func HistoryRow(kind client.SubjectKind, c client.Change, text *i18n.Text, now time.Time) ChangeRow {
	row := ChangeRow{When: moment(c.At, text, now), Who: text.T("crd.by_program"), What: text.T("crd.did_" + action(c.Action))}
	if c.By != nil {
		row.Who = ShortName(c.By.Name)
	}
	for _, f := range c.Fields {
		if c.Action == "created" && f.From == "" && quietAtBirth(f.Field) {
			continue
		}
		row.Fields = append(row.Fields, changeLine(kind, f, text))
	}
	return row
}

// action is the name of an action that there are words for; one of a later server is a change.
func action(name string) string {
	switch name {
	case "created", "deleted", "restored", "merged", "imported", "synced", "undone":
		return name
	}
	return "changed"
}

// quietAtBirth are the fields that every card has from its beginning, and that nobody asks about.
func quietAtBirth(field string) bool { return field == "kind" || field == "status" }

func changeLine(kind client.SubjectKind, f client.FieldDelta, text *i18n.Text) ChangeLine {
	line := ChangeLine{Field: FieldName(f.Field, text), From: fieldValue(kind, f.Field, f.From, text), To: fieldValue(kind, f.Field, f.To, text)}
	if f.Field == "client_id" {
		line.Bare, line.From, line.To = true, "", ""
		switch {
		case f.From == "":
			line.Field = text.T("crd.client_set")
		case f.To == "":
			line.Field = text.T("crd.client_unset")
		default:
			line.Field = text.T("crd.client_moved")
		}
	}
	return line
}

// FieldName is a field of a card as people call it.
func FieldName(field string, text *i18n.Text) string {
	if key := "crd.f_" + field; text.Has(key) {
		return text.T(key)
	}
	return field // of a later server
}

func fieldValue(kind client.SubjectKind, field, value string, text *i18n.Text) string {
	if value == "" {
		return ""
	}
	switch field {
	case "status":
		return StatusWord(kind, value, text)
	case "kind":
		return text.T("form.kind_" + value)
	}
	if model.IsDay(field) {
		return ShownDay(value)
	}
	return PrettyNumbers(strings.TrimSpace(value), text)
}

// StatusWord is a status as people call it; one of a later server stands as it is.
func StatusWord(kind client.SubjectKind, status string, text *i18n.Text) string {
	if key := "crd." + string(kind) + "_" + status; text.Has(key) {
		return text.T(key)
	}
	return status
}

// ShownDay is a day as people write it, 24.11.2026, of the API's 2026-11-24.
func ShownDay(day string) string {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return at.Format("02.01.2006")
}

// TypedDay is a day as the API takes it, of what people write; false when it is none.
func TypedDay(typed string) (string, bool) {
	typed = strings.TrimSpace(typed)
	if typed == "" {
		return "", true
	}
	for _, layout := range []string{"2.1.2006", "2.1.06", time.DateOnly, "2/1/2006"} {
		if at, err := time.Parse(layout, typed); err == nil {
			return at.Format(time.DateOnly), true
		}
	}
	return "", false
}

// moment is when something was done, to the minute: 14:32, вчера, 18:04, 10.11, 18:04. A history is
// asked who did it first, so the day alone would not do.
func moment(at time.Time, text *i18n.Text, now time.Time) string {
	short := text.Short(at, now)
	if clock := text.Clock(at.In(now.Location())); !strings.HasSuffix(short, clock) {
		return short + ", " + clock
	}
	return short
}
