package main

import (
	"cmp"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"time"

	"github.com/spf13/pflag"
	"github.com/spf13/viper"

	"dozvon/app/practice/mango"
	"dozvon/app/practice/telephones"
)

func mangoKind() kind {
	return kind{
		name: "mango", scenarios: mango.Scenarios, start: startMango,
		faultNames: faultNames[mango.Faults],
		faults:     func(pairs map[string]string) (any, error) { return faultsOf[mango.Faults](pairs) },
		flags: func(f *pflag.FlagSet) {
			f.String("key", "", "vpbx_api_key that both sides know (required)")
			f.String("salt", "", "vpbx_api_salt that both sides know (required)")
			f.String("target", "", "the server's base; events go to TARGET/events/call (required)")
			f.String("recordings", mango.RecordAll, "which talks are recorded: all, command or none")
			f.Bool("record-each-employee", false, "begin a new recording for whoever takes a transferred call over")
			f.Bool("odd", false, "add an employee with extension 0511 and no e-mail")
			f.Bool("hold-off", false, "know commands/call/hold/off, which the real PBX's document does not have")
			f.Duration("stats-delay", time.Second, "how long a statistics takes")
			f.Bool("multipart", false, "send webhooks as multipart/form-data")
			f.Bool("silent-book", false, "send no event when the address book changes")
			f.String("sip", "", "let SIP telephones register at this UDP address, such as 127.0.0.1:5060")
			f.String("sip-password", "", "password of every telephone; a new one at each start if empty")
			f.Bool("no-limits", false, "leave out the rate limits and the block after wrong requests")
		},
	}
}

func startMango(v *viper.Viper, log *slog.Logger) (pbx, string, error) {
	config := mango.Config{
		Key: v.GetString("key"), Salt: v.GetString("salt"), Target: v.GetString("target"), NoLimits: v.GetBool("no-limits"),
		Timing: timingOf(v), Recordings: v.GetString("recordings"), RecordEachEmployee: v.GetBool("record-each-employee"),
		Operators: v.GetInt("operators"), Odd: v.GetBool("odd"), HoldOff: v.GetBool("hold-off"),
		StatsDelay: v.GetDuration("stats-delay"), History: v.GetInt("history"),
		Parallel: v.GetBool("parallel"), Multipart: v.GetBool("multipart"), SilentAddressBook: v.GetBool("silent-book"), Log: log,
	}
	var wrong []error
	if err := config.Validate(); err != nil {
		wrong = append(wrong, err)
	}
	var err error
	if config.Faults, err = faultsOf[mango.Faults](v.GetStringMapString("fault")); err != nil {
		wrong = append(wrong, err)
	}
	for _, name := range []string{"key", "salt", "target"} {
		if v.GetString(name) == "" {
			wrong = append(wrong, fmt.Errorf("--%s is required", name))
		}
	}
	if u, err := url.Parse(config.Target); config.Target != "" &&
		(err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
		wrong = append(wrong, fmt.Errorf("--target %q is not an http address", config.Target))
	}
	if len(wrong) > 0 {
		return nil, "", usageError{errors.Join(wrong...)}
	}
	events := "events to " + config.Target
	if v.GetString("sip") == "" {
		return mango.New(config), events, nil
	}
	return startWithTelephones(config, v.GetString("sip"), cmp.Or(v.GetString("sip-password"), rand.Text()[:passwordLength]), events)
}

// passwordLength is that of a telephones' password that nobody chose: 50 bits, short enough to be typed.
const passwordLength = 10

// withTelephones is a PBX that real telephones register with.
type withTelephones struct {
	*mango.PBX
	telephones *telephones.Server
}

// Close hangs up and ends the PBX.
func (p withTelephones) Close() {
	p.PBX.Close()
	p.telephones.Close()
}

func startWithTelephones(config mango.Config, listen, password, events string) (pbx, string, error) {
	server, err := telephones.Listen(telephones.Config{Listen: listen, Password: password, Log: config.Log})
	if err != nil {
		return nil, "", err
	}
	config.Telephones = server
	p := withTelephones{mango.New(config), server}
	told := events + "\ntelephones register by SIP (UDP) at " + server.Addr() + ", password " + password + "; their users:"
	for _, e := range p.Employees() {
		server.Admit(e.Extension)
		told += "\n  " + e.Extension + "  " + e.Name
	}
	return p, told, nil
}
