package main

import (
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"
	"github.com/spf13/viper"

	"dozvon/app/practice"
)

// kind is a kind of PBX that the program plays.
type kind struct {
	name string
	// flags adds the flags of serve that this kind alone has.
	flags func(f *pflag.FlagSet)
	// start reads the settings of serve and starts the PBX; events says where its events go. What is
	// wrong with the settings is a usageError.
	start func(v *viper.Viper, log *slog.Logger) (pbx pbx, events string, err error)
	// scenarios are the kinds of calls that it plays, faultNames the JSON names of its faults, and
	// faults reads some of them.
	scenarios  func() []practice.Scenario
	faultNames func() []string
	faults     func(pairs map[string]string) (any, error)
}

// pbx is a running practice PBX of any kind.
type pbx interface {
	Handler() http.Handler
	Traffic(every time.Duration, count int, numbers []string) error
	Close()
}

// kinds are what --kind names; the first is the usual one.
func kinds() []kind { return []kind{mangoKind(), beelineKind(), itoolabsKind()} }

func kindNames() []string {
	var names []string
	for _, k := range kinds() {
		names = append(names, k.name)
	}
	return names
}

// kindFlag adds --kind.
func kindFlag(f *pflag.FlagSet) {
	f.String("kind", kindNames()[0], "which PBX to play: "+strings.Join(kindNames(), ", "))
}

func kindOf(name string) (kind, error) {
	for _, k := range kinds() {
		if k.name == name {
			return k, nil
		}
	}
	return kind{}, usageError{fmt.Errorf("--kind is %q, want one of %s", name, strings.Join(kindNames(), ", "))}
}

// addKindFlags adds the flags of every kind, each once; the help says whose they are.
func addKindFlags(f *pflag.FlagSet) {
	owners := map[string][]string{}
	for _, k := range kinds() {
		own := pflag.NewFlagSet(k.name, pflag.ContinueOnError)
		k.flags(own)
		own.VisitAll(func(flag *pflag.Flag) {
			owners[flag.Name] = append(owners[flag.Name], k.name)
			if f.Lookup(flag.Name) == nil {
				f.AddFlag(flag)
			}
		})
	}
	for name, of := range owners {
		f.Lookup(name).Usage += " [" + strings.Join(of, ", ") + "]"
	}
}

// refuseForeign refuses a flag that only other kinds have: it would do nothing.
func (k kind) refuseForeign(given *pflag.FlagSet) error {
	own := pflag.NewFlagSet(k.name, pflag.ContinueOnError)
	k.flags(own)
	var foreign []string
	for _, other := range kinds() {
		theirs := pflag.NewFlagSet(other.name, pflag.ContinueOnError)
		other.flags(theirs)
		theirs.VisitAll(func(flag *pflag.Flag) {
			if own.Lookup(flag.Name) == nil && given.Changed(flag.Name) && !slices.Contains(foreign, "--"+flag.Name) {
				foreign = append(foreign, "--"+flag.Name)
			}
		})
	}
	if len(foreign) > 0 {
		return usageError{fmt.Errorf("--kind %s has no %s", k.name, strings.Join(foreign, ", "))}
	}
	return nil
}

// timingFlags are how long the parts of a call take, which every kind has.
func timingFlags(f *pflag.FlagSet) {
	t := practice.DefaultTiming()
	f.Duration("ivr", t.IVR, "how long a client stays in the voice menu")
	f.Duration("ring", t.Ring, "how long a telephone rings before it is answered")
	f.Duration("no-answer", t.NoAnswer, "how long a telephone rings that nobody answers")
	f.Duration("outside", t.Outside, "how long a client's telephone rings before he answers")
	f.Duration("talk", t.Talk, "how long a conversation lasts")
	f.Duration("hold", t.Hold, "how long somebody put on hold by a command waits for the employee")
	f.Duration("consult", t.Consult, "how long an employee talks to a consultant before he hands the client over")
	f.Duration("recording-delay", t.RecordingDelay, "from the end of a call to its recording")
}

func timingOf(v *viper.Viper) practice.Timing {
	return practice.Timing{
		IVR: v.GetDuration("ivr"), Ring: v.GetDuration("ring"), NoAnswer: v.GetDuration("no-answer"),
		Outside: v.GetDuration("outside"), Talk: v.GetDuration("talk"), RecordingDelay: v.GetDuration("recording-delay"),
		Hold: v.GetDuration("hold"), Consult: v.GetDuration("consult"),
	}
}
