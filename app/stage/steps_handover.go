//go:build linux

package stage

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"

	practice "dozvon/app/practice/mango"
	"dozvon/app/server/demo"
	"dozvon/client"
)

// accountant is who may change the telephony.
const accountant = "schetova"

// forwardedToResponsible is the calling of a known client whom the menu would send to 102: the
// contract's employee is at 101, and the name stands on that telephone before it is answered.
func forwardedToResponsible(ctx context.Context, t *Tour) error {
	if err := t.noCards(ctx); err != nil {
		return err
	}
	if err := t.Phone(ctx, "101", "--answer", "3s"); err != nil {
		return err
	}
	if err := t.forward(ctx, true); err != nil {
		return err
	}
	if err := t.Call(ctx, demo.KnownNumber, "answered", "--to", "102", "--talk", "1s"); err != nil {
		return err
	}
	err := t.UntilStatus(ctx, "the card on the responsible employee's desktop", func(s Status) bool {
		return len(s.Cards) == 1 && s.Cards[0].State == "ringing"
	})
	if err != nil {
		return err
	}
	if err := t.telephoneShows(ctx, "101", "Шангутов Александр Александрович"); err != nil {
		return err
	}
	c, err := t.pbxCall(ctx)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(c.Legs, func(l practice.LegView) bool { return l.Extension == "102" }) {
		return fmt.Errorf("102 rang too: %+v", c)
	}
	if err := t.shot(ctx, "11-forwarded"); err != nil {
		return err
	}
	if err := t.noCards(ctx); err != nil {
		return err
	}
	return t.forward(ctx, false) // the steps that follow choose who rings themselves
}

// telephoneShows waits until a telephone of the newest call has a name on its display. A name of
// up to mango.MaxHeader bytes is shown whole.
func (c *School) telephoneShows(ctx context.Context, extension, name string) error {
	var last practice.CallView
	err := Until(ctx, "the name on the display of "+extension, func() bool {
		now, err := c.pbxCall(ctx)
		if err == nil {
			last = now
		}
		return slices.ContainsFunc(last.Legs, func(l practice.LegView) bool {
			return l.Extension == extension && l.ShownName == name && l.State != "Disconnected"
		})
	})
	if err != nil {
		return fmt.Errorf("%w: the PBX has %+v", err, last)
	}
	return nil
}

// forward switches the forwarding of the school's first PBX.
func (c *School) forward(ctx context.Context, on bool) error {
	in, err := client.New(c.ServerURL, "").SignIn(ctx, client.SignIn{Login: accountant, Password: demoPassword, Device: "tour"})
	if err != nil {
		return err
	}
	api := client.New(c.ServerURL, in.Token)
	all, err := api.Integrations(ctx)
	if err != nil {
		return err
	}
	first := slices.IndexFunc(all, func(i client.Integration) bool { return i.Kind == "mango" })
	if first < 0 {
		return fmt.Errorf("none of the school's %d integrations is the first PBX's", len(all))
	}
	_, err = api.UpdateIntegration(ctx, all[first].ID, client.IntegrationInput{Forwarding: &on})
	return err
}

// pbxCall is the newest call as the practice PBX has it.
func (c *School) pbxCall(ctx context.Context) (practice.CallView, error) {
	var calls []practice.CallView
	if err := c.pbxAsk(ctx, http.MethodGet, "/control/calls", &calls); err != nil || len(calls) == 0 {
		return practice.CallView{}, err
	}
	return calls[len(calls)-1], nil
}

func (c *School) pbxAsk(ctx context.Context, method, path string, into any) error {
	req, err := http.NewRequestWithContext(ctx, method, c.PBXURL+path, nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode >= 300 {
		return fmt.Errorf("%s %s: %s", method, path, resp.Status)
	}
	if into == nil {
		return nil
	}
	return json.NewDecoder(resp.Body).Decode(into)
}

// press waits for a button of the lowest card that has it, and clicks it with the mouse.
func (t *Tour) press(ctx context.Context, name string) error { return t.pressOn(ctx, "", name) }

// pressOn is press on a card of a state.
func (t *Tour) pressOn(ctx context.Context, state, name string) error {
	var at Button
	err := t.UntilStatus(ctx, "the button "+name+" on the card", func(s Status) bool {
		for _, card := range s.Cards {
			for _, b := range card.Buttons {
				if b.Name == name && (state == "" || card.State == state) {
					at = b
					return true
				}
			}
		}
		return false
	})
	if err != nil {
		return err
	}
	return t.Click(ctx, at.X, at.Y)
}

// untilCard waits until the only card is in a state.
func (t *Tour) untilCard(ctx context.Context, state string) error {
	return t.UntilStatus(ctx, "the card to be "+state, func(s Status) bool {
		return len(s.Cards) == 1 && s.Cards[0].State == state
	})
}

// heldAndHandedOver is done with the mouse on the call card alone: hold, then a colleague is asked
// and takes the client over. The client is taken back from hold on the telephone, as with Mango.
func heldAndHandedOver(ctx context.Context, t *Tour) error {
	if err := t.noCards(ctx); err != nil {
		return err
	}
	for extension, after := range map[string]string{"101": "500ms", "102": "3s"} {
		if err := t.Phone(ctx, extension, "--answer", after); err != nil {
			return err
		}
	}
	if err := t.Call(ctx, demo.KnownNumber, "answered", "--to", "101", "--talk", "60s"); err != nil {
		return err
	}
	if err := t.untilCard(ctx, "talking"); err != nil {
		return err
	}
	s, err := t.Status(ctx)
	if err != nil {
		return err
	}
	call := s.Cards[0].CallID
	defer t.api.Hangup(context.WithoutCancel(ctx), call) // an error means that it has ended
	if err := t.hold(ctx); err != nil {
		return err
	}
	return t.askAndConnect(ctx, call)
}

func (t *Tour) hold(ctx context.Context) error {
	for _, name := range []string{"more", "hold"} {
		if err := t.press(ctx, name); err != nil {
			return err
		}
	}
	if err := t.untilCard(ctx, "held"); err != nil {
		return err
	}
	if err := t.shot(ctx, "12-held"); err != nil {
		return err
	}
	c, err := t.pbxCall(ctx)
	if err != nil {
		return err
	}
	if err := t.pbxAsk(ctx, http.MethodPost, "/control/calls/"+c.EntryID+"/resume", nil); err != nil {
		return err
	}
	return t.untilCard(ctx, "talking")
}

func (t *Tour) askAndConnect(ctx context.Context, call string) error {
	for _, name := range []string{"transfer", "card.ask_first"} {
		if err := t.press(ctx, name); err != nil {
			return err
		}
	}
	if err := t.shot(ctx, "13-ask-first"); err != nil {
		return err
	}
	if err := t.press(ctx, "102"); err != nil {
		return err
	}
	for _, stage := range []struct {
		state client.CallState
		shot  string
	}{{client.StateRinging, "14-colleague-rings"}, {client.StateTalking, "15-colleague-asked"}} {
		err := Until(ctx, "the colleague to be "+string(stage.state), func() bool {
			c, err := t.api.Call(ctx, call)
			return err == nil && c.Consulting != nil && c.Consulting.State == stage.state && c.Consulting.Extension == "102"
		})
		if err != nil {
			return err
		}
		if err := t.shot(ctx, stage.shot); err != nil {
			return err
		}
	}
	if err := t.press(ctx, "connect"); err != nil {
		return err
	}
	var last client.Call
	err := Until(ctx, "the colleague to have the call", func() bool {
		now, err := t.api.Call(ctx, call)
		if err == nil {
			last = now
		}
		return last.State == client.StateTalking && last.Consulting == nil && last.Employee != nil && last.Employee.ID != t.me.ID
	})
	if err != nil {
		return fmt.Errorf("%w: it was %+v", err, last)
	}
	if err := t.untilCard(ctx, "ended"); err != nil { // it stays a while: a note is often written now
		return err
	}
	return t.shot(ctx, "16-connected")
}

// bothRecordingsHeard is a call that 101 hands over, with a recording of each employee.
func bothRecordingsHeard(ctx context.Context, t *Tour) error {
	if err := t.noCards(ctx); err != nil {
		return err
	}
	if err := t.Phone(ctx, "101", "--answer", "500ms"); err != nil {
		return err
	}
	if err := t.Call(ctx, demo.KnownNumber, "two-recordings", "--talk", "3s"); err != nil {
		return err
	}
	if err := t.untilCard(ctx, "talking"); err != nil {
		return err
	}
	s, err := t.Status(ctx)
	if err != nil {
		return err
	}
	call := s.Cards[0].CallID
	var last client.Call
	err = Until(ctx, "both recordings to be ready", func() bool {
		now, err := t.api.Call(ctx, call)
		if err == nil {
			last = now
		}
		return len(last.Recordings) == 2 && last.Recordings[0].Ready && last.Recordings[1].Ready
	})
	if err != nil {
		return fmt.Errorf("%w: the call has %+v", err, last.Recordings)
	}
	if last.Recordings[0].Extension != "101" || last.Recordings[1].Extension != "103" {
		return fmt.Errorf("the recordings are of %+v", last.Recordings)
	}
	err = t.UntilStatus(ctx, "the second recording to play", func(s Status) bool {
		if s.Player.Part != 2 {
			_ = t.Do(ctx, "play", call, "2") // the feed may not have both yet; then the next time
			return false
		}
		return s.Player.State == "playing" && s.Player.Position > 0.3
	})
	if err != nil {
		return err
	}
	return t.shot(ctx, "17-two-recordings")
}

// accountantChecks signs the accountant in, and runs the check and the connectivity test of the settings.
func accountantChecks(ctx context.Context, t *Tour) error {
	if err := t.Phone(ctx, "104", "--answer", "20s"); err != nil { // the test hangs up before
		return err
	}
	if err := t.SignIn(ctx, accountant); err != nil {
		return err
	}
	if err := t.untilConnection(ctx, "live"); err != nil {
		return err
	}
	if err := t.Do(ctx, "page", "settings"); err != nil {
		return err
	}
	if err := Until(ctx, "the integration in the settings", func() bool { return t.Do(ctx, "check", "run") == nil }); err != nil {
		return err
	}
	err := t.UntilStatus(ctx, "the check's rows, and none that failed", func(s Status) bool {
		return len(s.Settings.Checks) > 3 && !slices.ContainsFunc(s.Settings.Checks, failed)
	})
	if err != nil {
		return err
	}
	if err := t.shot(ctx, "24-settings"); err != nil {
		return err
	}
	for _, act := range []string{"bell", "show"} {
		if err := t.Do(ctx, "check", act); err != nil {
			return err
		}
	}
	err = t.UntilStatus(ctx, "every hop of the connectivity test to be green, our screen last", func(s Status) bool {
		stages := s.Settings.Stages
		return len(stages) == 5 && stages[4].ID == "screen" && !slices.ContainsFunc(stages, notGreen)
	})
	if err != nil {
		return err
	}
	if err := t.Do(ctx, "check", "show"); err != nil {
		return err
	}
	return t.shot(ctx, "25-settings-checked")
}

func failed(c client.Check) bool   { return c.State == client.CheckFailed }
func notGreen(c client.Check) bool { return c.State != client.CheckOK }
