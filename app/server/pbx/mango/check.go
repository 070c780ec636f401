package mango

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"dozvon/app/bilingual"
	"dozvon/app/mango"
	"dozvon/app/phone"
	"dozvon/app/server/outbound"
	"dozvon/app/server/pbx"
	"dozvon/app/server/pbx/mango/codes"
)

// lowBalance is the sum below which calls may soon stop, in the account's currency.
const lowBalance = 300

// clockLimit is how far clocks may differ before calls land in the wrong minute of the feed.
const clockLimit = 30 * time.Second

// checker finds out what of the account's setup is right.
type checker struct {
	api       *client
	directory *directory
}

// Check asks the PBX for everything that it answers at once, and looks at what has come of itself.
func (k *checker) Check(ctx context.Context, f pbx.CheckFacts) []pbx.Finding {
	users, err := k.directory.users(ctx, false)
	out := []pbx.Finding{checkAPI(k.api.cfg.URL, err), checkKeys(err)}
	out = append(out, checkEvents(f), k.checkClock(f))
	if err == nil {
		out = append(out, checkExtensions(users, f.Owners), k.checkLines(ctx))
	}
	out = append(out, checkRecordings(f), k.checkRouting(f))
	if err == nil {
		out = append(out, k.checkBalance(ctx))
	}
	return out
}

func finding(id string, name bilingual.Text, state pbx.FindingState, words bilingual.Text) pbx.Finding {
	return pbx.Finding{ID: id, Name: name, State: state, Words: words}
}

func checkAPI(url string, err error) pbx.Finding {
	if errors.Is(err, outbound.ErrForbidden) {
		return finding("api", nameAPI, pbx.FindingFailed, apiForbidden(url))
	}
	if errors.Is(err, pbx.ErrUnclear) {
		return finding("api", nameAPI, pbx.FindingFailed, apiNotAPBX(url))
	}
	if errors.Is(err, pbx.ErrUnreachable) {
		return finding("api", nameAPI, pbx.FindingFailed, apiSilent(url))
	}
	return finding("api", nameAPI, pbx.FindingOK, apiAnswers)
}

func checkKeys(err error) pbx.Finding {
	var refused *pbx.Refused
	var blocked *pbx.Blocked
	switch {
	case err == nil:
		return finding("keys", nameKeys, pbx.FindingOK, keysTaken)
	case errors.As(err, &blocked):
		at := blocked.Until.Local().Format("15:04:05")
		return finding("keys", nameKeys, pbx.FindingFailed, keysBlocked(at, blocked.Words))
	case errors.As(err, &refused):
		return finding("keys", nameKeys, pbx.FindingFailed, refused.Sentence())
	}
	return finding("keys", nameKeys, pbx.FindingUnknown, keysUnknown)
}

func checkEvents(f pbx.CheckFacts) pbx.Finding {
	if f.LastEvent.IsZero() {
		return finding("webhook", nameEvents, pbx.FindingWarning, eventsNone(f.HookURL))
	}
	return finding("webhook", nameEvents, pbx.FindingOK, eventsLast(f.Now.Sub(f.LastEvent), f.Delay))
}

func (k *checker) checkClock(pbx.CheckFacts) pbx.Finding {
	ahead, known := k.api.skew.Read()
	if !known {
		return finding("clock", nameClock, pbx.FindingUnknown, clockUnknown)
	}
	diff := ahead.Abs().Round(time.Second)
	if diff < clockLimit {
		return finding("clock", nameClock, pbx.FindingOK, clockAgrees(max(diff, time.Second)))
	}
	return finding("clock", nameClock, pbx.FindingWarning, clockOff(diff))
}

func checkExtensions(users []mango.User, owners map[string]string) pbx.Finding {
	there := map[string]bool{}
	var nobody []string
	for _, u := range users {
		ext := string(u.Telephony.Extension)
		if ext == "" {
			continue
		}
		there[ext] = true
		if owners[ext] == "" {
			nobody = append(nobody, ext)
		}
	}
	var missing []string
	for ext, name := range owners {
		if !there[ext] {
			missing = append(missing, ext+" ("+name+")")
		}
	}
	slices.Sort(nobody)
	slices.Sort(missing)
	switch {
	case len(owners) == 0:
		return finding("extensions", nameExtensions, pbx.FindingFailed, extensionsNone)
	case len(missing) > 0:
		return finding("extensions", nameExtensions, pbx.FindingWarning, extensionsMissing(strings.Join(missing, ", ")))
	case len(nobody) > 0:
		return finding("extensions", nameExtensions, pbx.FindingWarning, extensionsNobodys(strings.Join(nobody, ", ")))
	}
	return finding("extensions", nameExtensions, pbx.FindingOK, extensionsAll(len(owners)))
}

func (k *checker) checkLines(ctx context.Context) pbx.Finding {
	lines, err := k.directory.Lines(ctx)
	if err != nil {
		return finding("lines", nameLines, pbx.FindingUnknown, linesUnknown)
	}
	if len(lines) == 0 {
		return finding("lines", nameLines, pbx.FindingFailed, linesNone)
	}
	var names []string
	for _, l := range lines {
		number := l.Number
		if n, err := phone.Parse(number); err == nil {
			number = n.Pretty()
		}
		names = append(names, strings.TrimSpace(number+" "+l.Name))
	}
	return finding("lines", nameLines, pbx.FindingOK, bilingual.Same(strings.Join(names, "; ")))
}

func checkRecordings(f pbx.CheckFacts) pbx.Finding {
	switch {
	case f.Answered == 0:
		return finding("recordings", nameRecordings, pbx.FindingUnknown, recordingsUnknown)
	case f.Recorded == 0:
		return finding("recordings", nameRecordings, pbx.FindingWarning, recordingsNone)
	}
	if f.Recorded*2 < f.Answered { // the rules leave somebody out
		return finding("recordings", nameRecordings, pbx.FindingWarning, recordingsFew(f.Recorded, f.Answered))
	}
	return finding("recordings", nameRecordings, pbx.FindingOK, recordingsMade(f.Recorded, f.Answered))
}

func (k *checker) checkRouting(f pbx.CheckFacts) pbx.Finding {
	h := k.api.Health()
	if h.State != pbx.Healthy {
		at := h.Until.Local().Format("15:04:05")
		return finding("routing", nameRouting, pbx.FindingFailed, routingBlocked(at, h.Words))
	}
	if f.Routed == nil {
		return finding("routing", nameRouting, pbx.FindingUnknown, routingUntried)
	}
	var refused *pbx.Refused
	if errors.As(f.Routed.Err, &refused) {
		return finding("routing", nameRouting, pbx.FindingWarning, refused.Sentence())
	}
	if f.Routed.Err != nil {
		return finding("routing", nameRouting, pbx.FindingWarning, routingSilent)
	}
	return finding("routing", nameRouting, pbx.FindingOK, routingSent(f.Routes, f.Routed.Shown))
}

func (k *checker) checkBalance(ctx context.Context) pbx.Finding {
	var answer mango.BalanceAnswer
	err := k.api.do(ctx, request{path: mango.PathBalance, in: struct{}{}, out: &answer, needs: "balance", limit: k.api.limits.balance, harmless: true})
	if err != nil {
		return finding("balance", nameBalance, pbx.FindingUnknown, balanceUnknown)
	}
	sum := answer.Balance.String() + " " + string(answer.Currency)
	n, err := answer.Balance.Float64()
	if err == nil && answer.Currency == "RUB" {
		sum = strings.Replace(fmt.Sprintf("%.2f ₽", n), ".", ",", 1)
	}
	if err == nil && n < lowBalance {
		return finding("balance", nameBalance, pbx.FindingWarning, balanceLow(sum))
	}
	return finding("balance", nameBalance, pbx.FindingOK, bilingual.Same(sum))
}

// Switch tells which switch in the cabinet is off when a stage of the connectivity test stayed grey.
func (k *checker) Switch(stage string) bilingual.Text {
	switch stage {
	case "command":
		return commandLost
	case "signature":
		return bilingual.Join([]bilingual.Text{signedOtherwise, codes.Advise(mango.CodeBadSign)}, " ")
	}
	return eventLost
}
