package telephones

import (
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/emiago/diago"
	"github.com/emiago/diago/audio"
	"github.com/emiago/diago/media"
)

const (
	// frameTime is how much sound one packet has, frameSamples how many samples at 8 kHz that is.
	frameTime    = 20 * time.Millisecond
	frameSamples = 160
	// framesAhead is how much of what a telephone says may wait: 0.2 s, as an ear bears.
	framesAhead = 10
)

// frame is 20 ms of sound, 16 bits a sample.
type frame [frameSamples]int16

// line is the sound of a talk with one device.
type line struct {
	sound *diago.DialogMedia
	mulaw atomic.Bool // what the device hears is PCMU, not PCMA

	mu    sync.Mutex // guards what follows
	heard []int16
	at    time.Time // when something was heard last
}

func newLine(sound *diago.DialogMedia) *line {
	l := &line{sound: sound, at: time.Now()}
	l.agree(sound.MediaSession())
	return l
}

// agree notes the codec that was agreed on.
func (l *line) agree(m *media.MediaSession) {
	l.mulaw.Store(media.CodecAudioFromSession(m).PayloadType == media.CodecAudioUlaw.PayloadType)
}

// silent is for how long nothing has come.
func (l *line) silent(now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return now.Sub(l.at)
}

// listen reads what the device says until the talk ends. A packet over which the library falls is lost.
func (l *line) listen(s *Server) {
	for l.packets(s) {
	}
}

// packets reads until the talk's end, or until a packet of nonsense: then it reports true.
func (l *line) packets(s *Server) (more bool) {
	more = true
	defer s.survive("reading sound")
	packets := l.sound.RTPPacketReader
	buf, pcm := make([]byte, media.RTPBufSize), make([]byte, 2*media.RTPBufSize)
	for {
		n, err := packets.Read(buf)
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, net.ErrClosed):
			return false
		case err != nil || n == 0:
			continue // a packet that is none, or a hold
		}
		decode := audio.DecodeAlawTo
		switch packets.PacketHeader.PayloadType {
		case media.CodecAudioAlaw.PayloadType:
		case media.CodecAudioUlaw.PayloadType:
			decode = audio.DecodeUlawTo
		default:
			continue
		}
		if n, err = decode(pcm, buf[:n]); err == nil {
			l.keep(pcm[:n])
		}
	}
}

// keep appends what was said and drops what has waited too long.
func (l *line) keep(pcm []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.at = time.Now()
	for i := 0; i+1 < len(pcm); i += 2 {
		l.heard = append(l.heard, int16(pcm[i])|int16(pcm[i+1])<<8)
	}
	if surplus := len(l.heard) - framesAhead*frameSamples; surplus > 0 {
		l.heard = append(l.heard[:0], l.heard[surplus:]...)
	}
}

// said takes the next 20 ms of what the device says; what is missing is silence.
func (l *line) said(f *frame) {
	l.mu.Lock()
	defer l.mu.Unlock()
	*f = frame{}
	n := copy(f[:], l.heard)
	l.heard = append(l.heard[:0], l.heard[n:]...)
}

// hear lets the device hear 20 ms.
func (l *line) hear(f *frame) {
	pcm := make([]byte, 2*frameSamples)
	for i, sample := range f {
		pcm[2*i], pcm[2*i+1] = byte(sample), byte(sample>>8)
	}
	payload := make([]byte, frameSamples)
	encode, codec := audio.EncodeAlawTo, media.CodecAudioAlaw
	if l.mulaw.Load() {
		encode, codec = audio.EncodeUlawTo, media.CodecAudioUlaw
	}
	if _, err := encode(payload, pcm); err != nil {
		return
	}
	// What cannot be sent is lost, as on any telephone line.
	_, _ = l.sound.RTPPacketWriter.WriteSamples(payload, frameSamples, false, codec.PayloadType)
}
