package ui

import (
	"errors"
	"time"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/present"
	"dozvon/client"
)

// ChangedMeanwhile tells whether a change was refused because somebody else has changed the record
// since it was read.
func ChangedMeanwhile(err error) bool {
	var problem *client.Problem
	return errors.As(err, &problem) && problem.Code == "conflict"
}

// ExplainConflict says who has changed a record meanwhile and when; what was typed is still there.
func ExplainConflict(err error, text *i18n.Text, now time.Time) string {
	var problem *client.Problem
	if !errors.As(err, &problem) {
		return Explain(err, text)
	}
	who := text.T("conflict.program")
	if problem.ChangedBy != nil {
		who = present.ShortName(problem.ChangedBy.Name)
	}
	if problem.ChangedAt != nil {
		who += ", " + text.Moment(*problem.ChangedAt, now)
	}
	return text.T("conflict.told", "who", who)
}
