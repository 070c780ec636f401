package itoolabs

import (
	"context"
	"encoding/json"
	"io"
	"net/http"

	"dozvon/app/itoolabs"
	"dozvon/app/practice"
)

// inbound is a client's call to one of our lines.
type inbound struct{ *call }

func (c inbound) play() {
	main := c.newPart(c.id, nil)
	answer := c.asked()
	if c.script.menu && (!c.wait(c.timing.IVR) || c.script.abandoned) {
		return // nobody rang: only history tells of it
	}
	winner, ok := c.responsible(answer.Responsible)
	if ok && winner == nil {
		winner, ok = c.destination(main)
	}
	if !ok || winner == nil {
		return
	}
	main.of(winner)
	talk(c).begin(main, winner)
}

// asked asks the server who calls, and shows the name (section 3.3). The call waits; without an answer in
// time it goes on as if nobody knew.
func (c inbound) asked() (answer itoolabs.ContactAnswer) {
	if c.pbx.config.NoContact || c.pbx.config.Target == "" {
		return answer
	}
	answer = c.pbx.ask(itoolabs.Contact{CallID: c.id, Phone: c.pbx.config.spelled(c.client), Diversion: c.line})
	c.pbx.mu.Lock()
	defer c.pbx.mu.Unlock()
	c.shown = answer.Name
	return answer
}

// maxContact bounds an answer, in bytes.
const maxContact = 64 << 10

// ask posts a question and waits for its answer as long as the PBX is patient.
func (p *PBX) ask(contact itoolabs.Contact) (answer itoolabs.ContactAnswer) {
	ctx, cancel := context.WithTimeout(p.life.Context(), p.config.ContactWait)
	defer cancel()
	request, err := p.request(ctx, contact.Fields())
	if err != nil {
		return answer
	}
	response, err := p.asking.Do(request)
	if err != nil {
		p.config.Log.Warn("nobody said who calls", "err", err)
		return answer
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(response.Body, maxContact))
	if err != nil || response.StatusCode != http.StatusOK || json.Unmarshal(raw, &answer) != nil {
		p.config.Log.Warn("the answer who calls makes no sense", "status", response.StatusCode, "err", err)
		return itoolabs.ContactAnswer{}
	}
	return answer
}

// responsible rings whom the server's answer names: an employee's login, never a group's. Whoever is not
// there, or does not answer, leaves the call to its own way.
func (c inbound) responsible(login string) (winner *leg, ok bool) {
	e, here := c.pbx.directory.user(login)
	if login == "" || !here || c.pbx.config.NoResponsible || Login(e.Extension) != itoolabs.Login(login) {
		return nil, true
	}
	return c.ring([]ringing{c.employee(e.Extension, "", c.script.rule)})
}

// destination rings whom the line leads to.
func (c inbound) destination(main *part) (winner *leg, ok bool) {
	if c.to.Group == "" {
		return c.ring([]ringing{c.employee(c.to.Extensions[0], "", c.script.rule)})
	}
	main.user = groupLogin + "@" + tenant
	members := c.pbx.members()
	if !c.script.inTurn {
		var phones []ringing
		for _, extension := range members {
			phones = append(phones, c.employee(extension, groupName, c.ruleOf(extension)))
		}
		winner, ok = c.ring(phones)
		main.result = itoolabs.ResultCancel
		return winner, ok
	}
	for _, extension := range members {
		if winner, ok = c.ring([]ringing{c.employee(extension, groupName, c.ruleOf(extension))}); winner != nil || !ok {
			return winner, ok
		}
	}
	return nil, true
}

// employee starts to ring one.
func (c inbound) employee(extension, group string, otherwise practice.Rule) ringing {
	l := c.newLeg(leg{
		callID: c.id, extension: extension, other: c.pbx.config.spelled(c.client), direction: itoolabs.DirectionIn, group: group,
	})
	return c.phone(l, extension, false, otherwise)
}

// ruleOf is what a member's telephone does that has no rule of its own: the winner answers.
func (c inbound) ruleOf(extension string) practice.Rule {
	if c.script.winner != "" && extension != c.script.winner {
		return noAnswer
	}
	return c.script.rule
}
