package main

import (
	"cmp"
	"errors"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/pflag"
	"github.com/spf13/viper"

	"dozvon/app/practice/itoolabs"
)

func itoolabsKind() kind {
	return kind{
		name: "itoolabs", scenarios: itoolabs.Scenarios, start: startITooLabs,
		faultNames: faultNames[itoolabs.Faults],
		faults:     func(pairs map[string]string) (any, error) { return faultsOf[itoolabs.Faults](pairs) },
		flags: func(f *pflag.FlagSet) {
			f.String("key", "", "key of the PBX's API (required)")
			f.String("token", "", "crm_token, by which the PBX proves itself (required)")
			f.String("target", "", "the one address that it posts to (required)")
			f.String("address", "", "this PBX's own address, which links to recordings begin with; http:// and --listen if empty")
			f.String("api", itoolabs.APIBoth, "generations of the API: both, old (crm_api.wcgp) or new (crmapi/v1)")
			f.String("answer", itoolabs.AnswerText, "what a click-to-call is answered with: text, object or null")
			f.String("numbers", itoolabs.NumbersPlain, "spelling of numbers: plain, plus or eight")
			f.Bool("json", false, "post JSON instead of forms")
			f.Bool("no-direction", false, "leave direction out of events")
			f.Bool("no-ext", false, "leave ext out of events")
			f.Bool("no-wait", false, "leave wait out of histories")
			f.Bool("outgoing-late", false, "tell of a click-to-call once the operator has picked up")
			f.Duration("contact-wait", 2*time.Second, "how long a call waits for the answer who calls, 5s at most")
			f.Bool("no-contact", false, "do not ask who calls")
			f.Bool("no-responsible", false, "do not let the answer choose who is rung")
			f.Bool("keyed-recordings", false, "give recordings to whoever has the key only")
			f.Duration("listing-delay", 0, "how long after its end a call is missing from the listing")
			f.Bool("no-retry", false, "never send an undelivered event again")
		},
	}
}

func startITooLabs(v *viper.Viper, log *slog.Logger) (pbx, string, error) {
	config := itoolabs.Config{
		Key: v.GetString("key"), Token: v.GetString("token"), Target: v.GetString("target"),
		Address: cmp.Or(strings.TrimRight(v.GetString("address"), "/"), "http://"+v.GetString("listen")),
		Timing:  timingOf(v), Operators: v.GetInt("operators"), History: v.GetInt("history"), Parallel: v.GetBool("parallel"),
		API: v.GetString("api"), Answer: v.GetString("answer"), Numbers: v.GetString("numbers"), JSON: v.GetBool("json"),
		NoDirection: v.GetBool("no-direction"), NoExt: v.GetBool("no-ext"), NoWait: v.GetBool("no-wait"), OutgoingLate: v.GetBool("outgoing-late"),
		ContactWait: v.GetDuration("contact-wait"), NoContact: v.GetBool("no-contact"), NoResponsible: v.GetBool("no-responsible"),
		KeyedRecordings: v.GetBool("keyed-recordings"), ListingDelay: v.GetDuration("listing-delay"), NoRetry: v.GetBool("no-retry"), Log: log,
	}
	var wrong []error
	if err := config.Validate(); err != nil {
		wrong = append(wrong, err)
	}
	var err error
	if config.Faults, err = faultsOf[itoolabs.Faults](v.GetStringMapString("fault")); err != nil {
		wrong = append(wrong, err)
	}
	if config.Key == "" || config.Token == "" {
		wrong = append(wrong, errors.New("--key and --token are required"))
	}
	if u, err := url.Parse(config.Target); err != nil || u.Host == "" {
		wrong = append(wrong, errors.New("--target is not an address like http://127.0.0.1:8420/hook/word"))
	}
	if len(wrong) > 0 {
		return nil, "", usageError{errors.Join(wrong...)}
	}
	return itoolabs.New(config), "events to " + config.Target, nil
}
