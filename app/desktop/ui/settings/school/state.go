// Package school draws the parts of the settings that are about the school: what it has chosen for
// everybody, who works in it and may do what, and who did what. What is typed lives in states that
// outlast the widgets; what is kept lives at the server.
package school

import (
	"dozvon/app/desktop/ui/settings/panel"
	"dozvon/client"
)

// ChoicesState is what is being typed of the school's choices.
type ChoicesState struct {
	MissedLimit, Name, City     panel.Draft
	ContractLink, ClientLink    panel.Draft
	SessionIdle, SessionLongest panel.Draft
	SMSMinute, SMSDay, Abroad   panel.Draft
	// Template is the open form of a template; nil: none.
	Template *TemplateDraft
}

// TemplateDraft is a template that is being written.
type TemplateDraft struct {
	At         int // its place in the list; newTemplate: none yet
	Name, Text string
}

// EmployeesState is what is open in the list of employees.
type EmployeesState struct {
	Form *EmployeeDraft // nil: none
	// More is whose sessions are shown; empty: nobody's.
	More string
}

// EmployeeDraft is what is typed for a new employee, for the access of one who has none, or for a
// new password.
type EmployeeDraft struct {
	Person                client.Employee // empty id: a new one
	Name, Login, Password string
	Role                  client.Role
}

// AuditState is the audit's filters, by their place in the lists; 0: everything.
type AuditState struct{ Person, Group, Period int }
