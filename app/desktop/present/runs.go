package present

import (
	"time"

	"dozvon/app/desktop/i18n"
	"dozvon/client"
)

// RunTitle is what a file, or a go of another CRM, is called.
func RunTitle(r client.CardRun, text *i18n.Text) string {
	switch {
	case r.Source == client.RunSync:
		return text.T("run.sync")
	case r.File == "":
		return text.T("run.file")
	}
	return r.File
}

// RunAbout tells of a run in a line: when, by whom, and what it did.
func RunAbout(r client.CardRun, text *i18n.Text, now time.Time) string {
	about := text.Moment(r.EndedAt, now)
	if r.By != nil && r.By.Name != "" {
		about += " · " + ShortName(r.By.Name)
	}
	return about + " · " + text.T("run.did", "added", Grouped(r.Added), "changed", Grouped(r.Changed))
}

// RunState tells why a run cannot be taken back; empty when it can.
func RunState(r client.CardRun, text *i18n.Text, now time.Time) string {
	switch {
	case r.State == client.RunUndoing:
		return text.T("run.undoing")
	case r.State == client.RunUndone && r.UndoneBy != nil && r.UndoneAt != nil:
		return text.T("run.undone", "who", ShortName(r.UndoneBy.Name), "when", text.Moment(*r.UndoneAt, now))
	case r.State == client.RunUndone:
		return text.T("run.undone_plain")
	case now.After(r.Until):
		return text.T("run.late")
	}
	return ""
}

// RunFigures are what taking a run back would do, or has done; figures of nothing left out.
func RunFigures(r client.RunReceipt, text *i18n.Text) []ImportLine {
	when := "run.will."
	if r.Run.State != client.RunIn {
		when = "run.was."
	}
	var out []ImportLine
	for _, l := range []struct {
		key  string
		n    int
		good bool
	}{{"removed", r.Removed, true}, {"restored", r.Restored, true}, {"kept", r.Kept, false}} {
		if l.n > 0 {
			out = append(out, ImportLine{Words: text.T(when+l.key, "n", Grouped(l.n)), Good: l.good, Bad: !l.good})
		}
	}
	return out
}

// RunPartly tells whether a run was taken back but for some cards, and may yet be asked for those.
func RunPartly(r client.CardRun, now time.Time) bool {
	return r.State == client.RunUndone && r.Kept > 0 && !now.After(r.Until)
}

// RunLater tells which run is to be taken back first, so that the cards of an earlier one can go back.
func RunLater(later []client.CardRun, text *i18n.Text) string {
	key := "run.later_file"
	if later[0].Source == client.RunSync {
		key = "run.later_sync"
	}
	return text.T(key, "file", RunTitle(later[0], text))
}

// RunKept are the cards that stay as they are, a line each: whose, why, and who did it when.
func RunKept(r client.RunReceipt, text *i18n.Text, now time.Time) []string {
	var out []string
	for _, k := range r.Stays {
		line := k.Name + ": " + text.Either(k.RU, k.EN)
		if k.By != nil && k.At != nil && k.Why != "contract" {
			line += " (" + ShortName(k.By.Name) + ", " + text.Moment(*k.At, now) + ")"
		}
		out = append(out, line)
	}
	if more := r.Kept - len(r.Stays); more > 0 {
		out = append(out, text.T("run.more", "n", Grouped(more)))
	}
	return out
}
