//go:build linux

package stage

import (
	"context"
	"fmt"
	"strings"
	"time"

	"dozvon/app/server/demo"
	"dozvon/client"
)

// Step is one thing that a user does or sees, proved by a condition and kept as a picture.
type Step struct {
	Name string
	Run  func(ctx context.Context, t *Tour) error
}

// Tour is a working day in two minutes, on a real desktop with the real programs.
type Tour struct {
	*School
	editor *Editor
	api    *client.API
	me     client.Employee
	call   string // the call that a step left for the next
	Shots  []string
}

// stepLimit bounds one step.
const stepLimit = 3 * time.Minute

// OpenTour opens the stage with the demo school, signs the operator in and starts the app.
func OpenTour(ctx context.Context, s *Stage) (*Tour, error) {
	school, err := s.OpenSchool(ctx)
	if err != nil {
		return nil, err
	}
	t := &Tour{School: school}
	if err := t.signIn(ctx); err != nil {
		return nil, err
	}
	if t.editor, err = s.OpenEditor(ctx); err != nil {
		return nil, err
	}
	if err := t.SignIn(ctx, demo.Login); err != nil {
		return nil, err
	}
	return t, t.StartApp(ctx)
}

func (t *Tour) signIn(ctx context.Context) error {
	in, err := client.New(t.ServerURL, "").SignIn(ctx, client.SignIn{Login: demo.Login, Password: demoPassword, Device: "tour"})
	if err != nil {
		return err
	}
	t.api, t.me = client.New(t.ServerURL, in.Token), in.Employee
	return nil
}

// Run plays one step within its limit.
func (t *Tour) Run(ctx context.Context, s Step) error {
	limited, cancel := context.WithTimeout(ctx, stepLimit)
	defer cancel()
	err := s.Run(limited, t)
	if err != nil {
		t.shot(ctx, "failed-"+strings.ReplaceAll(s.Name, " ", "-"))
		return fmt.Errorf("%s: %w", s.Name, err)
	}
	return nil
}

func (t *Tour) shot(ctx context.Context, name string) error {
	path, err := t.Shot(ctx, name)
	if err == nil {
		t.Shots = append(t.Shots, path)
	}
	return err
}

// Steps are played in this order; each leaves what the next begins with.
var Steps = []Step{
	{"a known caller rings and the card shows", knownRings},
	{"a click opens the contract", clickOpens},
	{"the call is answered, ends and stands in the feed", answeredEnds},
	{"the recording is heard", recordingHeard},
	{"a number in a note goes on the card, by the keyboard", numberHeard},
	{"an unknown caller becomes a lead and the calls bind", unknownBecomesLead},
	{"several owners of a number are offered", severalOwners},
	{"a click-to-call goes through both legs", clickToCall},
	{"a known caller rings the responsible employee, with the name shown", forwardedToResponsible},
	{"a client is held, and handed over after a question", heldAndHandedOver},
	{"both recordings of a transferred call are heard", bothRecordingsHeard},
	{"a call of the second PBX stands beside those of the first", secondPBX},
	{"a missed call stays and counts", missedStays},
	{"the server dies and comes back", serverComesBack},
	{"a missed caller is taken, given back and called", missedIsTaken},
	{"an outcome becomes a reminder, which fires", outcomeReminds},
	{"every page in both themes and languages", everyPage},
	{"the accountant checks the telephony", accountantChecks},
	{"the accountant imports a table, and earlier calls bind", importBinds},
}
