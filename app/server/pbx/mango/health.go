package mango

import (
	"net/http"
	"sync"
	"time"

	"dozvon/app/mango"
	"dozvon/app/server/pbx"
)

// wrongWindow is how long the PBX remembers a wrong request: the second one inside it blocks
// the whole account until the window of the first has passed (Mango VPBX API, section 1.4.1).
const wrongWindow = 2 * time.Minute

// health is the breaker: after one wrong request only people's commands go out, after the
// second nothing does until the PBX has forgotten.
type health struct {
	now func() time.Time

	mu      sync.Mutex // guards what follows
	wrongAt time.Time
	code    int
	until   time.Time // blocked until then
}

// wrong notes a refusal. Only 3xxx counts; a code of another class is an honest answer.
func (h *health) wrong(code int) {
	if code/1000 != 3 {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	now := h.now()
	if now.Sub(h.wrongAt) < wrongWindow {
		// What does not exist (33xx) was asked for rightly: the reference itself says to ask again
		// for a recording that lags. That the PBX counts it is feared, not known.
		if code/100 != 33 {
			h.until = h.wrongAt.Add(wrongWindow)
			h.code = code
		}
		return
	}
	h.wrongAt, h.code = now, code
}

// blocked notes that the PBX answered 401.
func (h *health) blocked() {
	h.mu.Lock()
	defer h.mu.Unlock()
	now := h.now()
	if now.Before(h.until) {
		return
	}
	from := now
	if now.Sub(h.wrongAt) < wrongWindow {
		from = h.wrongAt
	}
	h.until = from.Add(wrongWindow)
}

func (h *health) state() pbx.Health {
	h.mu.Lock()
	defer h.mu.Unlock()
	now := h.now()
	switch {
	case now.Before(h.until):
		w := pbx.Words{
			RU: "АТС закрыла доступ на две минуты после двух неверных запросов",
			EN: "the PBX closed its API for two minutes after two wrong requests",
		}
		return pbx.Health{State: pbx.Rest, Until: h.until, Code: h.code, Words: because(w, h.code)}
	case now.Sub(h.wrongAt) < wrongWindow:
		w := pbx.Words{
			RU: "АТС отвергла запрос, вторая ошибка закрыла бы доступ: имена на телефон пока не отправляются",
			EN: "the PBX refused a request and a second one would close its API: names are not sent to telephones for now",
		}
		return pbx.Health{State: pbx.Careful, Until: h.wrongAt.Add(wrongWindow), Code: h.code, Words: because(w, h.code)}
	}
	return pbx.Health{State: pbx.Healthy}
}

func because(w pbx.Words, code int) pbx.Words {
	if code == 0 {
		return w
	}
	c := mango.Explain(code)
	return pbx.Words{RU: w.RU + " (" + itoa(code) + ": " + c.RU + ")", EN: w.EN + " (" + itoa(code) + ": " + c.EN + ")"}
}

// allows refuses a command that the PBX would refuse and count. automatic is one that nobody
// asked for and nobody waits for.
func (h *health) allows(automatic bool) error {
	s := h.state()
	if s.State == pbx.Rest || (s.State == pbx.Careful && automatic) {
		return &pbx.Blocked{Until: s.Until, Code: s.Code, Words: s.Words}
	}
	return nil
}

// clock is how far the PBX's clock is from ours, by the Date of its answers.
type clock struct {
	mu    sync.Mutex // guards what follows
	known bool
	ahead time.Duration
}

func (c *clock) note(resp *http.Response, now time.Time) {
	date, err := http.ParseTime(resp.Header.Get("Date"))
	if err != nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	// Date is cut to whole seconds.
	c.known, c.ahead = true, date.Add(500*time.Millisecond).Sub(now)
}

func (c *clock) read() (time.Duration, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ahead, c.known
}
