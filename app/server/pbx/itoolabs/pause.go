package itoolabs

import (
	"net/http"
	"strconv"
	"sync"
	"time"

	"dozvon/app/server/pbx"
)

const (
	// firstPause is how long nothing is sent after a 429 or 5xx; each further one in a row doubles it.
	firstPause = 2 * time.Second
	// longestPause bounds it, also what the PBX asks for.
	longestPause = time.Minute
)

// pause keeps commands back after the PBX has said that it is too much, or was not well: its limits
// are known to nobody (section 12).
type pause struct {
	now func() time.Time

	mu    sync.Mutex // guards what follows
	until time.Time
	code  int
	inRow int
}

// begin notes an answer of 429 or 5xx.
func (p *pause) begin(resp *http.Response) {
	p.mu.Lock()
	defer p.mu.Unlock()
	wait := min(firstPause<<min(p.inRow, 5), longestPause)
	if seconds, err := strconv.Atoi(resp.Header.Get("Retry-After")); err == nil && seconds > 0 {
		wait = min(time.Duration(seconds)*time.Second, longestPause)
	}
	p.inRow++
	p.until, p.code = p.now().Add(wait), resp.StatusCode
}

// end notes an answer.
func (p *pause) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.inRow, p.until = 0, time.Time{}
}

func (p *pause) state() pbx.Health {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.now().Before(p.until) {
		return pbx.Health{State: pbx.Healthy}
	}
	return pbx.Health{State: pbx.Resting, Until: p.until, Code: p.code, Words: wordsPause}
}

// allows refuses a command during a pause.
func (p *pause) allows() error {
	if h := p.state(); h.State != pbx.Healthy {
		return &pbx.Blocked{Until: h.Until, Code: h.Code, Words: h.Words}
	}
	return nil
}
