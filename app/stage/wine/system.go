//go:build linux

package wine

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"time"
)

// ErrCannot says that this machine cannot run the Windows desktop, and why.
var ErrCannot = errors.New("no Windows desktop here")

// release is the Debian whose wine starts Go's programs: bookworm's 8.0 does not.
const release = "trixie"

// generation is part of the system's folder: raise it when make.sh or prepare.sh change what is made.
const generation = "1"

//go:embed make.sh
var makeScript string

//go:embed prepare.sh
var prepareScript string

// rootIn is where the system is, once it is whole.
func rootIn(dir string) string { return filepath.Join(dir, release+"-"+generation) }

// Reachable says, as ErrCannot, that there is no system under dir, nor a mirror to make it from; nil else.
func Reachable(ctx context.Context, dir string) error {
	if _, err := os.Stat(rootIn(dir)); err == nil {
		return nil
	}
	_, err := findMirror(ctx, "/etc/apt")
	return err
}

// System is the system with wine, made and ready.
type System struct {
	Root string
}

// Needs says what the machine lacks, as ErrCannot; nil when it can run the desktop.
func Needs() error {
	if os.Geteuid() != 0 {
		return fmt.Errorf("%w: only root can give wine a system and mounts of its own", ErrCannot)
	}
	for _, program := range []string{"unshare", "nsenter", "mount", "chroot", "Xvfb", "xdotool", "import", "x86_64-w64-mingw32-gcc"} {
		if _, err := exec.LookPath(program); err != nil {
			return fmt.Errorf("%w: %s is missing (.ci/deps windows installs it)", ErrCannot, program)
		}
	}
	// The same mounts as a run's.
	try := `mount -t tmpfs none /mnt && mkdir /mnt/upper /mnt/work /mnt/root && mount -t overlay none -o lowerdir=/etc,upperdir=/mnt/upper,workdir=/mnt/work /mnt/root &&
		mount -t proc proc /mnt/upper && mount --rbind /dev /mnt/work`
	out, err := exec.Command("unshare", "-m", "-p", "-f", "--propagation", "private", "sh", "-c", try).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%w: mounts are refused (%w: %s)", ErrCannot, err, strings.TrimSpace(string(out)))
	}
	return nil
}

// makeLimit is how long the making may take: a slow mirror costs some minutes, one that hangs no more than these.
const makeLimit = 15 * time.Minute

// Ready answers the system under dir, and makes it there unless somebody has. It is no part of what is tested:
// where it cannot be made, whatever the reason, that is ErrCannot.
func Ready(ctx context.Context, dir string, say func(string)) (System, error) {
	made, err := ready(ctx, dir, say)
	if err != nil && !errors.Is(err, ErrCannot) {
		err = fmt.Errorf("%w: %w", ErrCannot, err)
	}
	return made, err
}

func ready(ctx context.Context, dir string, say func(string)) (System, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return System{}, fmt.Errorf("making the cache folder: %w", err)
	}
	lock, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return System{}, fmt.Errorf("opening the cache's lock: %w", err)
	}
	defer lock.Close()
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return System{}, fmt.Errorf("waiting for whoever makes the system: %w", err)
	}
	made := System{Root: rootIn(dir)}
	if _, err := os.Stat(made.Root); err == nil {
		return made, nil
	}
	// What was killed half-way has the other name.
	half := made.Root + ".half"
	if err := os.RemoveAll(half); err != nil {
		return System{}, fmt.Errorf("removing a system that is half made: %w", err)
	}
	return made, makeSystem(ctx, made.Root, half, say)
}

func makeSystem(ctx context.Context, root, half string, say func(string)) error {
	if _, err := exec.LookPath("debootstrap"); err != nil {
		return fmt.Errorf("%w: debootstrap is missing (.ci/deps windows installs it)", ErrCannot)
	}
	mirror, err := findMirror(ctx, "/etc/apt")
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, makeLimit)
	defer cancel()
	say("making a Debian " + release + " with wine in " + root + ", once: some minutes, 2.5 GB")
	for _, script := range []string{makeScript, prepareScript} {
		// In mounts of its own, so that none of them outlives it.
		cmd := exec.CommandContext(ctx, "unshare", "-m", "-p", "-f", "--kill-child", "--propagation", "private", "sh", "-euc", script, "sh", half, mirror, release)
		cmd.WaitDelay = time.Second
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("making the system with wine: %w: %s", err, lastLines(string(out)))
		}
	}
	if err := os.Rename(half, root); err != nil {
		return fmt.Errorf("finishing the system with wine: %w", err)
	}
	return nil
}

// lastLines are enough to see what went wrong.
func lastLines(out string) string {
	lines := strings.Split(strings.TrimSpace(out), "\n")
	return strings.Join(lines[max(0, len(lines)-10):], "\n")
}

var (
	oneLine = regexp.MustCompile(`^deb\s+(?:\[[^]]*\]\s+)?(https?://\S+)`)
	uris    = regexp.MustCompile(`^URIs:\s*(.*)`)
)

// mirrors are the addresses of apt's sources in dir, in both of their formats.
func mirrors(dir string) []string {
	files, _ := filepath.Glob(filepath.Join(dir, "sources.list.d", "*")) // the pattern is right
	var all []string
	for _, file := range append([]string{filepath.Join(dir, "sources.list")}, files...) {
		text, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		for _, line := range strings.Split(string(text), "\n") {
			if m := oneLine.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
				all = append(all, m[1])
			} else if m := uris.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
				all = append(all, strings.Fields(m[1])...)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// mirrorLimit is how long a mirror may take to answer.
const mirrorLimit = 20 * time.Second

// findMirror is the first of apt's mirrors that has the release.
func findMirror(ctx context.Context, dir string) (string, error) {
	all := mirrors(dir)
	client := &http.Client{Timeout: mirrorLimit}
	for _, mirror := range all {
		url := strings.TrimSuffix(mirror, "/") + "/dists/" + release + "/InRelease"
		request, err := http.NewRequestWithContext(ctx, http.MethodHead, url, nil)
		if err != nil {
			continue
		}
		answer, err := client.Do(request)
		if err != nil {
			continue
		}
		answer.Body.Close()
		if answer.StatusCode == http.StatusOK {
			return mirror, nil
		}
	}
	return "", fmt.Errorf("%w: none of the %d mirrors in the apt sources can be reached and has Debian %s", ErrCannot, len(all), release)
}
