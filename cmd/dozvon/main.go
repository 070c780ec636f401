// Command dozvon is the tray app: the companion of the telephone on an operator's desk.
// A second start hands its argument to the first. This package reads flags and settings
// and starts; what the program does is app/desktop's.
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/viper"

	"dozvon/app/desktop/autostart"
	"dozvon/app/desktop/config"
	"dozvon/app/desktop/control"
	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/logfile"
	"dozvon/app/desktop/platform"
	_ "dozvon/app/desktop/platform/locale" // before the toolkit
	"dozvon/app/desktop/shell"
	"dozvon/app/desktop/ui"
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

// Unwrap is what was wrong with it.
func (u usage) Unwrap() error { return u.error }

// told is an error that the running program has told the person already.
type told struct{ error }

// Unwrap is what was told.
func (t told) Unwrap() error { return t.error }

func main() {
	// Else a double click or an autostart ends after five seconds, with a sentence that nobody sees.
	cobra.MousetrapHelpText = ""
	platform.AttachConsole()
	os.Exit(execute())
}

// execute carries out the command line and answers the exit code. Who starts the program by a click or a
// link has no terminal to read an error in.
func execute() int {
	program := root()
	ran, err := program.ExecuteC()
	if err == nil {
		return 0
	}
	code, words := exitFailed, "dozvon: "+oneLine(err)
	if wrong := (usage{}); errors.As(err, &wrong) {
		code, words = exitUsage, words+"; see dozvon --help"
	}
	fmt.Fprintln(os.Stderr, words)
	if ran == program && !errors.As(err, &told{}) {
		text := i18n.New(platform.Language())
		platform.Alert(text.T("start.failed"), ui.Explain(err, text))
	}
	return code
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
	v, background := viper.New(), false
	config.Prepare(v, platform.ConfigDir())
	cmd := &cobra.Command{
		Use: "dozvon [tel:NUMBER]", Short: "Dozvon, the call companion", Version: version,
		Long: "Dozvon shows who calls, opens their card, and calls with one click.\n" +
			"Settings: flags, environment DOZVON_*, desktop.yaml in " + platform.ConfigDir() + ".",
		Args: arguments(0, 1), SilenceUsage: true, SilenceErrors: true,
		RunE: func(cmd *cobra.Command, args []string) error { return run(cmd.Context(), v, args, background) },
	}
	flags := cmd.Flags()
	flags.String("language", "", "language of the screen: ru, en or auto")
	flags.String("theme", "", "appearance: light, dark or auto")
	flags.Bool("notifications", true, "notify about missed calls")
	flags.Bool("do-not-disturb", false, "show no cards, mark the tray icon only")
	flags.BoolVar(&background, autostart.Flag, false, "start without the main window, as at log-on")
	for key, flag := range map[string]string{
		config.Language: "language", config.Theme: "theme",
		config.Notifications: "notifications", config.DoNotDisturb: "do-not-disturb",
	} {
		_ = v.BindPFlag(key, flags.Lookup(flag)) // the flags stand above
	}
	cmd.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usage{err} })
	cmd.AddCommand(dial(), clipboard(), card(), signIn(v), status(), quit(), do())
	return cmd
}

// running is the program that runs.
func running() control.Client { return control.NewClient(control.Dir()) }

// asked says what to do when it does not.
func asked(err error) error {
	if errors.Is(err, control.ErrNotRunning) {
		return errors.New("dozvon is not running; start it with: dozvon")
	}
	return err
}

// number checks what shall be called: 8 914…, +7914…, a tel: link. The running app reads it, as it
// knows the school's city; here only what is no telephone at all is refused.
func number(arg string) error {
	if _, err := (phone.Reader{}).Dial(arg); err != nil && !errors.Is(err, phone.ErrCityCodeMissing) {
		return fmt.Errorf("%q cannot be called: %w", arg, err)
	}
	return nil
}

func dial() *cobra.Command {
	return &cobra.Command{
		Use: "dial NUMBER", Short: "Call a number through the running app", Args: arguments(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := number(args[0]); err != nil {
				return err
			}
			return asked(running().Dial(cmd.Context(), control.Dial{Number: args[0]}))
		},
	}
}

// clipboard is what the program's own combination of keys does, for a desktop whose settings give out the keys.
func clipboard() *cobra.Command {
	return &cobra.Command{
		Use: "clipboard", Short: "Ask whether to call the number on the clipboard", Args: arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return asked(running().Start(cmd.Context(), control.Start{Clipboard: true}))
		},
	}
}

// card is likewise the way to the call cards.
func card() *cobra.Command {
	return &cobra.Command{
		Use: "card", Short: "Give the keyboard to the call card", Args: arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return asked(running().Start(cmd.Context(), control.Start{Cards: true}))
		},
	}
}

func quit() *cobra.Command {
	return &cobra.Command{
		Use: "quit", Short: "End the running app", Args: arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error { return asked(running().Quit(cmd.Context())) },
	}
}

// do is for tours and tests: it runs what a person's click would run.
func do() *cobra.Command {
	return &cobra.Command{
		Use: "do ACTION [ARG…]", Short: "Carry out an action in the running app", Hidden: true, Args: arguments(1, 8),
		Long: "Actions: open-card CALL_ID · open contract|client ID · page feed|missed|clients|contracts|colleagues|settings ·\n" +
			"theme light|dark|auto · language ru|en|auto · play CALL_ID · expand CALL_ID · new-lead CALL_ID NAME ·\n" +
			"show · hide · dialler [NUMBER]",
		RunE: func(cmd *cobra.Command, args []string) error {
			return asked(running().Do(cmd.Context(), control.Action{Name: args[0], Args: args[1:]}))
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
			return signInNow(cmd.Context(), v, server, login, strings.TrimRight(password, "\r\n"), cmd.ErrOrStderr())
		},
	}
	cmd.Flags().StringVar(&server, "server", "", "address of the server")
	cmd.Flags().StringVar(&login, "login", "", "login")
	cmd.Flags().BoolVar(&fromStdin, "password-stdin", false, "read the password from the first line of stdin")
	return cmd
}

// run starts the program, or hands its argument to the one that runs. A link that is no number is told in
// the program's window, as a web page can open any number of them; in a terminal it is a usage error.
func run(ctx context.Context, v *viper.Viper, args []string, background bool) error {
	slog.SetDefault(slog.New(newLastWords(slog.NewTextHandler(os.Stderr, nil), noWindow)))
	to, wrong := "", error(nil)
	if len(args) > 0 {
		to, wrong = args[0], number(args[0])
	}
	instance, err := control.Acquire(control.Dir())
	if errors.Is(err, control.ErrRunning) {
		if err := asked(running().Start(ctx, control.Start{Call: to, Background: background})); err != nil || wrong == nil {
			return err
		}
		return told{usage{wrong}}
	}
	if err != nil {
		return err
	}
	defer instance.Close()
	if wrong != nil && platform.Heard() {
		return usage{wrong}
	}
	if err := openDisplay(); err != nil {
		return err
	}
	path, closeLog := keepLog()
	defer closeLog()
	cfg, warnings := config.Load(v)
	shell.New(shell.Options{Config: cfg, Warnings: warnings, Version: version, Dial: to, Background: background, Instance: instance, Log: path}).Run()
	return nil
}

// keepLog has the log written to a file as well, and answers its path. Without one the program works
// all the same.
func keepLog() (path string, done func()) {
	dir := platform.LogDir()
	log, err := logfile.Open(dir)
	if err != nil {
		slog.Warn("log not kept", "error", err)
		return "", func() {}
	}
	slog.SetDefault(slog.New(newLastWords(log.Handler(os.Stderr), noWindow)))
	if err := logfile.KeepCrashes(dir); err != nil {
		slog.Warn("crashes not kept", "error", err)
	}
	slog.Info("started", "version", version)
	return log.Path(), func() { log.Close() }
}

// noWindow says why the program is about to end.
func noWindow(cause string) {
	text := i18n.New(platform.Language())
	platform.Alert(text.T("start.failed"), text.T("start.no_window", "detail", cause))
}
