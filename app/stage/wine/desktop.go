//go:build linux

package wine

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"dozvon/app/stage"
)

//go:embed run.sh
var runScript string

// Config tells what a desktop shows and has. All are required.
type Config struct {
	System   System
	Programs string // folder of the .exe files, Z:\programs
	Source   string // the checkout, Z:\src, which nobody can write to
	Shots    string // folder for screenshots
	Log      io.Writer
}

// Desktop is a running Windows desktop. Close ends it with all that runs on it.
type Desktop struct {
	*stage.Stage
	root  string
	first stage.Program // the first process in its namespaces: they end with it, and all in them
	pid   string        // the same one's, as it is seen from outside
}

// startLimit is how long the desktop, or a program on it, may take to start.
const startLimit = 5 * time.Minute

// commandLimit ends a program that hangs; none of those that are waited for takes a twentieth of it.
const commandLimit = 5 * time.Minute

// Open starts the display and the namespaces. Windows itself starts with the first program.
func Open(ctx context.Context, cfg Config) (*Desktop, error) {
	s, err := stage.Open(ctx, stage.Config{Shots: cfg.Shots, Log: cfg.Log, DisplayOnly: true})
	if err != nil {
		return nil, err
	}
	d := &Desktop{Stage: s, root: filepath.Join(s.Dir(), "root")}
	said := filepath.Join(s.Dir(), "pid")
	d.first, err = s.Start("wine", exec.Command("unshare", "-m", "-p", "-f", "--kill-child", "--propagation", "private",
		"sh", "-euc", runScript, "sh", s.Dir(), cfg.System.Root, cfg.Programs, cfg.Source, said))
	if err != nil {
		s.Close()
		return nil, err
	}
	limited, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	err = stage.Until(limited, "the mounts of the Windows desktop", func() bool {
		raw, err := os.ReadFile(said)
		d.pid = strings.TrimSpace(string(raw))
		return err == nil && d.pid != ""
	})
	if err != nil {
		d.Close()
		return nil, err
	}
	return d, nil
}

// Close ends all that runs on the desktop, and takes it away.
func (d *Desktop) Close() {
	d.first.Stop()
	d.Stage.Close()
}

// inside is a command in the desktop's namespaces, which ends after limit.
func (d *Desktop) inside(dir string, limit time.Duration, command ...string) []string {
	return append([]string{
		"-t", d.pid, "-m", "-p", "--", "chroot", d.root, "env", "-i", "-C", dir,
		"HOME=/root", "USER=root", "PATH=/usr/bin:/bin", "LANG=ru_RU.UTF-8", "LC_ALL=ru_RU.UTF-8", "TZ=Europe/Moscow",
		"DISPLAY=" + d.Env("DISPLAY"), "WINEPREFIX=/root/.wine", "WINEDEBUG=-all", "WINEDLLOVERRIDES=mscoree,mshtml=", "LIBGL_ALWAYS_SOFTWARE=1",
		"timeout", "-s", "KILL", strconv.Itoa(int(limit.Seconds())),
	}, command...)
}

// Run runs a Windows program to its end, and answers what it printed.
func (d *Desktop) Run(ctx context.Context, program string, args ...string) (string, error) {
	return d.RunWith(ctx, "", program, args...)
}

// RunWith is Run with standard input.
func (d *Desktop) RunWith(ctx context.Context, stdin, program string, args ...string) (string, error) {
	return d.command(ctx, "/", commandLimit, stdin, append([]string{"wine", program}, args...)...)
}

// command runs a command of the chroot to its end.
func (d *Desktop) command(ctx context.Context, dir string, limit time.Duration, stdin string, command ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "nsenter", d.inside(dir, limit, command...)...)
	cmd.Stdin = strings.NewReader(stdin)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	// What a program leaves running, as wine's services, may keep its output open.
	cmd.WaitDelay = 5 * time.Second
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Run(); err != nil && !errors.Is(err, exec.ErrWaitDelay) {
		return out.String(), fmt.Errorf("%s: %w: %s", strings.Join(command, " "), err, strings.TrimSpace(errs.String()))
	}
	return out.String(), nil
}

// Launch starts a Windows program that goes on until it or the desktop ends.
func (d *Desktop) Launch(name, program string, args ...string) (stage.Program, error) {
	return d.Start(name, exec.Command("nsenter", d.inside("/", 24*time.Hour, append([]string{"wine", program}, args...)...)...))
}

// Restart ends every Windows program and Windows itself, as a log-off does for those that do not listen.
func (d *Desktop) Restart(ctx context.Context) error {
	if _, err := d.command(ctx, "/", commandLimit, "", "wineserver", "-k"); err != nil {
		return err
	}
	_, err := d.command(ctx, "/", commandLimit, "", "wineserver", "-w")
	return err
}

// Windows lists those of the desktop, the uppermost first.
func (d *Desktop) Windows(ctx context.Context) ([]Window, error) {
	out, err := d.Run(ctx, "/programs/winlook.exe", "windows")
	if err != nil {
		return nil, err
	}
	var all []Window
	if err := json.Unmarshal([]byte(out), &all); err != nil {
		return nil, fmt.Errorf("reading the windows %q: %w", out, err)
	}
	return all, nil
}

// Watch begins to note the windows that have the foreground. What it answers ends that, and lists them, one
// after another.
func (d *Desktop) Watch(ctx context.Context) (seen func() ([]Window, error), err error) {
	said, says := io.Pipe()
	told, tells := io.Pipe()
	cmd := exec.CommandContext(ctx, "nsenter", d.inside("/", time.Hour, "wine", "/programs/winlook.exe", "watch")...)
	cmd.Stdin, cmd.Stdout = told, says
	cmd.WaitDelay = 5 * time.Second
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("watching the foreground: %w", err)
	}
	go func() {
		err := cmd.Wait()
		if errors.Is(err, exec.ErrWaitDelay) {
			err = nil
		}
		says.CloseWithError(err) // nil: the end of the list
	}()
	decoder := json.NewDecoder(said)
	var first Window
	if err := decoder.Decode(&first); err != nil {
		return nil, fmt.Errorf("reading what has the foreground: %w", err)
	}
	return func() ([]Window, error) {
		tells.Close()
		for all := []Window{first}; ; {
			var w Window
			if err := decoder.Decode(&w); errors.Is(err, io.EOF) {
				return all, nil
			} else if err != nil {
				return nil, fmt.Errorf("reading what had the foreground: %w", err)
			}
			all = append(all, w)
		}
	}, nil
}

// Typed is what Notepad has got.
func (d *Desktop) Typed(ctx context.Context) (string, error) {
	out, err := d.Run(ctx, "/programs/winlook.exe", "text", "Notepad")
	return strings.TrimRight(out, "\r\n"), err
}
