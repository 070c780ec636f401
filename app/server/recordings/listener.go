package recordings

import (
	"context"
	"errors"
	"io"
	"time"
)

const (
	// aheadBy is how many bytes before the place where a listener waits must be missing until the PBX is asked
	// for that place: less comes soon enough.
	aheadBy = 64 << 10
	// aheadAfter is how long a listener waits before that: who looks for a place in a recording goes on at once.
	aheadAfter = 250 * time.Millisecond
	// aheadTries bounds how often one listener has the PBX asked.
	aheadTries = 3
)

// listener reads a recording that is on its way: what has not come is waited for, or, far ahead, asked of the
// PBX beside the rest. It ends with the request that it is for.
type listener struct {
	ctx  context.Context
	t    *transfer
	size int64 // -1: not known
	at   int64

	ahead *ahead // the recording from at on, straight from the PBX; nil: it is not asked
	rest  []byte // what came of that and was not read
	tried int    // how often the PBX was asked for that
	wait  <-chan time.Time
}

// errSeek says that nothing lies where somebody wants to read.
var errSeek = errors.New("there is nothing before the beginning of a recording")

// Sized tells whether the length is known, so that it can be read from any place.
func (l *listener) Sized() bool { return l.size >= 0 }

// Seek is http.ServeContent's.
func (l *listener) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += l.at
	case io.SeekEnd:
		offset += l.size
	}
	if offset < 0 {
		return 0, errSeek
	}
	if offset != l.at {
		l.leaveAhead()
	}
	l.at = offset
	return offset, nil
}

// Read gives what has come, and waits where nothing has.
func (l *listener) Read(b []byte) (int, error) {
	for over := false; ; {
		if l.Sized() && l.at >= l.size {
			return 0, io.EOF
		}
		have, _, changed := l.t.arrived()
		if n, err := l.readKept(b, have); n > 0 || err != nil {
			return n, err
		}
		if n := l.takeRest(b); n > 0 {
			return n, nil
		}
		if over {
			return 0, l.end(have)
		}
		chunks, done := l.sources()
		select {
		case <-changed:
		case chunk, sent := <-chunks:
			if l.rest = chunk; !sent {
				l.leaveAhead()
			}
		case <-l.patience(have):
			l.goAhead()
		case <-done:
			if l.t.err != nil {
				return 0, l.t.err
			}
			over = true
		case <-l.ctx.Done():
			return 0, l.ctx.Err()
		}
	}
}

// end is what it means that no more comes.
func (l *listener) end(have int64) error {
	if !l.Sized() && l.at == have {
		return io.EOF
	}
	return io.ErrUnexpectedEOF
}

// readKept reads what has come into the file; nothing where it has not come so far.
func (l *listener) readKept(b []byte, have int64) (int, error) {
	if have <= l.at {
		return 0, nil
	}
	l.leaveAhead()
	n, err := l.t.readAt(b[:min(int64(len(b)), have-l.at)], l.at)
	l.at += int64(n)
	if n > 0 || err == io.EOF { // at an end that is none, the PBX just begins again
		return n, nil
	}
	return 0, err
}

// takeRest reads what the PBX has sent beside the rest; nothing when there is none of it.
func (l *listener) takeRest(b []byte) int {
	if l.Sized() {
		b = b[:min(int64(len(b)), l.size-l.at)]
	}
	n := copy(b, l.rest)
	l.rest = l.rest[n:]
	l.at += int64(n)
	return n
}

// sources are what is waited for beside the next piece of the whole: while the PBX is asked for a place, that counts
// more than that the whole has come, or will not.
func (l *listener) sources() (chunks <-chan []byte, done <-chan struct{}) {
	if l.ahead != nil {
		return l.ahead.chunks, nil
	}
	return nil, l.t.done
}

// patience ends when the PBX shall be asked for the place where the listener is; nil: never.
func (l *listener) patience(have int64) <-chan time.Time {
	if l.ahead != nil || l.tried >= aheadTries || l.at < have+aheadBy || !l.t.sendsPlaces() {
		return nil
	}
	if l.wait == nil {
		l.wait = time.After(aheadAfter)
	}
	return l.wait
}

// goAhead asks the PBX for the recording from where the listener is.
func (l *listener) goAhead() {
	l.tried++
	l.wait = nil
	l.ahead = l.t.askAhead(l.ctx, l.at)
}

func (l *listener) leaveAhead() {
	l.wait, l.rest = nil, nil
	if l.ahead != nil {
		l.ahead.leave()
		l.ahead = nil
	}
}

// Close ends nothing but what was asked for it alone: the recording comes although its listener goes.
func (l *listener) Close() error {
	l.leaveAhead()
	return nil
}
