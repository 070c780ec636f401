// Package audit notes who did what to what, from where and when, in the transaction that does it,
// and reads that list for directors. What counts as a deed, and its word, is in access; this room
// writes rows, forgets old ones and names their targets. It judges nothing.
package audit

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

// Log writes and reads the audit. All fields are required.
type Log struct {
	Store *store.Store
	Now   func() time.Time
	NewID func() string
}

// Write notes in the same transaction who does what to what. From where tells ctx; nobody is the
// command line of the server's own machine.
func (l *Log) Write(ctx context.Context, tx *store.Tx, by client.Employee, action, target string, detail map[string]string) error {
	return tx.AddAudit(l.Row(ctx, by, action, target, detail))
}

// Row is what Write writes.
func (l *Log) Row(ctx context.Context, by client.Employee, action, target string, detail map[string]string) store.AuditRow {
	from := access.CallerOf(ctx)
	login := by.Login
	if by.ID == "" {
		login = access.Console
	}
	return store.AuditRow{
		ID: l.NewID(), At: l.Now(), EmployeeID: by.ID, Login: login, Action: action, Target: target, Detail: detail,
		Address: from.Address, SessionID: from.Session,
	}
}

// Exported notes that a list is taken along as a file.
func (l *Log) Exported(ctx context.Context, by client.Employee, what, format string) error {
	return l.Store.Write(ctx, func(tx *store.Tx) error {
		return l.Write(ctx, tx, by, access.ActionExport, what, map[string]string{"format": format})
	})
}

// Asked notes that something was asked for which is then done beside the request.
func (l *Log) Asked(ctx context.Context, by client.Employee, action, target string) error {
	return l.Store.Write(ctx, func(tx *store.Tx) error { return l.Write(ctx, tx, by, action, target, nil) })
}

const (
	// kept is how long the audit is kept: what is asked for by 152-FZ and by courts lies within
	// three years (Civil Code, article 196).
	kept = 3 * 365 * 24 * time.Hour
	// most bounds it in rows: a school of thirty writes some hundred thousand a year.
	most = 2_000_000
	// Refused sign-ins are written by strangers too, so they are kept for less and may not push out
	// what people did.
	refusedKept = 90 * 24 * time.Hour
	refusedMost = 100_000
)

// DropOld forgets what is kept for a time only.
func (l *Log) DropOld(tx *store.Tx) error {
	if err := tx.DropAudit(access.ActionSignInRefused, l.Now().Add(-refusedKept), refusedMost); err != nil {
		return err
	}
	return tx.DropAudit("", l.Now().Add(-kept), most)
}

// Names tells what employees and integrations are called today; empty for those that are no more.
type Names interface {
	EmployeeName(id string) string
	IntegrationName(id string) string
}

// Page reads a page of the audit, with the names that things have today.
func (l *Log) Page(ctx context.Context, known Names, f store.AuditFilter, c store.Cursor, limit int) ([]client.AuditEntry, *store.Cursor, error) {
	rows, next, err := l.Store.Audit(ctx, f, c, limit)
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
		if _, found := names[r.Target]; !found {
			if names[r.Target], err = l.targetName(ctx, known, r.Target); err != nil {
				return nil, nil, err
			}
		}
		e.TargetName = names[r.Target]
		out = append(out, e)
	}
	return out, next, nil
}

// targetName is what people call the target of an audited deed today; empty when it has no name any more.
func (l *Log) targetName(ctx context.Context, known Names, target string) (string, error) {
	kind, id, _ := strings.Cut(target, ":")
	name, err := "", error(nil)
	switch kind {
	case "employee":
		name = known.EmployeeName(id)
	case "integration":
		name = known.IntegrationName(id)
	case string(client.KindClient), string(client.KindContract):
		card, cerr := l.Store.Card(ctx, client.SubjectRef{Kind: client.SubjectKind(kind), ID: id})
		if err = cerr; err == nil {
			name = card.Subject().Name
		}
	case "call":
		rec, cerr := l.Store.Call(ctx, id)
		if err = cerr; err == nil {
			name = phone.Number(rec.View.Phone).Pretty()
		}
	}
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	return name, err
}

// CardTarget is a card as the target of a deed.
func CardTarget(ref client.SubjectRef) string { return string(ref.Kind) + ":" + ref.ID }

// CallTarget is a call as the target of a deed.
func CallTarget(id string) string { return "call:" + id }

// GivenFields names the fields of an input that are there, as they are called on the wire. Their values
// stay out of the audit: some are secrets.
func GivenFields(input any) string {
	v := reflect.ValueOf(input)
	var names []string
	for i := range v.NumField() {
		if f := v.Field(i); f.Kind() == reflect.Pointer && !f.IsNil() {
			name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}
