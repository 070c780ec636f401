//go:build linux

// Package package_test installs what `make package` makes, uses it and takes it away again.
package package_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"dozvon/client"
)

// limit ends what hangs; nothing here takes a tenth of it.
const limit = 2 * time.Minute

const password = "practice makes perfect"

// TestPackages_debInstalledUsedRemovedLeavesOnlyData: on a copy of this machine's system the packages
// are installed, the server is started by its unit's own command line, an administrator signs in,
// connects the practice PBX and sees a call. What is removed leaves the school's data and settings.
func TestPackages_debInstalledUsedRemovedLeavesOnlyData(t *testing.T) {
	m := newMachine(t)
	began := time.Now()
	m.install()
	m.wantsProgram("dozvon")
	m.wantsProgram("dozvon-server")
	m.wantsOwner("/var/lib/dozvon", 0o700, "dozvon")
	m.checkUnit()
	m.wantsPages()

	// Before the server's first start, and as root: what this creates must be the server's.
	m.in(password+"\n", "dozvon-server", "account", "add", "--data", "/var/lib/dozvon",
		"--login", "gromov", "--name", "Громов Павел", "--role", "admin", "--extension", "101", "--password-stdin")
	m.wantsOwner("/var/lib/dozvon/dozvon.db", 0o600, "dozvon")

	address, pbx := free(t), free(t)
	m.setting("listen: 127.0.0.1:8420", "listen: "+address)
	stop := m.startServer(address)
	m.startPBX(pbx, address)
	api := signIn(t, address)
	takeCall(t, api, pbx, func() {
		m.in("", "dozvon-pbx", "call", "--pbx", "http://"+pbx, "--from", "79145550148", "--scenario", "answered")
	})

	m.showCard(address, pbx)
	t.Logf("from the packages to a card on the screen, with all that was looked at between: %s", time.Since(began).Round(100*time.Millisecond))

	m.install() // over itself: an upgrade keeps what an administrator has set
	if got := m.read("/etc/dozvon/server.yaml"); !strings.Contains(got, address) {
		t.Errorf("after an upgrade the settings are\n%s", got)
	}
	stop()

	m.in("", "dpkg", "--remove", "dozvon", "dozvon-server")
	left := m.left()
	left = slices.DeleteFunc(left, func(path string) bool { return strings.HasPrefix(path, "/var/lib/dozvon/") })
	if want := []string{"/etc/dozvon/server.yaml"}; !slices.Equal(left, want) {
		t.Errorf("beside the data there is left %v, want %v", left, want)
	}
	m.in("", "dpkg", "--purge", "dozvon", "dozvon-server")
	for _, path := range m.left() {
		if !strings.HasPrefix(path, "/var/lib/dozvon/") {
			t.Errorf("after a purge there is left %s", path)
		}
	}
	m.wantsOwner("/var/lib/dozvon/dozvon.db", 0o600, "dozvon")

	m.install() // somebody thinks better of it
	m.setting("listen: 127.0.0.1:8420", "listen: "+address)
	defer m.startServer(address)()
	page, err := signIn(t, address).Feed(t.Context(), client.FeedQuery{Phone: "+79145550148"})
	if err != nil || len(page.Items) == 0 {
		t.Errorf("installed again, the feed of the caller is %v, %v", page.Items, err)
	}
}

func signIn(t *testing.T, address string) *client.API {
	t.Helper()
	in, err := client.New("http://"+address, "").SignIn(t.Context(), client.SignIn{Login: "gromov", Password: password, Device: "test"})
	if err != nil {
		t.Fatal("signing in: ", err)
	}
	return client.New("http://"+address, in.Token)
}

// takeCall connects the PBX and waits until a call of it is seen, first ringing or talking, then in the feed.
func takeCall(t *testing.T, api *client.API, pbx string, call func()) {
	t.Helper()
	kind, key, salt, url, on := "mango", "k", "s", "http://"+pbx+"/vpbx/", true
	made, err := api.CreateIntegration(t.Context(), client.IntegrationInput{Kind: &kind, APIKey: &key, APISalt: &salt, APIURL: &url, Active: &on})
	if err != nil {
		t.Fatal("connecting the PBX: ", err)
	}
	people, err := api.Employees(t.Context())
	if err != nil || len(people) != 1 {
		t.Fatal(people, err)
	}
	if _, err := api.SetExtensions(t.Context(), made.ID, []client.ExtensionRow{{EmployeeID: people[0].ID, Extension: "101"}}); err != nil {
		t.Fatal("setting the extension: ", err)
	}
	call()
	until(t, "the living call", func() bool {
		calls, err := api.ActiveCalls(t.Context())
		return err == nil && len(calls) == 1 && calls[0].Phone == "+79145550148"
	})
	until(t, "the call in the feed", func() bool {
		page, err := api.Feed(t.Context(), client.FeedQuery{Phone: "+79145550148"})
		return err == nil && len(page.Items) > 0
	})
}

// showCard starts the installed app on a virtual display, signs in, and waits until somebody who rings
// stands on its screen.
func (m *machine) showCard(server, pbx string) {
	m.t.Helper()
	if _, err := exec.LookPath("Xvfb"); err != nil {
		m.t.Log("the app is not shown: ", err)
		return
	}
	display := exec.CommandContext(m.t.Context(), "Xvfb", "-displayfd", "1", "-screen", "0", "1600x900x24", "-nolisten", "tcp")
	out, err := display.StdoutPipe()
	if err == nil {
		err = display.Start()
	}
	if err != nil {
		m.t.Fatal("starting a display: ", err)
	}
	defer func() { display.Process.Kill(); display.Wait() }()
	number, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		m.t.Fatal("reading the display's number: ", err)
	}
	m.in("", "mkdir", "-m", "700", "/tmp/person")
	dozvon := []string{"env", "DISPLAY=:" + strings.TrimSpace(number), "HOME=/tmp/person", "XDG_RUNTIME_DIR=/tmp/person", "LIBGL_ALWAYS_SOFTWARE=1", "MESA_SHADER_CACHE_DISABLE=true", "dozvon"}
	app := m.run(dozvon...)
	defer app.stop()
	status := func() string {
		said, _ := m.command(m.t.Context(), append(dozvon, "status", "--json")...).Output()
		return string(said)
	}
	app.until("the app", func() bool { return strings.Contains(status(), `"signed_out"`) })
	m.in(password+"\n", append(dozvon, "sign-in", "--server", "http://"+server, "--login", "gromov", "--password-stdin")...)
	app.until("the app to be live", func() bool { return strings.Contains(status(), `"live"`) })
	m.in("", "dozvon-pbx", "phone", "101", "--pbx", "http://"+pbx, "--no-answer")
	m.in("", "dozvon-pbx", "call", "--pbx", "http://"+pbx, "--from", "79145550148", "--scenario", "missed", "--to", "101", "--ring", "30m")
	app.until("the card", func() bool {
		said := status()
		return strings.Contains(said, `"state": "ringing"`) && strings.Contains(said, "914 555-01-48")
	})
}

// machine is a copy of the system we run on: what is written lands in a folder of its own.
type machine struct {
	t          *testing.T
	dir, upper string
	holder     int // process that holds the copy's mounts; all that runs in it ends with it
	debs       []string
}

func newMachine(t *testing.T) *machine {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("only root can mount the copy of the system that packages are installed on")
	}
	for _, program := range []string{"dpkg", "unshare", "nsenter", "setpriv"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skip("packages are installed with ", program, ", which this system has not: ", err)
		}
	}
	m := &machine{t: t, dir: t.TempDir()}
	m.upper = filepath.Join(m.dir, "upper")
	debs := filepath.Join(m.upper, "debs")
	for _, dir := range []string{debs, filepath.Join(m.dir, "work"), m.root()} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	m.hold()
	m.build(debs)
	return m
}

func (m *machine) root() string { return filepath.Join(m.dir, "root") }

// hold starts the process that keeps the mounts. /run is empty there, so that nothing reaches this
// machine's own systemd.
func (m *machine) hold() {
	m.t.Helper()
	script := `mount -t overlay overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" "$1/root" || exit 9
mount -t proc proc "$1/root/proc" && mount --rbind /dev "$1/root/dev" && mount -t tmpfs tmpfs "$1/root/run" && mount -t tmpfs tmpfs "$1/root/tmp" &&
	mkdir -p -m 1777 /tmp/.X11-unix "$1/root/tmp/.X11-unix" && mount --bind /tmp/.X11-unix "$1/root/tmp/.X11-unix" && echo ready && read end`
	cmd := exec.Command("unshare", "--mount", "--pid", "--fork", "--kill-child", "--propagation", "private", "sh", "-c", script, "sh", m.dir)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		m.t.Fatal(err)
	}
	var faults bytes.Buffer
	cmd.Stderr = &faults
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		m.t.Fatal(err)
	}
	m.t.Cleanup(func() {
		stdin.Close()
		cmd.Process.Kill()
		cmd.Wait()
	})
	ready := make([]byte, 5)
	if _, err := out.Read(ready); err != nil {
		cmd.Wait()
		if cmd.ProcessState.ExitCode() == 9 {
			m.t.Skip("no overlay can be mounted here: ", faults.String())
		}
		m.t.Fatal("preparing the copy of the system: ", faults.String())
	}
	m.holder = cmd.Process.Pid
}

// build packs the programs of make build.
func (m *machine) build(to string) {
	m.t.Helper()
	cmd := exec.CommandContext(m.t.Context(), ".ci/package", "--bin", "build", "--out", to, "deb")
	cmd.Dir = "../.."
	if out, err := cmd.CombinedOutput(); err != nil {
		m.t.Fatalf("packing: %v\n%s", err, out)
	}
	found, err := filepath.Glob(filepath.Join(to, "*.deb"))
	if err != nil || len(found) != 2 {
		m.t.Fatal("packed are ", found, err)
	}
	for _, path := range found {
		m.debs = append(m.debs, "/debs/"+filepath.Base(path))
	}
}

// command is one inside the copy.
func (m *machine) command(ctx context.Context, args ...string) *exec.Cmd {
	at := fmt.Sprintf("/proc/%d/ns/", m.holder)
	cmd := exec.CommandContext(ctx, "nsenter", append([]string{
		"--mount=" + at + "mnt", "--pid=" + at + "pid_for_children", "--",
		"chroot", m.root(), "/usr/bin/env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8", "DEBIAN_FRONTEND=noninteractive",
	}, args...)...)
	cmd.Dir = "/"
	return cmd
}

// in runs a command to its end and wants it to succeed.
func (m *machine) in(stdin string, args ...string) string {
	m.t.Helper()
	ctx, cancel := context.WithTimeout(m.t.Context(), limit)
	defer cancel()
	cmd := m.command(ctx, args...)
	cmd.Stdin = strings.NewReader(stdin)
	out, err := cmd.CombinedOutput()
	if err != nil {
		m.t.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

func (m *machine) install() {
	m.t.Helper()
	m.in("", append([]string{"dpkg", "--install"}, m.debs...)...)
}

func (m *machine) wantsProgram(name string) {
	m.t.Helper()
	if out := m.in("", name, "--version"); !strings.Contains(out, name+" version ") {
		m.t.Errorf("%s --version says %q", name, out)
	}
}

var link = regexp.MustCompile(`\]\(([^)#]+)`)

// wantsPages follows the links of the installed pages.
func (m *machine) wantsPages() {
	m.t.Helper()
	pages := strings.Fields(m.in("", "find", "/usr/share/doc/dozvon", "/usr/share/doc/dozvon-server", "-name", "*.md"))
	if len(pages) < 5 {
		m.t.Error("installed are the pages ", pages)
	}
	followed := 0
	for _, page := range pages {
		for _, to := range link.FindAllStringSubmatch(m.read(page), -1) {
			if strings.Contains(to[1], "://") {
				continue
			}
			followed++
			if _, err := os.Stat(filepath.Join(m.upper, filepath.Dir(page), to[1])); err != nil {
				m.t.Errorf("%s leads to %s: %v", page, to[1], err)
			}
		}
	}
	if followed < 5 {
		m.t.Errorf("the pages have %d links among them", followed)
	}
}

func (m *machine) wantsOwner(path string, mode fs.FileMode, owner string) {
	m.t.Helper()
	want := fmt.Sprintf("%s:%s %o", owner, owner, mode)
	if got := strings.TrimSpace(m.in("", "stat", "--format", "%U:%G %a", path)); got != want {
		m.t.Errorf("%s is %s, want %s", path, got, want)
	}
}

func (m *machine) read(path string) string {
	m.t.Helper()
	return m.in("", "cat", path)
}

// setting changes a line of the settings, as an administrator does with an editor.
func (m *machine) setting(old, now string) {
	m.t.Helper()
	text := m.read("/etc/dozvon/server.yaml")
	if !strings.Contains(text, old) {
		m.t.Fatalf("the settings have no %q:\n%s", old, text)
	}
	m.in(strings.Replace(text, old, now, 1), "tee", "/etc/dozvon/server.yaml")
}

const unitPath = "/usr/lib/systemd/system/dozvon-server.service"

// checkUnit has systemd's own reader look at the unit, where there is one.
func (m *machine) checkUnit() {
	m.t.Helper()
	if _, err := exec.LookPath("systemd-analyze"); err != nil {
		m.t.Log("the unit is not looked at by systemd-analyze: ", err)
		return
	}
	if out := m.in("", "systemd-analyze", "verify", unitPath); strings.TrimSpace(out) != "" {
		m.t.Error("the unit: ", out)
	}
}

// unit reads what the server's unit says.
func (m *machine) unit() map[string]string {
	m.t.Helper()
	says := map[string]string{}
	for line := range strings.Lines(m.read(unitPath)) {
		if key, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok && !strings.HasPrefix(key, "#") {
			says[key] = value
		}
	}
	return says
}

// startServer runs the unit's command line as its user, with its rights and its umask.
func (m *machine) startServer(address string) (stop func()) {
	m.t.Helper()
	unit := m.unit()
	line := strings.Fields(unit["ExecStart"])
	if len(line) == 0 {
		m.t.Fatal("the unit has no ExecStart")
	}
	args := append([]string{
		"setpriv", "--reuid", unit["User"], "--regid", unit["Group"], "--clear-groups", "--no-new-privs", "--bounding-set", "-all,+net_bind_service", "--",
		"sh", "-c", `cd "$1" && umask "$2" && shift 2 && exec "$@"`, "sh", unit["WorkingDirectory"], unit["UMask"],
	}, line...)
	return m.start("http://"+address+"/readyz", args...)
}

func (m *machine) startPBX(at, server string) {
	m.t.Helper()
	stop := m.start("http://"+at+"/control/healthz", "dozvon-pbx", "serve", "--listen", at, "--key", "k", "--salt", "s", "--target", "http://"+server+"/mango")
	m.t.Cleanup(stop)
}

// start runs a program until stop, and waits for its first answer.
func (m *machine) start(url string, args ...string) (stop func()) {
	m.t.Helper()
	p := m.run(args...)
	p.until(url, func() bool {
		resp, err := http.Get(url)
		if err != nil {
			return false
		}
		resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	})
	return p.stop
}

// program is one that runs inside the copy.
type program struct {
	m     *machine
	args  []string
	cmd   *exec.Cmd
	said  *bytes.Buffer // to be read once it has ended
	ended chan struct{}
	err   error // how it ended
}

func (m *machine) run(args ...string) *program {
	m.t.Helper()
	var said bytes.Buffer
	cmd := m.command(context.Background(), args...)
	cmd.Stdout, cmd.Stderr = &said, &said
	// nsenter waits for the program and passes no signal on: the whole group is told to end.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		m.t.Fatal(err)
	}
	p := &program{m: m, args: args, cmd: cmd, said: &said, ended: make(chan struct{})}
	go func() {
		p.err = cmd.Wait()
		close(p.ended)
	}()
	m.t.Cleanup(func() {
		select {
		case <-p.ended:
			if m.t.Failed() {
				m.t.Logf("%s said:\n%s", args, said.String())
			}
		default:
		}
	})
	return p
}

func (p *program) stop() {
	syscall.Kill(-p.cmd.Process.Pid, syscall.SIGTERM)
	select {
	case <-p.ended:
	case <-time.After(limit):
		p.m.t.Errorf("%s does not end", p.args[0])
	}
}

// until waits for something that the program does, and fails at once when it ends.
func (p *program) until(what string, ok func() bool) {
	p.m.t.Helper()
	until(p.m.t, what, func() bool {
		select {
		case <-p.ended:
			p.m.t.Fatalf("%s ended: %v\n%s", strings.Join(p.args, " "), p.err, p.said.String())
		default:
		}
		return ok()
	})
}

// bookkeeping is where the package manager, the list of users and the system's caches write.
var bookkeeping = []string{"/debs/", "/var/lib/dpkg/", "/var/log/", "/var/cache/", "/etc/passwd", "/etc/group", "/etc/shadow", "/etc/gshadow", "/etc/subuid", "/etc/subgid", "/etc/.pwd.lock"}

// left lists the files that the copy has and this machine has not, or has otherwise.
func (m *machine) left() []string {
	m.t.Helper()
	var left []string
	err := filepath.WalkDir(m.upper, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		inside := strings.TrimPrefix(path, m.upper)
		if slices.ContainsFunc(bookkeeping, func(prefix string) bool { return strings.HasPrefix(inside, prefix) }) {
			return nil
		}
		// Caches of icons and links are made anew by other packages' triggers.
		if slices.Contains([]string{"mimeinfo.cache", "icon-theme.cache", "mailcap"}, d.Name()) {
			return nil
		}
		left = append(left, inside)
		return nil
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		m.t.Fatal(err)
	}
	return left
}

func free(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for end := time.After(limit); !ok(); {
		select {
		case <-tick.C:
		case <-end:
			t.Fatal("waited in vain for ", what)
		}
	}
}
