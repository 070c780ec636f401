package screens

import (
	"testing"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui/uitest"
	"dozvon/client"
)

// drawCourse draws the course of calls and the faces of the player.
func drawCourse(t *testing.T, l look) {
	many, running, whole := uitest.Course(), uitest.Course(), uitest.Course()
	many.Call.Subject = &client.Subject{Kind: client.KindClient, ID: "c9", Name: uitest.LongClient().Name}
	for n := range 8 {
		lane := many.Lanes[1]
		lane.Employee, lane.Extension = uitest.Person(uitest.Orlov), "20"+string(rune('1'+n))
		lane.Reason = &client.Reason{Code: 1121, Text: "абонент занят другим разговором", TextEN: "the subscriber is busy with another talk"}
		many.Lanes = append(many.Lanes, lane)
	}
	running.Call.State, running.Call.EndedAt, running.Call.Result, running.Checked = client.StateTalking, nil, "", ""
	running.Lanes[3].Spans[1].ToMS = nil
	whole.Whole, whole.Lanes, whole.Moves = true, whole.Lanes[2:3], nil
	whole.Events = whole.Events[9:]
	for name, course := range map[string]any{
		"many": many, "running": running, "whole": whole,
		"broken": &client.Problem{Status: 403, Code: "participants_only", Detail: "Звонок открывают те, кто в нём участвовал, и руководители."},
	} {
		for _, size := range []fyne.Size{fyne.NewSize(1180, 760), fyne.NewSize(900, 600)} {
			w := courseOver(t, l, size, course)
			suffix := "-narrow"
			if size.Width > 1000 {
				suffix = ""
			}
			uitest.Snap(t, "course-"+name+suffix+l.suffix(), w)
		}
	}
}
