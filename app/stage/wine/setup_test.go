//go:build linux

package wine

import (
	"context"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dozvon/app/desktop/autostart"
	"dozvon/app/stage"
	"dozvon/client"
)

const (
	installed = `C:\users\root\AppData\Local\Programs\Dozvon\`
	startMenu = `C:\users\root\AppData\Roaming\Microsoft\Windows\Start Menu\Programs\Dozvon.lnk`
	people    = "/root/.wine/drive_c/users"
)

// left is what the setup may leave behind: the person's own choices, who they were, when they last had their morning,
// and where their window stood, their pages and the recordings that they heard.
var left = []string{"desktop-state.json", "desktop-window.json", "desktop-morning.json", "desktop-pages-*.json", "desktop-places-*.json", "desktop.yaml"}

// isLeft tells whether a file is one of those.
func isLeft(file string) bool {
	return slices.ContainsFunc(left, func(pattern string) bool {
		ok, err := path.Match(pattern, path.Base(file))
		return ok && err == nil
	})
}

// registered are the keys and values that the setup makes.
var registered = [][]string{
	{`HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\Dozvon`},
	{`HKCU\Software\Microsoft\Windows\CurrentVersion\Run`, "/v", "Dozvon"},
	{`HKCU\Software\Classes\Dozvon.tel\shell\open\command`},
	{`HKCU\Software\Dozvon\Capabilities`},
	{`HKCU\Software\RegisteredApplications`, "/v", "Dozvon"},
}

// installation is a computer on which the setup is run.
type installation struct {
	day
	setup  string
	before []string // the files there were
}

// TestSetup_leavesNothingButData installs silently, starts from the Start menu, signs in, sees a card,
// upgrades over the running app and takes everything away.
func TestSetup_leavesNothingButData(t *testing.T) {
	t.Parallel()
	cache := cacheFolder(t)
	if _, err := exec.LookPath("makensis"); err != nil {
		t.Skip("nothing to make the setup with (.ci/deps windows installs it): ", err)
	}
	d := &installation{day: day{Desktop: withPrograms(t, cache), program: installed + "dozvon.exe"}}
	d.pack(t)
	d.goes(t, []step{
		{"installed", d.installs},
		{"started", d.starts},
		{"the first card", d.firstCard},
		{"upgraded while it runs", d.upgrades},
		{"removed", d.isRemoved},
	})
}

// pack makes the setup of the programs that were built.
func (d *installation) pack(t *testing.T) {
	t.Helper()
	out := filepath.Join(*folder, "packages")
	must(t, os.RemoveAll(out))
	bin, err := filepath.Abs(*folder)
	must(t, err)
	cmd := exec.CommandContext(t.Context(), ".ci/package", "--bin", bin, "--out", filepath.Join(bin, "packages"), "setup")
	cmd.Dir = "../../.."
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("packing: %v\n%s", err, said)
	}
	found, err := filepath.Glob(filepath.Join(out, "Dozvon-*-setup.exe"))
	if err != nil || len(found) != 1 {
		t.Fatal("packed are ", found, err)
	}
	d.setup = "/programs/packages/" + filepath.Base(found[0])
}

// files are those of the people of this computer, without what programs put away for a while.
func (d *installation) files(ctx context.Context, t *testing.T) []string {
	t.Helper()
	out, err := d.command(ctx, "/", commandLimit, "", "find", people, "-type", "f", "-not", "-path", "*/Temp/*")
	must(t, err)
	all := strings.Split(strings.TrimSpace(out), "\n")
	slices.Sort(all)
	return all
}

// has tells whether something stands in the registry, and what.
func (d *installation) has(ctx context.Context, query []string) (string, bool) {
	out, err := d.Run(ctx, "reg", append([]string{"query"}, query...)...)
	return out, err == nil
}

func (d *installation) installs(ctx context.Context, t *testing.T) {
	d.server, d.pbx = freeAddress(t), freeAddress(t)
	d.before = d.files(ctx, t)
	_, err := d.Run(ctx, d.setup, "/S", "/SERVER=http://"+d.server)
	must(t, err)
	for _, query := range registered {
		if _, ok := d.has(ctx, query); !ok {
			t.Errorf("%v is not in the registry", query)
		}
	}
	// As the app's own switch has it.
	if said, _ := d.has(ctx, registered[1]); !strings.Contains(said, `dozvon.exe" --`+autostart.Flag) {
		t.Errorf("it starts with Windows by %s", said)
	}
	out, err := d.Run(ctx, installed+"dozvon.exe", "--version")
	if err != nil || !strings.Contains(out, "dozvon version ") {
		t.Errorf("its version is %q, %v", out, err)
	}
}

// starts is a click in the Start menu; the address that the setup was given stands in the first sign-in.
func (d *installation) starts(ctx context.Context, t *testing.T) {
	d.startSchool(ctx, t)
	_, err := d.Run(ctx, "start", startMenu)
	must(t, err)
	s := d.until(ctx, t, "the app to wait for a sign-in", func(s stage.Status) bool { return s.Connection == "signed_out" && s.Server != "" })
	if s.Server != "http://"+d.server {
		t.Errorf("the sign-in has the address %q", s.Server)
	}
	d.shot(ctx, t, "setup-1-sign-in")
}

// firstCard makes the first administrator by the server's code, connects the PBX, and lets somebody call.
func (d *installation) firstCard(ctx context.Context, t *testing.T) {
	code, err := d.Run(ctx, "/programs/dozvon-server.exe", "account", "code", "--data", `C:\school`)
	must(t, err)
	in, err := client.New("http://"+d.server, "").CreateFirstAccount(ctx, client.FirstAccount{Code: strings.TrimSpace(code), Name: "Громов Павел", Login: "gromov", Password: password})
	must(t, err)
	api := client.New("http://"+d.server, in.Token)
	kind, key, salt, url, on, own := "mango", "demo-key", "demo-salt", "http://"+d.pbx+"/vpbx/", true, "101"
	_, err = api.CreateIntegration(ctx, client.IntegrationInput{Kind: &kind, APIKey: &key, APISalt: &salt, APIURL: &url, Active: &on})
	must(t, err)
	_, err = api.UpdateEmployee(ctx, in.Employee.ID, client.EmployeeInput{Extension: &own})
	must(t, err)
	must(t, d.signInBy(ctx, "gromov", password))
	d.until(ctx, t, "the app to be live", live)
	d.rings(ctx, t, secondCaller)
	d.shot(ctx, t, "setup-2-first-card")
}

// upgrades runs the setup over the app that shows a card: it comes back signed in, with what was chosen
// anew, and keeps what was not.
func (d *installation) upgrades(ctx context.Context, t *testing.T) {
	_, err := d.Run(ctx, d.setup, "/S", "/AUTOSTART=0")
	must(t, err)
	s := d.until(ctx, t, "the upgraded app to be live", live)
	if s.Employee.Login != "gromov" {
		t.Errorf("signed in as %q", s.Employee.Login)
	}
	run, links := registered[1], registered[4]
	for range 2 {
		if said, ok := d.has(ctx, run); ok {
			t.Errorf("it still starts with Windows: %s", said)
		}
		if _, ok := d.has(ctx, links); !ok {
			t.Error("it is offered for links no more")
		}
		_, err = d.Run(ctx, d.setup, "/S")
		must(t, err)
	}
	d.until(ctx, t, "the app to be live after the last upgrade", live)
}

func (d *installation) isRemoved(ctx context.Context, t *testing.T) {
	_, err := d.Run(ctx, installed+"uninstall.exe", "/S")
	must(t, err)
	// It goes on in a copy of itself.
	must(t, stage.Until(ctx, "the uninstallation to end", func() bool {
		out, err := d.command(ctx, "/", commandLimit, "", "find", people, "-path", "*/Programs/Dozvon*")
		return err == nil && strings.TrimSpace(out) == ""
	}))
	if _, err := d.Run(ctx, "/programs/dozvon.exe", "status"); err == nil {
		t.Error("the app runs still")
	}
	for _, file := range d.files(ctx, t) {
		if !slices.Contains(d.before, file) && !isLeft(file) {
			t.Errorf("left is %s", file)
		}
	}
	must(t, stage.Until(ctx, "the registry to be clean", func() bool {
		return !slices.ContainsFunc(registered, func(query []string) bool { _, ok := d.has(ctx, query); return ok })
	}))
}
