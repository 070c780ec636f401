package telephones

import (
	"bytes"
	"fmt"
	"io"
	"os/exec"
	"sync"
)

// encoderArguments make what practice recordings are: 8 kHz, mono, 16 kbit/s, no tag, from raw samples.
var encoderArguments = []string{
	"--quiet", "-t", "-r", "-s", "8", "--bitwidth", "16", "--signed", "--little-endian", "-m", "m", "--cbr", "-b", "16", "--resample", "8", "-", "-",
}

// recordingAhead is how many frames may wait for the encoder: 10 s.
const recordingAhead = 500

// recording encodes what is said while it is said, so that an hour takes 7 MB of memory.
type recording struct {
	server *Server
	frames chan *frame
	done   chan struct{}
	mp3    []byte
	err    error

	mu      sync.Mutex // guards what follows
	stopped bool
}

func newRecording(s *Server) *recording {
	r := &recording{server: s, frames: make(chan *frame, recordingAhead), done: make(chan struct{})}
	if !s.life.Background(r.encode) {
		r.err = fmt.Errorf("recording a talk: the PBX is closed")
		close(r.done)
	}
	return r
}

// write records 20 ms. An encoder that is 10 s behind loses them, so that the talk does not falter.
func (r *recording) write(f *frame) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stopped {
		return
	}
	select {
	case r.frames <- f:
	default:
	}
}

// Stop ends the recording.
func (r *recording) Stop() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.stopped {
		r.stopped = true
		close(r.frames)
	}
}

// Sound waits for the encoder.
func (r *recording) Sound() ([]byte, bool) {
	r.Stop()
	<-r.done
	if r.err != nil {
		r.server.log.Error("a recording is lost", "err", r.err)
		return nil, false
	}
	return r.mp3, len(r.mp3) > 0
}

// encode runs the encoder from the first frame to the last.
func (r *recording) encode() {
	defer close(r.done)
	encoder := exec.CommandContext(r.server.life.Context(), r.server.encoder, encoderArguments...)
	var mp3, complaint bytes.Buffer
	encoder.Stdout, encoder.Stderr = &mp3, &complaint
	in, err := encoder.StdinPipe()
	if err == nil {
		err = encoder.Start()
	}
	if err != nil {
		r.err = fmt.Errorf("starting the encoder: %w", err)
		return
	}
	fed := r.feed(in)
	if err := encoder.Wait(); err != nil {
		r.err = fmt.Errorf("encoding a talk: %w: %s", err, bytes.TrimSpace(complaint.Bytes()))
		return
	}
	r.mp3, r.err = mp3.Bytes(), fed
}

// feed gives the encoder all frames until Stop or the PBX's end.
func (r *recording) feed(in io.WriteCloser) error {
	defer in.Close()
	raw := make([]byte, 2*frameSamples)
	for {
		select {
		case <-r.server.life.Closed():
			return fmt.Errorf("the PBX is closed")
		case f, more := <-r.frames:
			if !more {
				return nil
			}
			for i, sample := range f {
				raw[2*i], raw[2*i+1] = byte(sample), byte(sample>>8)
			}
			if _, err := in.Write(raw); err != nil {
				return fmt.Errorf("writing to the encoder: %w", err)
			}
		}
	}
}
