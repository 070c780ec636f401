// Command dozvon-pbx is the practice PBX as a program: a stand-in for a cloud PBX of some
// kind to demonstrate, train and test Dozvon with. It holds flags and start-up
// only; what the PBXs do is in app/practice.
//
// It exits with 0 when done, 1 when something failed (one line on standard
// error), 2 when it was called wrongly.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"regexp"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/spf13/viper"

	"dozvon/app/settings"
)

// version is set by the linker for releases.
var version = ""

// The exit codes.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

// usageError is a call of the program that it cannot make sense of.
type usageError struct{ err error }

func (e usageError) Error() string { return e.err.Error() }
func (e usageError) Unwrap() error { return e.err }

func main() {
	cobra.MousetrapHelpText = "" // a double click may start it, too
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is main without the process: arguments in, exit code out.
func run(ctx context.Context, args []string, out, errOut io.Writer) int {
	root := newRoot()
	root.SetArgs(args)
	root.SetOut(out)
	root.SetErr(errOut)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitDone
	}
	fmt.Fprintf(errOut, "dozvon-pbx: %s\n", strings.ReplaceAll(err.Error(), "\n", "; "))
	if errors.As(err, &usageError{}) {
		return exitUsage
	}
	return exitFailed
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "dozvon-pbx",
		Short: "The practice PBX: plays a cloud PBX for Dozvon",
		Long: `dozvon-pbx plays a cloud PBX for Dozvon: it answers the API of its kind, sends the
events, and simulates the telephones of five employees or more. Every flag of serve can
also come from the environment: --target is DOZVON_PBX_TARGET.`,
		Example: `  dozvon-pbx serve --key K --salt S --target http://127.0.0.1:8420/mango
  dozvon-pbx serve --kind beeline --token T --listen 127.0.0.1:8422
  dozvon-pbx call --from 79000000101 --scenario group --wait
  dozvon-pbx phone 101 --busy
  dozvon-pbx day --operators 12 --calls 300 --seed 7
  dozvon-pbx faults drop=0.1 missing=location seed=42`,
		Version: versionText(), SilenceUsage: true, SilenceErrors: true,
		Args: usage(cobra.NoArgs), RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.AddCommand(newServe(), newCall(), newScenarios(), newPhone(), newTraffic(), newDay(), newFaults())
	return root
}

// settingsOf reads the flags of a command, and the environment for the settings among them that
// were not given: the flags of serve and --pbx. A variable that is none of them is an error.
func settingsOf(cmd *cobra.Command) (*viper.Viper, error) {
	known := pflag.NewFlagSet("settings", pflag.ContinueOnError)
	for _, every := range []*cobra.Command{newServe(), newCall()} {
		every.Flags().VisitAll(func(f *pflag.Flag) {
			if every.Name() != "serve" && f.Name != "pbx" {
				return
			}
			if own := cmd.Flags().Lookup(f.Name); own != nil {
				f = own
			}
			known.AddFlag(f)
		})
	}
	env, err := settings.Environment(known, "DOZVON_PBX_", os.Environ(), serviceLinks.MatchString)
	if err == nil {
		err = settings.Fill(env)
	}
	if err != nil {
		return nil, err
	}
	v := viper.New()
	if err := v.BindPFlags(cmd.Flags()); err != nil {
		return nil, fmt.Errorf("reading flags: %w", err)
	}
	return v, nil
}

// serviceLinks are variables that Docker and Kubernetes make for a service named dozvon-pbx.
var serviceLinks = regexp.MustCompile(`_(SERVICE_HOST|SERVICE_PORT(_.+)?|PORT|PORT_\d+_(TCP|UDP)(_.+)?)$`)

// usage marks the refusals of an argument check as wrong usage.
func usage(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, args); err != nil {
			return usageError{err}
		}
		return nil
	}
}

func versionText() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}
