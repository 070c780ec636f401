package model

import (
	"testing"

	"dozvon/client"
)

func TestMayEditNote_itsAuthorAndManagers(t *testing.T) {
	t.Parallel()
	anna := client.Employee{ID: "e1", Role: client.RoleOperator}
	note := client.FeedEntry{Type: client.EntryNote, Employee: &client.Person{ID: "e1"}}
	others := note
	others.Employee = &client.Person{ID: "e2"}
	nobodys := client.FeedEntry{Type: client.EntryNote}
	for _, tt := range []struct {
		name  string
		me    client.Employee
		entry client.FeedEntry
		want  bool
	}{
		{"one's own", anna, note, true},
		{"a colleague's", anna, others, false},
		{"a colleague's, for a manager", client.Employee{ID: "e9", Role: client.RoleManager}, others, true},
		{"nobody's", anna, nobodys, false},
		{"a call is no note", anna, client.FeedEntry{Type: client.EntryCallIn, Employee: &client.Person{ID: "e1"}}, false},
	} {
		if got := MayEditNote(tt.me, tt.entry); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}
