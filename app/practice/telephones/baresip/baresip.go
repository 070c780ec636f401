// Package baresip runs baresip, somebody else's softphone, without a screen or a sound card, as an
// operator's telephone in tests. What it plays is a tone, what it hears is kept as WAV, and it is
// led and asked by its control socket. Debian's baresip-core is all that is needed.
package baresip

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"
)

// modules is where Debian has baresip's.
const modules = "/usr/lib/baresip/modules"

// pollEvery is how often a starting baresip is asked for; stopLimit is how long it may take to end.
const (
	pollEvery = 20 * time.Millisecond
	stopLimit = time.Second
)

// Config is a telephone's account. All fields are required.
type Config struct {
	// Dir is an empty folder for settings and what is heard.
	Dir string
	// Registrar is the PBX, host:port; Extension and Password are the account there.
	Registrar, Extension, Password string
}

// Event is what baresip tells of itself, such as CALL_INCOMING.
type Event struct {
	Type  string `json:"type"`
	Name  string `json:"peerdisplayname"`
	Peer  string `json:"peeruri"`
	Param string `json:"param"`
}

// Phone is a running baresip.
type Phone struct {
	config  Config
	cmd     *exec.Cmd
	done    chan struct{}
	control net.Conn

	mu      sync.Mutex // guards what follows
	log     bytes.Buffer
	events  []Event
	changed chan struct{} // closed at the next event
}

// Start runs a telephone, which registers at once.
func Start(ctx context.Context, c Config) (*Phone, error) {
	at, err := freePort()
	if err != nil {
		return nil, err
	}
	if err := c.write(at); err != nil {
		return nil, fmt.Errorf("writing the telephone's settings: %w", err)
	}
	p := &Phone{config: c, done: make(chan struct{}), changed: make(chan struct{})}
	p.cmd = exec.Command("baresip", "-s", "-f", c.Dir)
	p.cmd.Stdout, p.cmd.Stderr = (*logWriter)(p), (*logWriter)(p)
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting a telephone: %w (make deps installs baresip-core)", err)
	}
	go func() {
		_ = p.cmd.Wait() // it is ended by a signal
		close(p.done)
	}()
	if err := p.connect(ctx, at); err != nil {
		p.Close()
		return nil, fmt.Errorf("%w; baresip says: %s", err, p.Log())
	}
	go p.read()
	return p, nil
}

// freePort is an address that nobody listens on.
func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("finding a free port: %w", err)
	}
	return l.Addr().String(), l.Close()
}

// write makes baresip's folder.
func (c Config) write(control string) error {
	config := fmt.Sprintf(`sip_listen 127.0.0.1:0
audio_player aubridge,x
audio_source aufile,%[1]s/tone.wav
audio_alert aubridge,y
module_path %[2]s
module g711.so
module aufile.so
module aubridge.so
module sndfile.so
module_app account.so
module_app menu.so
module uuid.so
module_app ctrl_tcp.so
ctrl_tcp_listen %[3]s
snd_path %[1]s/heard
`, c.Dir, modules, control)
	files := map[string]string{
		"config": config, "contacts": "", "tone.wav": tone(),
		"accounts": fmt.Sprintf("<sip:%s@%s>;auth_pass=%s;regint=60\n", c.Extension, c.Registrar, c.Password),
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(c.Dir, name), []byte(content), 0o600); err != nil {
			return err
		}
	}
	return os.Mkdir(filepath.Join(c.Dir, "heard"), 0o700)
}

// tone is half a minute of 440 Hz as WAV, which is what the telephone's owner says.
func tone() string {
	const rate, seconds = 8000, 30
	samples := make([]int16, rate*seconds)
	for i := range samples {
		samples[i] = int16(8000 * math.Sin(2*math.Pi*440*float64(i)/rate))
	}
	var b bytes.Buffer
	size := uint32(2 * len(samples))
	for _, part := range []any{
		[]byte("RIFF"), 36 + size, []byte("WAVEfmt "), uint32(16), uint16(1), uint16(1), uint32(rate), uint32(2 * rate), uint16(2), uint16(16),
		[]byte("data"), size, samples,
	} {
		_ = binary.Write(&b, binary.LittleEndian, part) // a buffer takes everything
	}
	return b.String()
}

// connect waits for the control socket.
func (p *Phone) connect(ctx context.Context, at string) error {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		conn, err := net.Dial("tcp", at)
		if err == nil {
			p.control = conn
			return nil
		}
		select {
		case <-tick.C:
		case <-p.done:
			return errors.New("baresip has ended")
		case <-ctx.Done():
			return fmt.Errorf("waiting for baresip: %w", ctx.Err())
		}
	}
}

// read takes events until the socket closes. They come as netstrings of JSON.
func (p *Phone) read() {
	in := bufio.NewReader(p.control)
	for {
		length, err := in.ReadString(':')
		if err != nil {
			return
		}
		n, err := strconv.Atoi(strings.TrimSuffix(length, ":"))
		if err != nil {
			return
		}
		message := make([]byte, n+1) // with the comma
		if _, err := io.ReadFull(in, message); err != nil {
			return
		}
		var e Event
		if json.Unmarshal(message[:n], &e) != nil || e.Type == "" {
			continue
		}
		p.mu.Lock()
		p.events = append(p.events, e)
		close(p.changed)
		p.changed = make(chan struct{})
		p.mu.Unlock()
	}
}

// Wait takes the next event of a type; those before it are dropped.
func (p *Phone) Wait(ctx context.Context, kind string) (Event, error) {
	for {
		p.mu.Lock()
		for i, e := range p.events {
			if e.Type == kind {
				p.events = p.events[i+1:]
				p.mu.Unlock()
				return e, nil
			}
		}
		changed := p.changed
		p.mu.Unlock()
		select {
		case <-changed:
		case <-p.done:
			return Event{}, fmt.Errorf("baresip has ended without %s: %s", kind, p.Log())
		case <-ctx.Done():
			return Event{}, fmt.Errorf("waiting for %s of telephone %s: %w; baresip says: %s", kind, p.config.Extension, ctx.Err(), p.Log())
		}
	}
}

// Do gives a command, such as accept, hangup, hold, resume or transfer.
func (p *Phone) Do(command string, params ...string) error {
	m, err := json.Marshal(map[string]string{"command": command, "params": strings.Join(params, " "), "token": "t"})
	if err != nil {
		return fmt.Errorf("encoding a command: %w", err)
	}
	if _, err := fmt.Fprintf(p.control, "%d:%s,", len(m), m); err != nil {
		return fmt.Errorf("telling baresip to %s: %w", command, err)
	}
	return nil
}

// Log is all that baresip has printed, the SIP messages among it.
func (p *Phone) Log() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.log.String()
}

// Heard are the WAV files of what came to the telephone's ear, each a talk's; they are whole once it has ended.
func (p *Phone) Heard() ([]string, error) {
	return filepath.Glob(filepath.Join(p.config.Dir, "heard", "*-dec.wav"))
}

// Close ends the telephone.
func (p *Phone) Close() {
	if p.control != nil {
		p.control.Close()
	}
	_ = p.cmd.Process.Signal(os.Interrupt) // it may have ended
	limit := time.NewTimer(stopLimit)
	defer limit.Stop()
	select {
	case <-p.done:
	case <-limit.C:
		_ = p.cmd.Process.Kill()
		<-p.done
	}
}

// logWriter keeps what baresip prints.
type logWriter Phone

func (w *logWriter) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.log.Write(b)
}
