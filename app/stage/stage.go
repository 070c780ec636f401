//go:build linux

// Package stage is a desktop without a desk: a virtual display with a window manager, a
// session bus with a notification daemon, a tray host and a keyring, a sound server whose
// only output is a null sink, and on it the real programs as processes. The end-to-end test
// and the tour of `make run` play on it. It is Linux only and no part of what is shipped.
package stage

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// Config tells where the programs are and what the stage has. Bin and Shots are required.
type Config struct {
	Bin   string // folder of dozvon, dozvon-server, dozvon-pbx
	Shots string // folder for screenshots
	// What the stage lacks: an app must survive each.
	NoTray, NoNotifications, NoKeyring, NoSound bool
	DisplayOnly                                 bool   // of all only the display, for a desktop that brings its own
	Morning                                     bool   // a day begins with its page
	Telephones                                  string // host:port where SIP telephones may register with the first PBX; empty: none
	Scale                                       string // FYNE_SCALE; empty: 1
	Lang                                        string // LANG; empty: ru_RU.UTF-8
	// Log gets the programs' output; nil drops it.
	Log io.Writer
}

// Stage is a running desktop. Close ends everything on it.
type Stage struct {
	cfg   Config
	dir   string
	env   []string
	procs []*process
	Tray  *TrayHost
}

// screen is the virtual display's size in pixels, twice as wide and high at scale 2.
const (
	screenWidth  = 1600
	screenHeight = 900
)

// times is how many pixels a unit is wide.
func (s *Stage) times() int {
	if s.cfg.Scale == "2" {
		return 2
	}
	return 1
}

func (s *Stage) workArea() Rect {
	times := s.times()
	return Rect{Width: times * screenWidth, Height: times * screenHeight}
}

// startLimit is how long one part of the desktop may take to start.
const startLimit = 90 * time.Second

// Open starts the desktop.
func Open(ctx context.Context, cfg Config) (*Stage, error) {
	dir, err := os.MkdirTemp("", "dozvon-stage")
	if err != nil {
		return nil, fmt.Errorf("making the stage's folder: %w", err)
	}
	if err := os.MkdirAll(cfg.Shots, 0o755); err != nil {
		return nil, fmt.Errorf("making the folder for screenshots: %w", err)
	}
	if cfg.Lang == "" {
		cfg.Lang = "ru_RU.UTF-8"
	}
	if cfg.Log != nil {
		cfg.Log = &locked{to: cfg.Log}
	}
	s := &Stage{cfg: cfg, dir: dir}
	s.env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + s.sub("home"), "XDG_RUNTIME_DIR=" + s.sub("run"),
		"XDG_CONFIG_HOME=" + s.sub("home/.config"), "XDG_DATA_HOME=" + s.sub("home/.local/share"), "XDG_CACHE_HOME=" + s.sub("home/.cache"),
		"LANG=" + cfg.Lang, "LIBGL_ALWAYS_SOFTWARE=1", "TZ=Europe/Moscow",
	}
	if cfg.Scale != "" {
		s.env = append(s.env, "FYNE_SCALE="+cfg.Scale)
	}
	for i, part := range []struct {
		name  string
		start func(context.Context) error
		skip  bool
	}{
		{"the virtual display", s.startDisplay, false},
		{"the window manager", s.startWindowManager, false},
		{"the session bus", s.startBus, false},
		{"the notification daemon", s.startNotifications, cfg.NoNotifications},
		{"the tray host", s.startTray, cfg.NoTray},
		{"the keyring", s.startKeyring, cfg.NoKeyring},
		{"the sound server", s.startSound, cfg.NoSound},
	} {
		if part.skip || cfg.DisplayOnly && i > 0 {
			continue
		}
		limited, cancel := context.WithTimeout(ctx, startLimit)
		err := part.start(limited)
		cancel()
		if err != nil {
			s.Close()
			return nil, fmt.Errorf("starting %s: %w", part.name, err)
		}
	}
	return s, nil
}

func (s *Stage) sub(name string) string {
	path := filepath.Join(s.dir, name)
	os.MkdirAll(path, 0o700)
	return path
}

// Dir is the stage's own folder; it goes with Close.
func (s *Stage) Dir() string { return s.dir }

// Close ends every program, the newest first, and removes the folder.
func (s *Stage) Close() {
	if s.Tray != nil {
		s.Tray.Close()
	}
	for i := len(s.procs) - 1; i >= 0; i-- {
		s.procs[i].stop()
	}
	os.RemoveAll(s.dir)
}

// startDisplay lets the server choose a free number and say it on its third descriptor. Without
// -noreset the server begins anew when its last client leaves, and takes along whoever is just
// connecting: the window manager, if a command that asked for it was quicker.
func (s *Stage) startDisplay(ctx context.Context) error {
	r, w, err := os.Pipe()
	if err != nil {
		return err
	}
	defer r.Close()
	area := s.workArea()
	cmd := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", fmt.Sprintf("%dx%dx24", area.Width, area.Height), "-nolisten", "tcp", "-dpi", "96", "-noreset")
	cmd.ExtraFiles = []*os.File{w}
	err = s.start("Xvfb", cmd)
	w.Close()
	if err != nil {
		return err
	}
	number, err := readLine(ctx, r)
	if err != nil {
		return err
	}
	s.env = append(s.env, "DISPLAY=:"+number)
	return nil
}

func (s *Stage) startWindowManager(ctx context.Context) error {
	if err := s.start("openbox", exec.Command("openbox", "--sm-disable")); err != nil {
		return err
	}
	return Until(ctx, "a window manager on the display", func() bool {
		out, err := s.Output(ctx, "xprop", "-root", "_NET_SUPPORTING_WM_CHECK")
		return err == nil && strings.Contains(out, "window id")
	})
}

// busConfig has no service folder: nothing may start by itself, or the tests of what is
// missing would test nothing.
const busConfig = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:path=%s</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>`

func (s *Stage) startBus(ctx context.Context) error {
	socket := filepath.Join(s.sub("run"), "bus")
	conf := filepath.Join(s.dir, "bus.conf")
	if err := os.WriteFile(conf, fmt.Appendf(nil, busConfig, socket), 0o600); err != nil {
		return err
	}
	if err := s.start("dbus-daemon", exec.Command("dbus-daemon", "--config-file="+conf, "--nofork", "--nopidfile", "--nosyslog")); err != nil {
		return err
	}
	s.env = append(s.env, "DBUS_SESSION_BUS_ADDRESS=unix:path="+socket)
	// Its socket is there before anybody listens on it.
	return Until(ctx, "the bus", func() bool {
		conn, err := net.Dial("unix", socket)
		if err != nil {
			return false
		}
		return conn.Close() == nil
	})
}

func (s *Stage) startNotifications(ctx context.Context) error {
	// Bottom left, so that a notification and a call card never lie on each other in a picture.
	conf := filepath.Join(s.dir, "dunstrc")
	if err := os.WriteFile(conf, []byte("[global]\norigin = bottom-left\nfont = Sans 10\n"), 0o600); err != nil {
		return err
	}
	if err := s.start("dunst", exec.Command("dunst", "-conf", conf)); err != nil {
		return err
	}
	return s.untilOwned(ctx, "org.freedesktop.Notifications")
}

func (s *Stage) startTray(ctx context.Context) error {
	tray, err := NewTrayHost(s.Env("DBUS_SESSION_BUS_ADDRESS"))
	s.Tray = tray
	return err
}

func (s *Stage) startKeyring(ctx context.Context) error {
	cmd := exec.Command("gnome-keyring-daemon", "--unlock", "--components=secrets", "--foreground")
	cmd.Stdin = strings.NewReader("stage-password")
	if err := s.start("gnome-keyring-daemon", cmd); err != nil {
		return err
	}
	return s.untilOwned(ctx, "org.freedesktop.secrets")
}

func (s *Stage) startSound(ctx context.Context) error {
	socket := filepath.Join(s.dir, "pulse")
	cmd := exec.Command("pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no",
		"-L", "module-null-sink sink_name=nul", "-L", "module-native-protocol-unix auth-anonymous=1 socket="+socket)
	if err := s.start("pulseaudio", cmd); err != nil {
		return err
	}
	s.env = append(s.env, "PULSE_SERVER=unix:"+socket)
	asound := "pcm.!default { type pulse }\nctl.!default { type pulse }\n"
	if err := os.WriteFile(filepath.Join(s.sub("home"), ".asoundrc"), []byte(asound), 0o600); err != nil {
		return err
	}
	return Until(ctx, "the sound server", func() bool { _, err := os.Stat(socket); return err == nil })
}

func (s *Stage) untilOwned(ctx context.Context, name string) error {
	return Until(ctx, name+" on the bus", func() bool {
		out, err := s.Output(ctx, "dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.DBus", "/", "org.freedesktop.DBus.NameHasOwner", "string:"+name)
		return err == nil && strings.Contains(out, "true")
	})
}

// Env reads one of the stage's environment variables.
func (s *Stage) Env(name string) string {
	for i := len(s.env) - 1; i >= 0; i-- {
		if value, ok := strings.CutPrefix(s.env[i], name+"="); ok {
			return value
		}
	}
	return ""
}

// pollEvery is how often a condition is asked again.
const pollEvery = 20 * time.Millisecond

// Until waits for a fact. Its error says what was waited for.
func Until(ctx context.Context, what string, ok func() bool) error {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for !ok() {
		select {
		case <-ctx.Done():
			return fmt.Errorf("waited in vain for %s", what)
		case <-tick.C:
		}
	}
	return nil
}

func readLine(ctx context.Context, r *os.File) (string, error) {
	if deadline, ok := ctx.Deadline(); ok {
		r.SetReadDeadline(deadline)
	}
	line, err := bufio.NewReader(r).ReadString('\n')
	if err != nil && (line == "" || !errors.Is(err, io.EOF)) {
		return "", fmt.Errorf("it said nothing: %w", err)
	}
	return strings.TrimSpace(line), nil
}
