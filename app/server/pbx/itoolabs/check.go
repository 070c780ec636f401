package itoolabs

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"dozvon/app/bilingual"
	"dozvon/app/server/outbound"
	"dozvon/app/server/pbx"
)

// Check reads the employees, which tries address, key and API, and looks at what has come of itself:
// whether events are sent the PBX tells nobody (section 15).
func (p *Provider) Check(ctx context.Context, f pbx.CheckFacts) []pbx.Finding {
	all, err := p.Extensions(ctx)
	out := []pbx.Finding{p.checkAPI(err), checkKey(err), checkEvents(f)}
	if ahead, known := p.skew.Read(); known && ahead.Abs() > clockLimit {
		out = append(out, finding("clock", nameClock, pbx.FindingWarning, foundClock(ahead.Abs())))
	}
	if err == nil {
		out = append(out, checkExtensions(all, f.Owners))
	}
	return append(out, checkRecordings(f), checkName(f))
}

func finding(id string, name bilingual.Text, state pbx.FindingState, w bilingual.Text) pbx.Finding {
	return pbx.Finding{ID: id, Name: name, State: state, Words: w}
}

// codeOf is the number of a refusal, 0 for any other error.
func codeOf(err error) int {
	var refusal *pbx.Refused
	if errors.As(err, &refusal) {
		return refusal.Code
	}
	return 0
}

func (p *Provider) checkAPI(err error) pbx.Finding {
	var blocked *pbx.Blocked
	switch {
	case errors.Is(err, outbound.ErrForbidden):
		return finding("api", nameAPI, pbx.FindingFailed, foundForbidden(p.cfg.URL))
	case errors.Is(err, pbx.ErrUnclear):
		return finding("api", nameAPI, pbx.FindingFailed, foundOther(p.cfg.URL))
	case errors.As(err, &blocked):
		return finding("api", nameAPI, pbx.FindingUnknown, blocked.Words)
	case errors.Is(err, pbx.ErrUnreachable):
		return finding("api", nameAPI, pbx.FindingFailed, foundSilent(p.cfg.URL))
	case codeOf(err) == http.StatusMovedPermanently, codeOf(err) == codeNoAddress:
		return finding("api", nameAPI, pbx.FindingFailed, refused(codeOf(err), "").Sentence())
	}
	return finding("api", nameAPI, pbx.FindingOK, foundAPI(p.generation.Load().(generation)))
}

func checkKey(err error) pbx.Finding {
	var refusal *pbx.Refused
	switch {
	case err == nil:
		return finding("keys", nameKey, pbx.FindingOK, foundKey)
	case errors.As(err, &refusal) && refusal.Code != http.StatusMovedPermanently && refusal.Code != codeNoAddress:
		return finding("keys", nameKey, pbx.FindingFailed, refusal.Sentence())
	}
	return finding("keys", nameKey, pbx.FindingUnknown, foundNothing)
}

func checkEvents(f pbx.CheckFacts) pbx.Finding {
	if f.LastEvent.IsZero() {
		return finding("webhook", nameEvents, pbx.FindingWarning, foundNoEvent(f.HookURL))
	}
	return finding("webhook", nameEvents, pbx.FindingOK, foundEvent(f.Now.Sub(f.LastEvent)))
}

func checkExtensions(all []pbx.Extension, owners map[string]string) pbx.Finding {
	there := map[string]bool{}
	var nobody, missing []string
	for _, e := range all {
		there[e.Number] = true
		if owners[e.Number] == "" {
			nobody = append(nobody, e.Number)
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
		return finding("extensions", nameExtensions, pbx.FindingFailed, foundNoTable)
	case len(missing) > 0:
		return finding("extensions", nameExtensions, pbx.FindingWarning, foundMissing(strings.Join(missing, ", ")))
	case len(nobody) > 0:
		return finding("extensions", nameExtensions, pbx.FindingWarning, foundNobody(strings.Join(nobody, ", ")))
	}
	return finding("extensions", nameExtensions, pbx.FindingOK, foundAll(len(owners)))
}

func checkRecordings(f pbx.CheckFacts) pbx.Finding {
	switch {
	case f.Answered == 0:
		return finding("recordings", nameRecordings, pbx.FindingUnknown, foundNoTalk)
	case f.Recorded == 0:
		return finding("recordings", nameRecordings, pbx.FindingWarning, foundNoRecording)
	}
	return finding("recordings", nameRecordings, pbx.FindingOK, foundRecordings(f.Recorded, f.Answered))
}

// checkName says what only a call shows: whether the PBX asks who calls.
func checkName(f pbx.CheckFacts) pbx.Finding {
	if f.Routed == nil {
		return finding("routing", nameName, pbx.FindingUnknown, foundNotAsked)
	}
	return finding("routing", nameName, pbx.FindingOK, foundAsked(f.Routes))
}

// Switch tells what in the cabinet is wrong when a stage of the connectivity test stayed grey.
func (p *Provider) Switch(stage string) bilingual.Text {
	switch stage {
	case "command":
		return switchCommand
	case "signature":
		return switchToken
	}
	return switchEvents
}

// agoOf is how long ago something was, in the unit that people would say.
func agoOf(d time.Duration) (n int, unit string) {
	switch {
	case d < time.Minute:
		return int(d / time.Second), "s"
	case d < time.Hour:
		return int(d / time.Minute), "min"
	case d < 48*time.Hour:
		return int(d / time.Hour), "h"
	}
	return int(d / (24 * time.Hour)), "d"
}
