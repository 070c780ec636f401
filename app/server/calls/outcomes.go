package calls

import (
	"errors"
	"log/slog"
	"slices"

	"dozvon/app/bilingual"
	"dozvon/app/server/call"
	"dozvon/app/server/directory"
	"dozvon/app/server/pbx"
	"dozvon/app/server/store"
	"dozvon/app/server/stream"
	"dozvon/client"
)

// outcome joins a result to the command that it is about, and tells who asked.
func (s *Commands) outcome(tx *store.Tx, integration *directory.Integration, o pbx.Outcome) error {
	cmd, err := tx.Command(integration.ID, o.Command)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil // a click-to-call is known by its call, and another program's command by nobody
	case err != nil:
		return err
	}
	cmd.State, cmd.Code, cmd.Said = client.CommandDone, 0, ""
	if o.Cause != 0 || o.Said != "" {
		cmd.State, cmd.Code, cmd.Said = client.CommandRefused, o.Cause, o.Said
		slog.WarnContext(tx.Asked(), "the PBX took a command back", "kind", cmd.Kind, "call", cmd.CallID, "code", o.Cause, "said", o.Said)
	}
	if err := tx.SaveCommand(cmd); err != nil {
		return err
	}
	if err := s.outcomeOver(tx, integration, cmd); err != nil {
		return err
	}
	switch cmd.Kind {
	case store.CommandRoute:
		return s.routeRefused(tx, integration, cmd)
	case store.CommandSMS:
		return s.calls.Texts.smsOutcome(tx, cmd)
	}
	return s.publishCommand(tx, integration, cmd)
}

// publishCommand tells the employee who asked for it what became of a command.
func (s *Commands) publishCommand(tx *store.Tx, integration *directory.Integration, cmd store.Command) error {
	if cmd.EmployeeID == "" {
		return nil
	}
	if cmd.State == client.CommandRefused {
		w := inWords(integration.Provider, cmd.Code, cmd.Said)
		cmd.Text, cmd.TextEN = w.RU, w.EN
	}
	return tx.Journal("command", stream.Employee(cmd.EmployeeID), cmd.Command)
}

// inWords is the sentence of a refusal.
func inWords(p pbx.Provider, code int, said string) bilingual.Text {
	return pbx.SentenceOf(pbx.RefusalOf(p, code, said))
}

// routeRefused corrects what a call tells of its route: the PBX took the command and then did
// not carry it out.
func (s *Commands) routeRefused(tx *store.Tx, integration *directory.Integration, cmd store.Command) error {
	if cmd.State != client.CommandRefused {
		return nil
	}
	rec, err := tx.Call(cmd.CallID)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(rec.Facts.Events, func(e call.Event) bool { return e.Kind == call.KindRouted && e.Command == cmd.ID })
	if at < 0 {
		return nil
	}
	e := rec.Facts.Events[at]
	if r, ok := integration.Provider.(pbx.Router); ok {
		r.Refused(e.To.Extension, cmd.Code)
	}
	e.Cause, e.Said, e.At = max(cmd.Code, 1), cmd.Said, e.At.Add(1) // after what it corrects
	_, err = s.calls.applyEvent(tx, integration, e)
	return err
}
