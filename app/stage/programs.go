//go:build linux

package stage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"dozvon/app/server/demo"
	"dozvon/client"
)

// The demo school's PBX accounts and its people's password. Nothing outside the stage knows them.
const (
	demoKey      = "demo-key"
	demoSalt     = "demo-salt"
	demoToken    = "demo-token"
	demoPassword = "practice makes perfect"
)

// TelephonePassword is that of every SIP telephone.
const TelephonePassword = "telephone"

// School is the server, the two practice PBXs and the app, as processes on a stage.
type School struct {
	*Stage
	ServerURL, PBXURL, BeelineURL string
	data                          string
	server, pbx, beeline, app     *process
}

// OpenSchool fills a demo school and starts the server and the practice PBXs. The second one runs
// first: the demo asks it who its people are, and the server subscribes to its events.
func (s *Stage) OpenSchool(ctx context.Context) (*School, error) {
	var at [3]string
	for i := range at {
		var err error
		if at[i], err = freeAddress(); err != nil {
			return nil, err
		}
	}
	c := &School{
		Stage: s, ServerURL: "http://" + at[0], PBXURL: "http://" + at[1], BeelineURL: "http://" + at[2], data: filepath.Join(s.dir, "data"),
	}
	if err := c.startBeeline(ctx); err != nil {
		return nil, err
	}
	_, err := s.OutputWith(ctx, demoPassword+"\n", c.bin("dozvon-server"), "demo", "--data", c.data, "--password-stdin",
		"--pbx", c.PBXURL+"/vpbx/", "--key", demoKey, "--salt", demoSalt,
		"--second-pbx", c.BeelineURL+"/apis/portal/", "--second-token", demoToken)
	if err != nil {
		return nil, err
	}
	if err := c.StartServer(ctx); err != nil {
		return nil, err
	}
	if err := c.startPBX(ctx); err != nil {
		return nil, err
	}
	return c, c.untilSubscribed(ctx)
}

func (c *School) bin(name string) string { return filepath.Join(c.cfg.Bin, name) }

// StartServer starts the server, also again after KillServer, and waits until it is ready.
func (c *School) StartServer(ctx context.Context) error {
	addr := strings.TrimPrefix(c.ServerURL, "http://")
	p, err := c.launch("server", exec.Command(c.bin("dozvon-server"), "serve", "--data", c.data, "--listen", addr))
	if err != nil {
		return err
	}
	c.server = p
	return c.answers(ctx, p, c.ServerURL+"/readyz")
}

// KillServer ends the server as a crash would.
func (c *School) KillServer() { c.server.kill() }

func (c *School) startPBX(ctx context.Context) error {
	args := []string{
		"serve", "--listen", strings.TrimPrefix(c.PBXURL, "http://"),
		"--key", demoKey, "--salt", demoSalt, "--target", c.ServerURL + "/mango", "--recording-delay", "1s",
	}
	if c.cfg.Telephones != "" {
		args = append(args, "--sip", c.cfg.Telephones, "--sip-password", TelephonePassword)
	}
	p, err := c.launch("pbx", exec.Command(c.bin("dozvon-pbx"), args...))
	if err != nil {
		return err
	}
	c.pbx = p
	return c.answers(ctx, p, c.PBXURL+"/control/healthz")
}

func (c *School) startBeeline(ctx context.Context) error {
	p, err := c.launch("pbx-beeline", exec.Command(c.bin("dozvon-pbx"), "serve", "--kind", "beeline",
		"--listen", strings.TrimPrefix(c.BeelineURL, "http://"), "--token", demoToken, "--recording-delay", "1s"))
	if err != nil {
		return err
	}
	c.beeline = p
	return c.answers(ctx, p, c.BeelineURL+"/control/healthz")
}

// untilSubscribed waits until the server gets the second PBX's events.
func (c *School) untilSubscribed(ctx context.Context) error {
	limited, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	return Until(limited, "a subscription to the second PBX's events", func() bool {
		resp, err := http.Get(c.BeelineURL + "/control/subscriptions")
		if err != nil {
			return false
		}
		defer resp.Body.Close()
		var live []json.RawMessage
		return json.NewDecoder(resp.Body).Decode(&live) == nil && len(live) > 0
	})
}

func (c *School) answers(ctx context.Context, p *process, url string) error {
	limited, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	return Until(limited, p.name+" to answer", func() bool {
		resp, err := http.Get(url)
		if err != nil {
			return !p.running()
		}
		resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	})
}

// SignIn signs somebody of the demo school in without a window: in the running app, or into the
// keyring for the next start.
func (c *School) SignIn(ctx context.Context, login string) error {
	return c.signInWith(ctx, login, demoPassword)
}

func (c *School) signInWith(ctx context.Context, login, password string) error {
	_, err := c.OutputWith(ctx, password+"\n", c.bin("dozvon"), "sign-in", "--server", c.ServerURL, "--login", login, "--password-stdin")
	return err
}

// StartApp starts the tray app and waits until it follows the server's stream.
func (c *School) StartApp(ctx context.Context) error { return c.startApp(ctx, "live") }

// StartAppAs starts the tray app signed out and signs somebody in while it runs, which also works
// on a desktop without a keyring.
func (c *School) StartAppAs(ctx context.Context, login string) error {
	if err := c.startApp(ctx, "signed_out"); err != nil {
		return err
	}
	if err := c.SignIn(ctx, login); err != nil {
		return err
	}
	return c.untilConnection(ctx, "live")
}

func (c *School) startApp(ctx context.Context, connection string) error {
	return c.startAppBy(ctx, connection, "--background")
}

// startAppBy starts the tray app by a command line, and waits for the connection.
func (c *School) startAppBy(ctx context.Context, connection string, args ...string) error {
	cmd := exec.Command(c.bin("dozvon"), args...)
	if !c.cfg.Morning {
		cmd.Env = []string{"DOZVON_MORNING=false"} // it would stand where a step wants the feed
	}
	p, err := c.launch("app", cmd)
	if err != nil {
		return err
	}
	c.app = p
	return c.untilConnection(ctx, connection)
}

func (c *School) untilConnection(ctx context.Context, connection string) error {
	limited, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	return c.UntilStatus(limited, "the app to be "+connection, func(s Status) bool { return s.Connection == connection })
}

// AppRuns reports whether the app is still there.
func (c *School) AppRuns() bool { return c.app.running() }

// AppPID is the app's process id.
func (c *School) AppPID() int { return c.app.cmd.Process.Pid }

// API is the server's, as the demo school's operator.
func (c *School) API(ctx context.Context) (*client.API, error) {
	in, err := client.New(c.ServerURL, "").SignIn(ctx, client.SignIn{Login: demo.Login, Password: demoPassword, Device: "stage"})
	if err != nil {
		return nil, fmt.Errorf("signing in beside the app: %w", err)
	}
	return client.New(c.ServerURL, in.Token), nil
}

// Do asks the running app to do one thing, as a person would with the mouse.
func (c *School) Do(ctx context.Context, action ...string) error {
	_, err := c.Output(ctx, c.bin("dozvon"), append([]string{"do"}, action...)...)
	return err
}

// Dial clicks a number, from a script.
func (c *School) Dial(ctx context.Context, number string) error {
	_, err := c.Output(ctx, c.bin("dozvon"), "dial", number)
	return err
}

// Call makes an outside caller call in.
func (c *School) Call(ctx context.Context, from, scenario string, more ...string) error {
	args := append([]string{"call", "--pbx", c.PBXURL, "--from", from, "--scenario", scenario}, more...)
	_, err := c.Output(ctx, c.bin("dozvon-pbx"), args...)
	return err
}

// CallBeeline makes an outside caller call in by the second PBX.
func (c *School) CallBeeline(ctx context.Context, from, scenario string, more ...string) error {
	args := append([]string{"call", "--pbx", c.BeelineURL, "--from", from, "--scenario", scenario}, more...)
	_, err := c.Output(ctx, c.bin("dozvon-pbx"), args...)
	return err
}

// Phone sets how an extension's SIP phone behaves, e.g. "--answer", "3s".
func (c *School) Phone(ctx context.Context, extension string, rule ...string) error {
	args := append([]string{"phone", extension, "--pbx", c.PBXURL}, rule...)
	_, err := c.Output(ctx, c.bin("dozvon-pbx"), args...)
	return err
}

// Status is what `dozvon status --json` tells.
type Status struct {
	Connection string          `json:"connection"`
	Server     string          `json:"server"`
	Employee   client.Employee `json:"employee"`
	Tray       struct {
		State  string `json:"state"`
		Missed int    `json:"missed"`
	} `json:"tray"`
	Cards   []CardStatus `json:"cards"`
	Windows []struct {
		Name    string `json:"name"`
		Visible bool   `json:"visible"`
		Focused bool   `json:"focused"`
		Rect
	} `json:"windows"`
	Player struct {
		State    string  `json:"state"`
		Position float64 `json:"position"`
		Duration float64 `json:"duration"`
		Part     int     `json:"part"`
	} `json:"player"`
	Settings struct {
		Checks []client.Check `json:"checks"`
		Stages []client.Check `json:"hops"`
	} `json:"settings"`
	Selected struct {
		Kind string `json:"kind"`
		ID   string `json:"id"`
		Read bool   `json:"read"`
	} `json:"selected"`
	Page      string `json:"page"`
	Practice  string `json:"practice"`
	LastError string `json:"last_error"`
	Asking    string `json:"asking"`
	Course    string `json:"course"`
	Focus     string `json:"focus"`
	Keys      bool   `json:"keys"`
}

// CardStatus is one card at the corner, the lowest first.
type CardStatus struct {
	CallID   string `json:"call_id"`
	State    string `json:"state"`
	Title    string `json:"title"`
	Subtitle string `json:"subtitle"`
	Heading  string `json:"heading"`
	Rect
	Form    string   `json:"form"`  // "line" of ringing calls, "fold" of missed ones
	Calls   []string `json:"calls"` // of a line or a fold
	Buttons []Button `json:"buttons"`
}

// Button is the middle of something on a card that can be clicked, in screen pixels.
type Button struct {
	Name string
	X, Y int
}

// Rect is a window's place in screen pixels.
type Rect struct{ X, Y, Width, Height int }

// Status asks the running app.
func (c *School) Status(ctx context.Context) (Status, error) {
	out, err := c.Output(ctx, c.bin("dozvon"), "status", "--json")
	if err != nil {
		return Status{}, err
	}
	var s Status
	if err := json.Unmarshal([]byte(out), &s); err != nil {
		return Status{}, fmt.Errorf("reading the status %q: %w", out, err)
	}
	return s, nil
}

// UntilStatus waits until the app's status shows a fact; its error tells the last status.
func (c *School) UntilStatus(ctx context.Context, what string, ok func(Status) bool) error {
	var last Status
	var lastErr error
	err := Until(ctx, what, func() bool {
		now, err := c.Status(ctx)
		if ctx.Err() != nil {
			return false // cut off by the limit itself: the answer before it tells more
		}
		last, lastErr = now, err
		return err == nil && ok(now)
	})
	if err != nil {
		return errors.Join(fmt.Errorf("%w; the app's status was %+v", err, last), lastErr)
	}
	return nil
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("finding a free port: %w", err)
	}
	defer l.Close()
	return "127.0.0.1:" + strconv.Itoa(l.Addr().(*net.TCPAddr).Port), nil
}
