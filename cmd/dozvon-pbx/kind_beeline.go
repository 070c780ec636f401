package main

import (
	"errors"
	"log/slog"
	"strings"
	"time"

	"github.com/spf13/pflag"
	"github.com/spf13/viper"

	"dozvon/app/practice/beeline"
)

func beelineKind() kind {
	return kind{
		name: "beeline", scenarios: beeline.Scenarios, start: startBeeline,
		faultNames: faultNames[beeline.Faults],
		faults:     func(pairs map[string]string) (any, error) { return faultsOf[beeline.Faults](pairs) },
		flags: func(f *pflag.FlagSet) {
			f.String("token", "", "X-MPBX-API-AUTH-TOKEN that both sides know (required)")
			f.Int("first-extension", 101, "what the extensions of the five employees begin with")
			f.Duration("agent-ring", 18*time.Second, "how long the call centre lets an agent ring")
			f.String("ids", beeline.IDsUUID, "form of extTrackingId: uuid, or pair for n:m")
			f.String("domains", beeline.DomainsNew, "domains of userIds: new or old")
			f.String("events", beeline.EventsPrefixed, "spelling of events: prefixed, or plain with ISO times")
			f.Bool("sip-addresses", false, "write sip: addresses instead of tel: ones")
			f.Bool("details", false, "add networkCallId and the state of the recording to events")
			f.Bool("client-in-originating", false, "let the first event of a click-to-call name the client, not the operator")
			f.Bool("append-null", false, "append /null to subscribed addresses")
			f.String("check-url", "", "ask a subscribed address with GET or HEAD first")
			f.Bool("basic-only", false, "refuse subscriptions of ADVANCED_CALL")
			f.Bool("one-subscription", false, "end an older subscription when a new one of its target and address is made")
			f.Int64("max-expires", 90_000, "longest life of a subscription, in seconds")
			f.Bool("no-v2-call", false, "leave out the second version of the call command")
			f.String("icr-replaces", "POST", "the verb of icr/route that replaces the whole list: POST or PUT")
			f.Bool("softphones", false, "let operators decline a click-to-call as softphones do")
			f.Bool("no-retry", false, "never send an undelivered event again")
		},
	}
}

func startBeeline(v *viper.Viper, log *slog.Logger) (pbx, string, error) {
	config := beeline.Config{
		Token: v.GetString("token"), Timing: timingOf(v), AgentRing: v.GetDuration("agent-ring"),
		Operators: v.GetInt("operators"), FirstExtension: v.GetInt("first-extension"), History: v.GetInt("history"), Parallel: v.GetBool("parallel"),
		IDs: v.GetString("ids"), Domains: v.GetString("domains"), Events: v.GetString("events"),
		SIPAddresses: v.GetBool("sip-addresses"), Details: v.GetBool("details"),
		ClientInOriginating: v.GetBool("client-in-originating"), AppendNull: v.GetBool("append-null"),
		CheckURL: strings.ToUpper(v.GetString("check-url")), BasicOnly: v.GetBool("basic-only"),
		OneSubscription: v.GetBool("one-subscription"), MaxExpires: v.GetInt64("max-expires"),
		NoV2Call: v.GetBool("no-v2-call"), ICRReplaces: strings.ToUpper(v.GetString("icr-replaces")),
		Softphones: v.GetBool("softphones"), NoRetry: v.GetBool("no-retry"), Log: log,
	}
	var wrong []error
	if err := config.Validate(); err != nil {
		wrong = append(wrong, err)
	}
	var err error
	if config.Faults, err = faultsOf[beeline.Faults](v.GetStringMapString("fault")); err != nil {
		wrong = append(wrong, err)
	}
	if config.Token == "" {
		wrong = append(wrong, errors.New("--token is required"))
	}
	if len(wrong) > 0 {
		return nil, "", usageError{errors.Join(wrong...)}
	}
	return beeline.New(config), "events to whoever subscribes", nil
}
