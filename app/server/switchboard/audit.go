package switchboard

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"time"

	"dozvon/app/phone"
	"dozvon/app/server/access"
	"dozvon/app/server/store"
	"dozvon/client"
)

// audit notes in the same transaction who does what to what. From where tells ctx; nobody is the
// command line of the server's own machine.
func (s *Switchboard) audit(ctx context.Context, tx *store.Tx, by client.Employee, action, target string, detail map[string]string) error {
	return tx.AddAudit(s.auditRow(ctx, by, action, target, detail))
}

func (s *Switchboard) auditRow(ctx context.Context, by client.Employee, action, target string, detail map[string]string) store.AuditRow {
	from := access.CallerOf(ctx)
	login := by.Login
	if by.ID == "" {
		login = access.Console
	}
	return store.AuditRow{
		ID: s.NewID(), At: s.Now(), EmployeeID: by.ID, Login: login, Action: action, Target: target, Detail: detail,
		Address: from.Address, SessionID: from.Session,
	}
}

const (
	// auditKept is how long the audit is kept: what is asked for by 152-FZ and by courts lies within
	// three years (Civil Code, article 196).
	auditKept = 3 * 365 * 24 * time.Hour
	// auditMost bounds it in rows: a school of thirty writes some hundred thousand a year.
	auditMost = 2_000_000
	// Refused sign-ins are written by strangers too, so they are kept for less and may not push out
	// what people did.
	refusedKept = 90 * 24 * time.Hour
	refusedMost = 100_000
)

// dropAudit forgets what is kept for a time only.
func (s *Switchboard) dropAudit(tx *store.Tx) error {
	if err := tx.DropAudit(access.ActionSignInRefused, s.Now().Add(-refusedKept), refusedMost); err != nil {
		return err
	}
	return tx.DropAudit("", s.Now().Add(-auditKept), auditMost)
}

// Exported notes that a list is taken along as a file.
func (s *Switchboard) Exported(ctx context.Context, by client.Employee, what, format string) error {
	return s.Store.Write(ctx, func(tx *store.Tx) error {
		return s.audit(ctx, tx, by, access.ActionExport, what, map[string]string{"format": format})
	})
}

// Audit reads a page of the audit, with the names that things have today.
func (s *Switchboard) Audit(ctx context.Context, f store.AuditFilter, c store.Cursor, limit int) ([]client.AuditEntry, *store.Cursor, error) {
	rows, next, err := s.Store.Audit(ctx, f, c, limit)
	if err != nil {
		return nil, nil, err
	}
	names := map[string]string{}
	out := make([]client.AuditEntry, 0, len(rows))
	for _, r := range rows {
		e := client.AuditEntry{
			ID: r.ID, At: r.At, Login: r.Login, Action: r.Action, Target: r.Target, Detail: r.Detail, Address: r.Address, SessionID: r.SessionID,
		}
		if r.EmployeeName != "" {
			e.Employee = &client.Person{ID: r.EmployeeID, Name: r.EmployeeName}
		}
		if _, known := names[r.Target]; !known {
			if names[r.Target], err = s.targetName(ctx, r.Target); err != nil {
				return nil, nil, err
			}
		}
		e.TargetName = names[r.Target]
		out = append(out, e)
	}
	return out, next, nil
}

// targetName is what people call the target of an audited deed today; empty when it has no name any more.
func (s *Switchboard) targetName(ctx context.Context, target string) (string, error) {
	kind, id, _ := strings.Cut(target, ":")
	name, err := "", error(nil)
	switch kind {
	case "employee":
		name = s.nameOf(id)
	case "integration":
		if t := s.office.Load().byID[id]; t != nil {
			name = t.Name
		}
	case string(client.KindClient), string(client.KindContract):
		card, cerr := s.Store.Card(ctx, client.SubjectRef{Kind: client.SubjectKind(kind), ID: id})
		if err = cerr; err == nil {
			name = card.Subject().Name
		}
	case "call":
		rec, cerr := s.Store.Call(ctx, id)
		if err = cerr; err == nil {
			name = phone.Number(rec.View.Phone).Pretty()
		}
	}
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	return name, err
}

// targetOf is a card as the target of an audited deed.
func targetOf(ref client.SubjectRef) string { return string(ref.Kind) + ":" + ref.ID }

// given names the fields of an input that are there, as they are called on the wire. Their values
// stay out of the audit: some are secrets.
func given(input any) []string {
	v := reflect.ValueOf(input)
	var names []string
	for i := range v.NumField() {
		if f := v.Field(i); f.Kind() == reflect.Pointer && !f.IsNil() {
			name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
			names = append(names, name)
		}
	}
	return names
}
