package mango

import (
	"context"
	"encoding/json"
	"log/slog"
	"sync"
	"time"

	"dozvon/app/bilingual"
	"dozvon/app/server/pbx"
	"dozvon/app/server/pbx/mango/codes"
)

// wrongWindow is how long the PBX remembers a wrong request: the second one inside it blocks
// the whole account until the window of the first has passed (Mango VPBX API, section 1.4.1).
const wrongWindow = 2 * time.Minute

// health is the breaker: after one wrong request only people's commands go out, after the
// second nothing does until the PBX has forgotten. The PBX counts for the account, so what one node
// has done wrong holds all of them back, and a restart forgets nothing.
type health struct {
	now    func() time.Time
	shared pbx.Shared // nil: this process is alone

	mu    sync.Mutex // guards known
	known breaker    // as it was last seen
}

// breaker is what the nodes share of it.
type breaker struct {
	WrongAt time.Time `json:"wrong_at"`
	Code    int       `json:"code"`
	Until   time.Time `json:"until"` // blocked until then
}

const (
	// breakerName is under what the breaker is shared.
	breakerName = "breaker"
	// breakerWait bounds how long it is looked up or written.
	breakerWait = 3 * time.Second
)

// look reads what the other nodes know; what cannot be read is as it was.
func (h *health) look() breaker {
	if h.shared != nil {
		ctx, cancel := context.WithTimeout(context.Background(), breakerWait)
		defer cancel()
		raw, err := h.shared.Read(ctx, breakerName)
		if err != nil {
			slog.Warn("it is not known whether the PBX's API is open", "err", err)
		} else {
			h.set(readBreaker(raw))
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.known
}

func (h *health) set(b breaker) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.known = b
}

func readBreaker(raw []byte) breaker {
	var b breaker
	if len(raw) > 0 {
		if err := json.Unmarshal(raw, &b); err != nil {
			slog.Warn("what was known of the PBX's API is unreadable", "err", err)
		}
	}
	return b
}

func (h *health) change(change func(*breaker)) {
	var next breaker
	if h.shared != nil {
		ctx, cancel := context.WithTimeout(context.Background(), breakerWait)
		defer cancel()
		err := h.shared.Change(ctx, breakerName, func(raw []byte) []byte {
			next = readBreaker(raw)
			change(&next)
			out, _ := json.Marshal(next) // times and a number: it cannot fail
			return out
		})
		if err == nil {
			h.set(next)
			return
		}
		slog.Warn("the other nodes were not told that the PBX refused a request", "err", err)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	change(&h.known)
}

// wrong notes a refusal. Only 3xxx counts; a code of another class is an answer.
func (h *health) wrong(code int) {
	if !isWrong(code) {
		return
	}
	now := h.now()
	h.change(func(b *breaker) {
		if now.Sub(b.WrongAt) >= wrongWindow {
			b.WrongAt, b.Code = now, code
			return
		}
		// What does not exist (33xx) was asked for rightly: the reference itself says to ask again
		// for a recording that lags. That the PBX counts it is feared, not known.
		if code/100 != 33 {
			b.Until, b.Code = b.WrongAt.Add(wrongWindow), code
		}
	})
}

// blocked notes that the PBX answered 401.
func (h *health) blocked() {
	now := h.now()
	h.change(func(b *breaker) {
		if now.Before(b.Until) {
			return
		}
		from := now
		if now.Sub(b.WrongAt) < wrongWindow {
			from = b.WrongAt
		}
		b.Until = from.Add(wrongWindow)
	})
}

func (h *health) state() pbx.Health {
	b, now := h.look(), h.now()
	switch {
	case now.Before(b.Until):
		return pbx.Health{State: pbx.Resting, Until: b.Until, Code: b.Code, Words: because(apiClosed, b.Code)}
	case now.Sub(b.WrongAt) < wrongWindow:
		return pbx.Health{State: pbx.Degraded, Until: b.WrongAt.Add(wrongWindow), Code: b.Code, Words: because(apiAtRisk, b.Code)}
	}
	return pbx.Health{State: pbx.Healthy}
}

func because(w bilingual.Text, code int) bilingual.Text {
	if code == 0 {
		return w
	}
	c := codes.Explain(code)
	return bilingual.Text{RU: w.RU + " (" + itoa(code) + ": " + c.RU + ")", EN: w.EN + " (" + itoa(code) + ": " + c.EN + ")"}
}

// allows refuses a command that the PBX would refuse and count. automatic is one that nobody
// asked for and nobody waits for.
func (h *health) allows(automatic bool) error {
	s := h.state()
	if s.State == pbx.Resting || (s.State == pbx.Degraded && automatic) {
		return &pbx.Blocked{Until: s.Until, Code: s.Code, Words: s.Words}
	}
	return nil
}
