package beeline

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"dozvon/app/beeline"
	"dozvon/app/server/outbound"
	"dozvon/app/server/pbx"
)

// clockLimit is how far clocks may differ before calls land in the wrong minute of the feed.
const clockLimit = 30 * time.Second

// mostSwitches is how many employees' recording switches one check asks for; at two requests a second
// more would keep whoever pressed the button waiting.
const mostSwitches = 20

// Check asks the PBX for everything that it answers at once, and looks at what has come of itself.
func (p *Provider) Check(ctx context.Context, f pbx.CheckFacts) []pbx.Finding {
	d, err := p.refresh(ctx, false)
	out := []pbx.Finding{p.checkAPI(err), checkToken(err), checkEvents(f), p.checkClock()}
	if err != nil {
		return out
	}
	return append(out, checkExtensions(d, f.Owners), checkLines(d), p.checkRecordings(ctx, d, f), p.checkRules(ctx, f))
}

func finding(id string, name text, state pbx.FindingState, words text) pbx.Finding {
	return pbx.Finding{ID: id, Name: name, State: state, Words: words}
}

func (p *Provider) checkAPI(err error) pbx.Finding {
	switch {
	case errors.Is(err, outbound.ErrForbidden):
		return finding("api", nameAPI, pbx.FindingFailed, textForbiddenAddress(p.api.url))
	case errors.Is(err, pbx.ErrUnclear):
		return finding("api", nameAPI, pbx.FindingFailed, textNotThePBX(p.api.url))
	case errors.Is(err, pbx.ErrUnreachable):
		return finding("api", nameAPI, pbx.FindingFailed, textNoAnswer(p.api.url))
	}
	return finding("api", nameAPI, pbx.FindingOK, textAnswers)
}

func checkToken(err error) pbx.Finding {
	var refused *pbx.Refused
	var blocked *pbx.Blocked
	switch {
	case err == nil:
		return finding("keys", nameToken, pbx.FindingOK, textTokenTaken)
	case errors.As(err, &blocked):
		return finding("keys", nameToken, pbx.FindingUnknown, blocked.Words)
	case errors.As(err, &refused):
		return finding("keys", nameToken, pbx.FindingFailed, refused.Sentence())
	}
	return finding("keys", nameToken, pbx.FindingUnknown, textNotTried)
}

func checkEvents(f pbx.CheckFacts) pbx.Finding {
	if f.LastEvent.IsZero() {
		return finding("webhook", nameEvents, pbx.FindingWarning, text{
			RU: fmt.Sprintf(textNoEvents.RU, withoutWord(f.HookURL)), EN: fmt.Sprintf(textNoEvents.EN, withoutWord(f.HookURL)),
		})
	}
	if f.Delay > clockLimit {
		return finding("webhook", nameEvents, pbx.FindingWarning, textDelayed(f.Delay))
	}
	return finding("webhook", nameEvents, pbx.FindingOK, textLastEvent(f.Now.Sub(f.LastEvent), f.Delay))
}

// withoutWord cuts the secret word from our own address: nobody pastes it anywhere.
func withoutWord(url string) string {
	if at := strings.LastIndexByte(url, '/'); at > len("https://") {
		return url[:at]
	}
	return url
}

func (p *Provider) checkClock() pbx.Finding {
	ahead, known := p.api.skew.Read()
	if !known {
		return finding("clock", nameClock, pbx.FindingUnknown, textNoClock)
	}
	diff := ahead.Abs().Round(time.Second)
	if diff < clockLimit {
		return finding("clock", nameClock, pbx.FindingOK, textClock(diff, false))
	}
	return finding("clock", nameClock, pbx.FindingWarning, textClock(diff, true))
}

func checkExtensions(d directory, owners map[string]string) pbx.Finding {
	there := map[string]bool{}
	var nobody, missing []string
	for _, who := range d.People {
		there[who.Extension] = true
		if owners[who.Extension] == "" {
			nobody = append(nobody, who.Extension)
		}
	}
	for ext, name := range owners {
		if !there[ext] {
			missing = append(missing, ext+" ("+name+")")
		}
	}
	slices.Sort(nobody)
	slices.Sort(missing)
	switch {
	case len(owners) == 0:
		return finding("extensions", nameExtensions, pbx.FindingFailed, textNobody)
	case len(missing) > 0:
		return finding("extensions", nameExtensions, pbx.FindingWarning, textMissing(strings.Join(missing, ", ")))
	case len(nobody) > 0:
		return finding("extensions", nameExtensions, pbx.FindingWarning, textUnowned(strings.Join(nobody, ", ")))
	}
	return finding("extensions", nameExtensions, pbx.FindingOK, textAllThere(len(owners)))
}

func checkLines(d directory) pbx.Finding {
	if len(d.Lines) == 0 {
		return finding("lines", nameLines, pbx.FindingFailed, textNoneOfLines)
	}
	var names []string
	for _, n := range slices.Sorted(maps.Values(d.Lines)) {
		names = append(names, n.Pretty())
	}
	list := strings.Join(names, "; ")
	return finding("lines", nameLines, pbx.FindingOK, text{RU: list, EN: list})
}

// checkRecordings asks each employee of ours whether they are recorded: the PBX has one switch for each.
func (p *Provider) checkRecordings(ctx context.Context, d directory, f pbx.CheckFacts) pbx.Finding {
	var off []string
	asked, told := 0, 0
	for _, who := range d.People {
		if f.Owners[who.Extension] == "" || asked == mostSwitches || ctx.Err() != nil {
			continue
		}
		asked++
		on, known := p.isRecorded(ctx, who.UserID)
		if known {
			told++
		}
		if known && !on {
			off = append(off, who.Extension+" ("+f.Owners[who.Extension]+")")
		}
	}
	switch {
	case len(off) > 0:
		return finding("recordings", nameRecordings, pbx.FindingWarning, textUnrecorded(strings.Join(off, ", ")))
	case told == 0:
		return finding("recordings", nameRecordings, pbx.FindingUnknown, textNoSwitches)
	}
	return finding("recordings", nameRecordings, pbx.FindingOK, textRecorded(f.Recorded, f.Answered))
}

func (p *Provider) checkRules(ctx context.Context, f pbx.CheckFacts) pbx.Finding {
	if !f.Forwarding {
		return finding("routing", nameRules, pbx.FindingUnknown, textRulesOff)
	}
	rules, err := rulesOf(ctx, p.api)
	if err != nil {
		return finding("routing", nameRules, pbx.FindingUnknown, textNoRules)
	}
	var lines []beeline.Number
	err = p.api.do(ctx, request{method: http.MethodGet, path: beeline.PathRuleNumbers, out: &lines, harmless: true})
	if err == nil && len(lines) == 0 {
		return finding("routing", nameRules, pbx.FindingWarning, textRulesNoLine)
	}
	return finding("routing", nameRules, pbx.FindingOK, textRules(len(rules), len(lines)))
}

// Switch tells what to look at when a stage of the connectivity test stayed grey.
func (p *Provider) Switch(stage string) text {
	if t, ok := textSwitch[stage]; ok {
		return t
	}
	return textSwitch["webhook"]
}
