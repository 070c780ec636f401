package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// faultHelp lists the faults from the types themselves, so that it cannot leave one out.
func faultHelp() string {
	var all []string
	for _, k := range kinds() {
		all = append(all, k.faultNames()...)
	}
	slices.Sort(all)
	return "misbehave, NAME=VALUE: " + strings.Join(slices.Compact(all), ", ") + "; a share is from 0 to 1, missing=A:B lists fields"
}

// faultNames are the JSON names of a kind's faults.
func faultNames[F any]() []string {
	var names []string
	for f := range reflect.TypeFor[F]().Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// faultsOf reads names and values. A value is JSON, a bare word, or words with colons between.
func faultsOf[F interface{ Validate() error }](pairs map[string]string) (F, error) {
	var faults F
	for name, value := range pairs {
		if !slices.Contains(faultNames[F](), name) {
			return faults, fmt.Errorf("unknown fault %q: use %s", name, strings.Join(faultNames[F](), ", "))
		}
		raw, err := faultJSON(name, value)
		if err != nil {
			return faults, err
		}
		if err := json.Unmarshal(raw, &faults); err != nil {
			return faults, fmt.Errorf("reading the fault %s=%s: the value does not fit", name, value)
		}
	}
	return faults, faults.Validate()
}

// faultsOfAny reads names and values for the first kind that knows them all; which kind runs is known
// only by asking, and the answer tells if it is another one.
func faultsOfAny(pairs map[string]string) (any, error) {
	for _, k := range kinds() {
		knows := true
		for name := range pairs {
			knows = knows && slices.Contains(k.faultNames(), name)
		}
		if knows {
			return k.faults(pairs)
		}
	}
	for name := range pairs {
		if !strings.Contains(faultHelp(), name) {
			return nil, fmt.Errorf("unknown fault %q: %s", name, faultHelp())
		}
	}
	return nil, fmt.Errorf("no kind of PBX has all of these faults: %s", faultHelp())
}

func faultJSON(name, value string) ([]byte, error) {
	var v any = value
	switch {
	case name == "missing":
		v = strings.FieldsFunc(value, func(r rune) bool { return r == ':' || r == ' ' })
	case json.Valid([]byte(value)):
		v = json.RawMessage(value)
	}
	return json.Marshal(map[string]any{name: v})
}

// newFaults shows the faults of the running PBX, or replaces them all.
func newFaults() *cobra.Command {
	cmd := &cobra.Command{
		Use: "faults [NAME=VALUE…]", Short: "Show or replace the faults of the running practice PBX",
		Long:    "faults without arguments shows the faults in force; with some it replaces them all, and \"faults none\" ends them.\n\n" + faultHelp() + ".",
		Example: "  dozvon-pbx faults drop=0.1 duplicate=0.05 seed=42\n  dozvon-pbx faults missing=location:seq strings=true\n  dozvon-pbx faults none",
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			var faults json.RawMessage
			if err := ask(cmd, askLimit, http.MethodGet, "faults", nil, &faults); err != nil {
				return err
			}
			fmt.Fprintln(cmd.OutOrStdout(), string(faults))
			return nil
		}
		pairs := map[string]string{}
		for _, arg := range args {
			name, value, ok := strings.Cut(arg, "=")
			if !ok && !(arg == "none" && len(args) == 1) {
				return usageError{fmt.Errorf("%q is not NAME=VALUE", arg)}
			}
			if ok {
				pairs[name] = value
			}
		}
		faults, err := faultsOfAny(pairs)
		if err != nil {
			return usageError{err}
		}
		return ask(cmd, askLimit, http.MethodPut, "faults", faults, nil)
	}
	return pbxFlag(cmd)
}
