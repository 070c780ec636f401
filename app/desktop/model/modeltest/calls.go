// Package modeltest makes calls as the stream tells them, for the tests of the model and of its words. It
// is for tests only.
package modeltest

import (
	"time"

	"dozvon/client"
)

// Me is whose program it is, Other a colleague.
const (
	Me    = "e1"
	Other = "e2"
)

// Noon is when the calls begin.
var Noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// Change makes of a call what a test is about.
type Change func(*client.Call)

// Call is an inbound call of one number.
func Call(changes ...Change) client.Call {
	c := client.Call{ID: "c1", Direction: client.In, State: client.StateRinging, Phone: "+79145550148", StartedAt: Noon}
	for _, apply := range changes {
		apply(&c)
	}
	return c
}

// Rings lets it ring these employees.
func Rings(who ...string) Change {
	return func(c *client.Call) { c.State, c.Ringing = client.StateRinging, who }
}

// Talks lets an employee talk.
func Talks(who string) Change {
	return func(c *client.Call) {
		at := Noon.Add(5 * time.Second)
		c.State, c.Ringing, c.AnsweredAt = client.StateTalking, nil, &at
		c.Employee = &client.Person{ID: who, Name: "Борисов Борис Петрович"}
	}
}

// Holds lets the client wait on hold.
func Holds(who string) Change {
	return func(c *client.Call) { Talks(who)(c); c.State = client.StateHeld }
}

// Ends ends it.
func Ends(result client.Result) Change {
	return func(c *client.Call) {
		at := Noon.Add(24 * time.Second)
		c.State, c.Ringing, c.EndedAt, c.Result = client.StateEnded, nil, &at, result
	}
}

// Out is a click-to-call of mine.
func Out(step int) Change {
	return func(c *client.Call) {
		c.Direction, c.Step, c.Employee = client.Out, step, &client.Person{ID: Me}
	}
}

// Remind is a reminder of one's own, due after a while.
func Remind(id string, after time.Duration) client.Task {
	due := Noon.Add(after)
	return client.Task{
		ID: id, Kind: client.TaskReminder, State: client.TaskOpen, Phone: "+79145550148", At: Noon, DueAt: &due,
		By: &client.Person{ID: Me}, Assignee: &client.Person{ID: Me},
	}
}

// Asked is a colleague's request.
func Asked(id string) client.Task {
	return client.Task{
		ID: id, Kind: client.TaskCallback, State: client.TaskOpen, Phone: "+79145550148", At: Noon, Note: "Спросить о сроках",
		By: &client.Person{ID: Other, Name: "Борисов Борис Петрович"}, Assignee: &client.Person{ID: Me},
	}
}
