package recordings

import (
	"context"
	"log/slog"
)

// aheadChunk is how much of a recording from a place is read at once.
const aheadChunk = 32 << 10

// ahead is a recording from a place on, straight from the PBX. It comes beside whoever waits for it, so that a PBX that
// hangs with it holds up nobody who gets the same from elsewhere.
type ahead struct {
	leave  context.CancelFunc
	chunks chan []byte // closed when no more comes
}

// askAhead asks the PBX for a recording from a place on. A PBX that sends only from the beginning is not asked again;
// nothing is lost, for the rest comes.
func (t *transfer) askAhead(ctx context.Context, at int64) *ahead {
	ctx, leave := context.WithCancel(ctx)
	a := &ahead{leave: leave, chunks: make(chan []byte)}
	go func() {
		defer leave()
		defer close(a.chunks)
		t.readAhead(ctx, at, a.chunks)
	}()
	return a
}

func (t *transfer) readAhead(ctx context.Context, at int64, to chan<- []byte) {
	sound, err := t.ask(ctx, at)
	if err != nil {
		slog.Debug("a place in a recording was not sent", "err", err)
		return
	}
	defer sound.Body.Close()
	defer context.AfterFunc(ctx, func() { sound.Body.Close() })() // a read that hangs ends with it
	if _, size, _ := t.arrived(); sound.From != at || sound.Size >= 0 && sound.Size != size {
		t.sendsNoPlaces()
		return
	}
	for {
		chunk := make([]byte, aheadChunk)
		n, err := sound.Body.Read(chunk)
		if n > 0 {
			select {
			case to <- chunk[:n]:
			case <-ctx.Done():
				return
			}
		}
		if err != nil {
			return
		}
	}
}
