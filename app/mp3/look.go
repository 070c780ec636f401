package mp3

import (
	"bytes"
	"io"
)

// Verdict is whether a file, or what has come of one, is MP3.
type Verdict int

// The verdicts.
const (
	Undecided Verdict = iota // more of it has to come
	Yes
	No
)

const (
	// row is how many frames in a row make sound: one head may be chance.
	row = 4
	// tags and zeroed bound what is skipped before that.
	tags   = 16
	zeroed = 1 << 20
	// noise is how far behind tags and zeros a first frame is looked for: a recording may begin in the middle of one.
	noise = 64 << 10
	// block is how much is read at once.
	block = 32 << 10
)

// Look looks for the first frames of an MP3, as players do: behind any number of tags, behind zeros and a little
// noise. have is how many bytes have come; whole says that no more will. No decoder is asked: whether the sound
// is good only an ear can tell.
func Look(r io.ReaderAt, have int64, whole bool) Verdict {
	l := look{r: io.NewSectionReader(r, 0, have), have: have, whole: whole}
	at, v := l.begin()
	if v != Yes {
		return v
	}
	room := make([]byte, noise)
	n, _ := l.r.ReadAt(room, at)
	for i := range n {
		if room[i] != 0xFF {
			continue
		}
		if v := l.frames(at + int64(i)); v != No {
			return v
		}
	}
	if n == noise {
		return No
	}
	return l.wait()
}

type look struct {
	r     *io.SectionReader
	have  int64
	whole bool
}

// wait is the verdict where what has come says nothing.
func (l *look) wait() Verdict {
	if l.whole {
		return No
	}
	return Undecided
}

// begin is where sound may begin: behind tags and zeros.
func (l *look) begin() (int64, Verdict) {
	at := int64(0)
	for range tags {
		next, v := l.zeros(at)
		if v != Yes {
			return 0, v
		}
		at = next
		head := make([]byte, TagHead)
		n, _ := l.r.ReadAt(head, at)
		length := int64(TagLength(head[:n]))
		switch {
		case n < TagHead && !l.whole:
			return 0, Undecided
		case length == 0:
			return at, Yes
		case at+length < l.have:
			at += length
		case l.whole: // it says that it is longer than the file
			return at + TagHead, Yes
		default:
			return 0, Undecided
		}
	}
	return 0, No
}

// zeros is where the zeros that begin at a place end.
func (l *look) zeros(from int64) (int64, Verdict) {
	room := make([]byte, block)
	for at := from; at < from+zeroed; {
		n, _ := l.r.ReadAt(room, at)
		rest := len(bytes.TrimLeft(room[:n], "\x00"))
		at += int64(n - rest)
		switch {
		case rest > 0:
			return at, Yes
		case n == 0:
			return 0, l.wait()
		}
	}
	return 0, No
}

// frames tells whether frames stand in a row from a place on.
func (l *look) frames(at int64) Verdict {
	var first Head
	for n := range row {
		b := make([]byte, headLength)
		read, _ := l.r.ReadAt(b, at)
		head, ok := ReadHead(b)
		switch {
		case read < headLength && !l.whole:
			return Undecided
		case n > 1 && read < headLength, n == 1 && at == l.have, n > 0 && l.isTag(at):
			return Yes // a short one
		case !ok, n > 0 && head.Rate != first.Rate:
			return No
		case n == 0:
			first = head
		}
		at += int64(head.Size)
	}
	return Yes
}

// isTag tells whether a tag that stands at the end of files, or zeros, follow.
func (l *look) isTag(at int64) bool {
	b := make([]byte, 8)
	n, _ := l.r.ReadAt(b, at)
	return n == len(b) && (bytes.HasPrefix(b, []byte("TAG")) || bytes.Equal(b, []byte("APETAGEX")) || bytes.Equal(b, make([]byte, 8)))
}
