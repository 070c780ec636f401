package player

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"dozvon/app/desktop/audio"
	"dozvon/client"
)

const (
	// largest recording that is taken into memory: ten hours of telephone sound.
	largest = 200 << 20
	// drawEvery is how often the waveform is drawn while it becomes known.
	drawEvery = 200 * time.Millisecond
	// slowAfter is how long nothing is said of a recording that is on its way: most are there sooner.
	slowAfter = 300 * time.Millisecond
)

// errNoRange says that the server sends a recording only from its beginning.
var errNoRange = errors.New("the server does not send a part of the recording")

// load asks for the chosen recording. It can be played as soon as its beginning has come.
func (p *Player) load() {
	p.drop()
	p.loads++
	load, callID, part := p.loads, p.callID, p.current().Part
	if why, yes := p.unplayable(); yes {
		p.state, p.trouble, p.why = Broken, why, wordsOf(p, why)
		return
	}
	p.state, p.slow, p.percent = Loading, false, 0
	p.waiting.Do = p.do
	p.waiting.After(slowAfter, func() {
		if p.slow = load == p.loads && p.state == Loading; p.slow {
			p.draw()
		}
	})
	go func() {
		if err := p.prepare(); err != nil {
			slog.Debug("no sound device yet", "error", err) // it is told when something shall be played
		}
	}()
	wanted, drop := context.WithCancel(context.Background())
	p.drop = drop
	p.host.Work(func(ctx context.Context, api *client.API) error {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		defer context.AfterFunc(wanted, cancel)()
		r := &recording{ctx: ctx, api: api, callID: callID, part: part}
		r.came = func(percent int) { p.do(func() { p.comes(load, percent) }) }
		defer r.Close()
		if err := r.open(); err != nil {
			return err
		}
		var measuring sync.WaitGroup
		defer measuring.Wait()
		return audio.Load(io.LimitReader(r, largest), r.size, 0, func(clip *audio.Clip) {
			p.do(func() {
				if load == p.loads {
					p.began(clip)
				}
			})
			measuring.Go(func() { p.measure(ctx, load, clip) })
		})
	}, func(err error) {
		if load == p.loads {
			p.loaded(callID, err)
		}
	})
}

// comes shows how much of a recording has come, while it cannot be played yet.
func (p *Player) comes(load, percent int) {
	if load == p.loads && p.state == Loading {
		p.percent = percent
		if p.slow {
			p.draw()
		}
	}
}

// began takes over a recording of which enough has come.
func (p *Player) began(clip *audio.Clip) {
	p.clip, p.state = clip, Ready
	if p.wish {
		p.start()
	}
	p.draw()
}

// measure makes the waveform known while the recording comes.
func (p *Player) measure(ctx context.Context, load int, clip *audio.Clip) {
	var drawn time.Time
	err := clip.Measure(ctx, func() {
		if now := time.Now(); now.Sub(drawn) >= drawEvery {
			drawn = now
			p.do(func() { p.measured(load, clip) })
		}
	})
	if err != nil && ctx.Err() == nil {
		slog.Warn("the recording's loudness is not known", "error", err)
	}
	p.do(func() { p.measured(load, clip) })
}

func (p *Player) measured(load int, clip *audio.Clip) {
	if load == p.loads {
		p.peaks = clip.Peaks(bars)
		p.goOn()
		p.draw()
	}
}

// loaded is told that no more of the recording comes. One that breaks off while it is heard is heard to
// there, and then the sound ends with the error.
func (p *Player) loaded(callID string, err error) {
	if err == nil {
		p.goOn()
		p.draw()
		return
	}
	slog.Warn("recording not opened", "call", callID, "error", err)
	if p.playing == nil && !p.starting {
		p.fail(err)
	}
}

// goOn plays from where somebody has gone, once it has come so far.
func (p *Player) goOn() {
	if p.wish && p.clip != nil && p.holding(p.at) != nil {
		p.leaveAhead()
		p.start()
	}
}

// leaveAhead gives up the part that somebody had gone ahead to.
func (p *Player) leaveAhead() {
	p.dropAhead()
	p.ahead = nil
}

// holding is what a moment can be played from; nil when that has not come.
func (p *Player) holding(at time.Duration) *audio.Clip {
	switch {
	case p.clip.Holds(at), p.clip.Whole():
		return p.clip
	case p.ahead != nil && p.ahead.Holds(at):
		return p.ahead
	}
	return nil
}

// reach asks for the recording from where somebody has gone on, beside the rest that is on its way.
func (p *Player) reach() {
	p.leaveAhead()
	p.wish, p.state = true, Playing
	at, offset := p.at, p.clip.ByteAt(p.at)
	p.draw()
	if offset == 0 {
		return // goOn plays it when it comes
	}
	load, callID, part := p.loads, p.callID, p.current().Part
	wanted, drop := context.WithCancel(context.Background())
	p.dropAhead = drop
	began := func(clip *audio.Clip) {
		p.do(func() {
			if load != p.loads || wanted.Err() != nil {
				return
			}
			p.ahead = clip
			p.start()
			p.draw()
		})
	}
	p.host.Work(func(ctx context.Context, api *client.API) error {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		defer context.AfterFunc(wanted, cancel)()
		r := &recording{ctx: ctx, api: api, callID: callID, part: part, at: offset}
		defer r.Close()
		if err := r.open(); err != nil {
			return err
		}
		return audio.Load(io.LimitReader(r, largest), r.size-offset, at, began)
	}, func(err error) {
		if err != nil && wanted.Err() == nil {
			slog.Warn("a part of the recording did not come; it is played when the rest has", "call", callID, "error", err)
		}
	})
}

// pauses are before a recording that broke off is asked for again: a server that is upgraded is back in some
// seconds.
var pauses = []time.Duration{0, time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second, 15 * time.Second}

// recording is a recording as the server sends it, from a byte on. One that breaks off is asked for again from
// where it came to.
type recording struct {
	ctx    context.Context
	api    *client.API
	callID string
	part   int
	at     int64 // the next byte
	size   int64 // of the whole; 0: the server has not said
	body   io.ReadCloser
	tried  int // since something came
	came   func(percent int)
	told   int // percent
}

func (r *recording) open() error {
	resp, err := r.api.RecordingPart(r.ctx, r.callID, r.part, r.at)
	if err != nil {
		return err
	}
	if r.at > 0 && resp.StatusCode != http.StatusPartialContent {
		resp.Body.Close()
		return errNoRange
	}
	if resp.ContentLength > 0 {
		r.size = r.at + resp.ContentLength
	}
	r.body = resp.Body
	return nil
}

// Read reads on, from another answer where one breaks off.
func (r *recording) Read(b []byte) (int, error) {
	n, err := r.body.Read(b)
	r.at += int64(n)
	if n > 0 {
		r.tried = 0
		r.tell()
	}
	if err == nil || err == io.EOF || r.ctx.Err() != nil {
		return n, err
	}
	slog.Warn("a recording broke off and is asked for again", "call", r.callID, "error", err)
	r.body.Close()
	for ; r.tried < len(pauses); r.tried++ {
		select {
		case <-time.After(pauses[r.tried]):
		case <-r.ctx.Done():
			return n, r.ctx.Err()
		}
		again := r.open()
		if again == nil {
			r.tried++
			return n, nil
		}
		if problem := (*client.Problem)(nil); errors.As(again, &problem) && !passes(problem.Status) {
			return n, again
		}
		err = errors.Join(err, again)
	}
	return n, err
}

// tell tells how much has come, at each percent.
func (r *recording) tell() {
	if r.came == nil || r.size == 0 {
		return
	}
	if percent := int(r.at * 100 / r.size); percent > r.told {
		r.told = percent
		r.came(percent)
	}
}

// passes tells whether an answer is one of a server, or of a proxy before it, that may have the recording in some
// seconds: a full disk stays full.
func passes(status int) bool {
	return status == http.StatusBadGateway || status == http.StatusServiceUnavailable || status == http.StatusGatewayTimeout || status == http.StatusTooEarly
}

// Close ends the answer.
func (r *recording) Close() error {
	if r.body == nil {
		return nil
	}
	return r.body.Close()
}
