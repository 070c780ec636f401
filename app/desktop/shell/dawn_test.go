package shell

import (
	"testing"

	"dozvon/app/desktop/session"
	"dozvon/client"
)

func TestDawning_waitsUntilSomebodyIsAtTheWindow(t *testing.T) {
	t.Parallel()
	a := &App{page: "feed", visible: true, state: session.State{Connection: session.Live}}
	if (dawning{a}).Idle("feed") {
		t.Error("without a signed-in person's pages it would be shown")
	}
}

func TestDawning_tellsPeopleOfTwoServersApart(t *testing.T) {
	t.Parallel()
	whose := func(server, id string) string {
		return dawning{&App{state: session.State{Server: server, Me: client.Employee{ID: id}}}}.Whose()
	}
	if whose("https://a.example", "e1") == whose("https://b.example", "e1") || whose("https://a.example", "e1") == whose("https://a.example", "e2") {
		t.Error("one person's morning is taken for another's")
	}
}
