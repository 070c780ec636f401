// Command dozvon is the tray app: the companion of the telephone on an operator's desk.
// A second start hands its argument to the first. This package reads flags and settings
// and starts; what the program does is app/desktop's.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/viper"

	"dozvon/app/desktop/config"
	"dozvon/app/desktop/platform"
	_ "dozvon/app/desktop/platform/locale" // before the toolkit
	"dozvon/app/desktop/shell"
	"dozvon/app/phone"
)

// version is set by -ldflags "-X main.version=…".
var version = "0.1.0"

// Exit codes of the contract.
const (
	exitFailed = 1
	exitUsage  = 2
)

// usage is an error of the command line itself.
type usage struct{ error }

func main() {
	// Else a double click or an autostart ends after five seconds, with a sentence that nobody sees.
	cobra.MousetrapHelpText = ""
	err := root().Execute()
	var wrong usage
	switch {
	case err == nil:
	case errors.As(err, &wrong):
		fmt.Fprintf(os.Stderr, "dozvon: %s; see dozvon --help\n", oneLine(err))
		os.Exit(exitUsage)
	default:
		fmt.Fprintln(os.Stderr, "dozvon: "+oneLine(err))
		os.Exit(exitFailed)
	}
}

func oneLine(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }

// arguments checks their number and answers with a usage error.
func arguments(least, most int) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) < least || len(args) > most {
			return usage{fmt.Errorf("wrong number of arguments (%d)", len(args))}
		}
		return nil
	}
}

func root() *cobra.Command {
	v := viper.New()
	config.Prepare(v, platform.ConfigDir())
	cmd := &cobra.Command{
		Use: "dozvon [tel:NUMBER]", Short: "Dozvon, the call companion", Version: version,
		Long: "Dozvon shows who calls, opens their card, and calls with one click.\n" +
			"Settings: flags, environment DOZVON_*, desktop.yaml in " + platform.ConfigDir() + ".",
		Args: arguments(0, 1), SilenceUsage: true, SilenceErrors: true,
		RunE: func(_ *cobra.Command, args []string) error { return run(v, args) },
	}
	flags := cmd.Flags()
	flags.String("language", "", "language of the screen: ru, en or auto")
	flags.String("theme", "", "appearance: light, dark or auto")
	flags.Bool("notifications", true, "notify about missed calls")
	flags.Bool("do-not-disturb", false, "show no cards, mark the tray icon only")
	for key, flag := range map[string]string{
		config.Language: "language", config.Theme: "theme",
		config.Notifications: "notifications", config.DoNotDisturb: "do-not-disturb",
	} {
		_ = v.BindPFlag(key, flags.Lookup(flag)) // the flags stand above
	}
	cmd.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usage{err} })
	cmd.AddCommand(dial(), signIn(v), status(), quit(), do())
	return cmd
}

// ask sends a command to the running program.
func ask(args ...string) (string, error) {
	answer, err := platform.Ask(platform.RuntimeDir(), args...)
	if errors.Is(err, platform.ErrNotRunning) {
		return "", errors.New("dozvon is not running; start it with: dozvon")
	}
	return answer, err
}

// number checks what shall be called: 8 914…, +7914…, a tel: link. The running app reads it, as it
// knows the school's city; here only what is no telephone at all is refused.
func number(arg string) error {
	if _, err := phone.Parse(arg); err != nil && !errors.Is(err, phone.ErrCityCodeMissing) {
		return fmt.Errorf("%q cannot be called: %w", arg, err)
	}
	return nil
}

func dial() *cobra.Command {
	return &cobra.Command{
		Use: "dial NUMBER", Short: "Call a number through the running app", Args: arguments(1, 1),
		RunE: func(_ *cobra.Command, args []string) error {
			if err := number(args[0]); err != nil {
				return err
			}
			_, err := ask("dial", args[0])
			return err
		},
	}
}

func quit() *cobra.Command {
	return &cobra.Command{
		Use: "quit", Short: "End the running app", Args: arguments(0, 0),
		RunE: func(*cobra.Command, []string) error {
			_, err := ask("quit")
			return err
		},
	}
}

// do is for tours and tests: it runs what a person's click would run.
func do() *cobra.Command {
	return &cobra.Command{
		Use: "do ACTION [ARG…]", Short: "Carry out an action in the running app", Hidden: true, Args: arguments(1, 8),
		Long: "Actions: open-card CALL_ID · open contract|client ID · page feed|missed|clients|contracts|colleagues|settings ·\n" +
			"theme light|dark|auto · language ru|en|auto · play CALL_ID · expand CALL_ID · new-lead CALL_ID NAME ·\n" +
			"show · hide · dialler [NUMBER]",
		RunE: func(_ *cobra.Command, args []string) error {
			_, err := ask(append([]string{"do"}, args...)...)
			return err
		},
	}
}

func signIn(v *viper.Viper) *cobra.Command {
	var server, login string
	var fromStdin bool
	cmd := &cobra.Command{
		Use: "sign-in --server URL --login L --password-stdin", Short: "Sign in without a window", Args: arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if server == "" || login == "" || !fromStdin {
				return usage{errors.New("--server, --login and --password-stdin are all needed")}
			}
			password, err := bufio.NewReader(os.Stdin).ReadString('\n')
			if err != nil && !errors.Is(err, io.EOF) {
				return fmt.Errorf("reading the password from stdin: %w", err)
			}
			return signInNow(v, server, login, strings.TrimRight(password, "\r\n"), cmd.ErrOrStderr())
		},
	}
	cmd.Flags().StringVar(&server, "server", "", "address of the server")
	cmd.Flags().StringVar(&login, "login", "", "login")
	cmd.Flags().BoolVar(&fromStdin, "password-stdin", false, "read the password from the first line of stdin")
	return cmd
}

// run starts the program, or hands its argument to the one that runs.
func run(v *viper.Viper, args []string) error {
	slog.SetDefault(slog.New(slog.NewTextHandler(os.Stderr, nil)))
	to := ""
	if len(args) > 0 {
		to = args[0]
		if err := number(to); err != nil {
			return usage{err}
		}
	}
	instance, err := platform.Acquire(platform.RuntimeDir())
	if errors.Is(err, platform.ErrRunning) {
		_, err := ask("start", to)
		return err
	}
	if err != nil {
		return err
	}
	defer instance.Close()
	cfg, warnings := config.Load(v)
	if os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" && needsDisplay {
		return errors.New("there is no display; start dozvon from a desktop session")
	}
	shell.New(shell.Options{Config: cfg, Warnings: warnings, Version: version, Dial: to, Instance: instance}).Run()
	return nil
}
