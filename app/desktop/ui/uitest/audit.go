package uitest

import (
	"testing"
	"time"

	"dozvon/client"
)

// DirectorsDesk is the list of employees as a director sees it.
func DirectorsDesk(t *testing.T) *Desk {
	t.Helper()
	d := NewDesk(t, Schetova)
	d.View.Shown()
	d.Press("Сотрудники и роли")
	return d
}

// Audited are entries as the server tells them, the last of an action that this version does not know.
func Audited() []client.AuditEntry {
	return []client.AuditEntry{
		{ID: "a1", At: Ago(2 * time.Minute), Employee: Person(Kireeva), Action: "listen", Target: "call:c2", TargetName: "+7 964 555-01-90", Detail: map[string]string{"filename": "2026-11-24 Шангутов.mp3"}, Address: "192.0.2.7"},
		{ID: "a2", At: Ago(3 * time.Hour), Login: "admin", Action: "sign_in_refused", Detail: map[string]string{"tries": "40", "reason": "wrong_password"}, Address: "2001:db8:85a3::8a2e:370:7334"},
		{ID: "a3", At: Ago(20 * time.Hour), Employee: Person(Schetova), Action: "role", Target: "employee:e2", TargetName: Borisov.Name, Detail: map[string]string{"from": "operator", "to": "manager"}, Address: "192.0.2.9"},
		{ID: "a4", At: Ago(30 * time.Hour), Login: "console", Action: "account_create", Target: "employee:e4", TargetName: Orlov.Name},
		{ID: "a5", At: Ago(40 * time.Hour), Employee: Person(Orlov), Action: "moon_walk", Target: "moon", Detail: map[string]string{"steps": "3"}},
	}
}
