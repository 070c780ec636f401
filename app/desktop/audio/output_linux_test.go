package audio

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// soundServer is a PulseAudio of the test's own with a sink that nobody hears.
func soundServer(t *testing.T, socket string) (stop func()) {
	t.Helper()
	cmd := exec.Command("pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no",
		"-L", "module-null-sink", "-L", "module-native-protocol-unix auth-anonymous=1 socket="+socket)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	stop = func() {
		cmd.Process.Kill()
		cmd.Wait()
	}
	t.Cleanup(stop)
	until(t, "the sound server is there", func() bool {
		return exec.Command("pactl", "--server=unix:"+socket, "info").Run() == nil
	})
	return stop
}

// until waits for a condition; a minute ends what hangs.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("it never was so that %s", what)
		}
	}
}

// TestOutput_isOpenedAgain: the sound server ends while something plays, and nothing sounded until Dozvon was started
// anew. The library opens its device once in a process.
func TestOutput_isOpenedAgain(t *testing.T) {
	dir := t.TempDir()
	socket := filepath.Join(dir, "sound")
	conf := filepath.Join(dir, "asound.conf")
	if err := os.WriteFile(conf, []byte("pcm.!default { type pulse server \"unix:"+socket+"\" }\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{"ALSA_CONFIG_PATH": conf, "HOME": dir, "XDG_RUNTIME_DIR": dir} {
		t.Setenv(name, value)
	}
	clip, _ := reference(t, "tone-8k-mono")
	o := &Output{}
	if _, err := o.Start(clip, 0, Manner{Speed: 1, Volume: 1}); !errors.Is(err, ErrNoDevice) {
		t.Fatalf("before there is a sound server: %v", err)
	}
	stop := soundServer(t, socket)
	first, err := o.Start(clip, 0, Manner{Speed: 1, Volume: 1})
	if err != nil {
		t.Fatalf("once there is one: %v", err)
	}
	until(t, "it plays", func() bool { return first.Position() > 0 })
	stop()
	until(t, "its end is known", func() bool { _, err := first.Done(); return errors.Is(err, ErrNoDevice) })
	first.Stop()
	if _, err := o.Start(clip, 0, Manner{Speed: 1, Volume: 1}); !errors.Is(err, ErrNoDevice) {
		t.Fatalf("while it is away: %v", err)
	}
	soundServer(t, socket)
	second, err := o.Start(clip, 0, Manner{Speed: 1, Volume: 1})
	if err != nil {
		t.Fatalf("when it is back: %v", err)
	}
	until(t, "it plays to its end", func() bool {
		done, err := second.Done()
		if err != nil {
			t.Fatal(err)
		}
		return done
	})
	second.Stop()
}
