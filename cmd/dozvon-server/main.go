// Command dozvon-server is the server of Dozvon: it takes the PBX's webhooks, keeps the feed
// and the cards, and tells every open screen.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/spf13/viper"

	"dozvon/app/drill"
	"dozvon/app/server"
	"dozvon/app/server/store"
	"dozvon/app/server/tracing"
)

// version is set by the Makefile.
var version = "dev"

// errUsage marks what ends with exit code 2.
var errUsage = errors.New("usage")

func main() {
	cobra.MousetrapHelpText = "" // a double click or a task of the system may start it, too
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	code, was := asService(ctx, os.Args[1:])
	if !was {
		code = run(ctx, os.Args[1:])
	}
	os.Exit(code)
}

func run(ctx context.Context, args []string) int {
	root := command()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errUsage):
		fmt.Fprintf(os.Stderr, "dozvon-server: %s; see dozvon-server --help\n", strings.ReplaceAll(err.Error(), errUsage.Error()+": ", ""))
		return 2
	}
	if store.IsFull(err) {
		err = fmt.Errorf("%w: what was is whole; make room on the disk and try again", err)
	}
	fmt.Fprintln(os.Stderr, "dozvon-server:", oneLine(err))
	return 1
}

// oneLine joins what several faults, or a library, tell in lines.
func oneLine(err error) string {
	var all strings.Builder
	for line := range strings.Lines(err.Error()) {
		line = strings.TrimSpace(line)
		switch {
		case all.Len() == 0 || line == "":
		case strings.HasSuffix(all.String(), ":"):
			all.WriteString(" ")
		default:
			all.WriteString("; ")
		}
		all.WriteString(line)
	}
	return all.String()
}

func command() *cobra.Command {
	v := viper.New()
	root := &cobra.Command{
		Use: "dozvon-server", Short: "The server of Dozvon, the call companion", Version: version,
		SilenceErrors: true, SilenceUsage: true,
		Args: noArgs(nil),
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
		PersistentPreRunE: func(c *cobra.Command, _ []string) error {
			if err := settingsOf(v, c); err != nil {
				return err
			}
			return checkSchool(v, c)
		},
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return fmt.Errorf("%w: %v", errUsage, err) })
	commonFlags(root.PersistentFlags())
	root.AddCommand(
		serve(v), account(v), demoCommand(v), importCommand(v), backupCommand(v), restoreCommand(v), doctorCommand(v), exportPersonCommand(v),
		migrateCommand(v), eraseCommand(v), forgetCommand(v), schoolCommand(v), service(v),
	)
	for _, c := range root.Commands() {
		c.Args = noArgs(c.Args)
	}
	return root
}

// commonFlags are those of every command.
func commonFlags(f *pflag.FlagSet) {
	f.String("data", "data", "folder for the database, the sealing key, cached recordings and server.yaml")
	f.String("database", "", "sqlite:///abs/path.db or postgres://user@host/name (default DATA/dozvon.db)")
	f.String("seal-key", "", "file of the key that seals the PBXs' secrets, one for all nodes of a database (default DATA/seal.key)")
	f.String("school", "", "the school that a command is for, where the installation holds several")
	f.String("log-level", "info", "debug, info, warn or error")
	f.String("log-format", "text", "text or json")
}

func noArgs(args cobra.PositionalArgs) cobra.PositionalArgs {
	if args == nil {
		args = cobra.NoArgs
	}
	return func(c *cobra.Command, given []string) error {
		if err := args(c, given); err != nil {
			return fmt.Errorf("%w: %v", errUsage, err)
		}
		return nil
	}
}

// config is what the command is told of a server; of the one school that it is for, where there are several.
func config(v *viper.Viper) server.Config {
	cfg := wholeConfig(v)
	if school := v.GetString("school"); school != "" {
		return server.Several{Config: cfg}.Of(school)
	}
	return cfg
}

func wholeConfig(v *viper.Viper) server.Config {
	return server.Config{
		Listen: v.GetString("listen"), Data: v.GetString("data"), Database: v.GetString("database"),
		PublicURL: v.GetString("public-url"), AppURL: v.GetString("app-url"), TLSCert: v.GetString("tls-cert"), TLSKey: v.GetString("tls-key"), Version: version,
		ACMEDomains: v.GetStringSlice("acme-domain"), HookSources: v.GetStringSlice("hook-sources"), Proxies: v.GetStringSlice("proxies"),
		Recordings: v.GetString("recordings"), RecordingsDays: v.GetInt("recordings-days"), RecordingsMB: v.GetInt64("recordings-mb"),
		CallsDays: v.GetInt("calls-days"), NoteVersionsDays: v.GetInt("note-versions-days"), DeletedCardsDays: v.GetInt("deleted-cards-days"),
		JournalDays: v.GetInt("journal-days"), ImportsDays: v.GetInt("imports-days"),
		RawDays: v.GetInt("raw-days"), AllowLocalPBX: v.GetBool("allow-local-pbx"), BodyIdle: v.GetDuration("body-idle"), SealKey: v.GetString("seal-key"), MetricsListen: v.GetString("metrics-listen"),
		Drain: v.GetDuration("drain"),
	}
}

func serve(v *viper.Viper) *cobra.Command {
	c := &cobra.Command{
		Use: "serve", Short: "Run the server until it is told to stop",
		RunE: func(c *cobra.Command, _ []string) error {
			cfg := wholeConfig(v)
			cfg.Out, cfg.OutKept = c.OutOrStdout(), isKept(c.OutOrStdout())
			cfg.Practice = drill.Opener{Folder: filepath.Join(cfg.Data, "practice"), Version: version, Pace: drill.Calm}
			cfg.Hurry = secondSignal(c.Context())
			traces, err := tracing.FromEnvironment(c.Context(), version, os.Getenv)
			if err != nil {
				return err
			}
			cfg.Traces = traces
			err = runServer(c.Context(), v, cfg)
			if cerr := traces.Close(); cerr != nil {
				slog.Warn("the last traces were not sent", "err", cerr)
			}
			return err
		},
	}
	serveFlags(c.Flags())
	return c
}

// runServer serves the school of the data folder, or all of them where it holds several.
func runServer(ctx context.Context, v *viper.Viper, cfg server.Config) error {
	several, err := server.HoldsSeveral(cfg.Data)
	if err != nil {
		return err
	}
	if !several {
		return server.Run(ctx, cfg)
	}
	if cfg.Database != "" || cfg.SealKey != "" {
		return errOwnDatabase
	}
	return server.RunSeveral(ctx, server.Several{Config: cfg, Most: v.GetInt("schools-open"), Idle: v.GetDuration("schools-idle")})
}

// secondSignal is closed when the program is told to stop again after ctx has ended.
func secondSignal(ctx context.Context) <-chan struct{} {
	hurry := make(chan struct{})
	go func() {
		<-ctx.Done()
		again := make(chan os.Signal, 1)
		signal.Notify(again, os.Interrupt, syscall.SIGTERM)
		<-again
		close(hurry)
	}()
	return hurry
}

// isKept tells whether what goes to an output goes on to others, as to a service's journal, instead of to a person
// at a terminal.
func isKept(out io.Writer) bool {
	file, ok := out.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err != nil || info.Mode()&os.ModeCharDevice == 0
}

// serveFlags are the server's settings.
func serveFlags(f *pflag.FlagSet) {
	f.String("listen", "127.0.0.1:8420", "address to listen on")
	f.String("public-url", "", "how the PBX and the apps reach this server, e.g. https://phone.example.ru")
	f.String("app-url", "", "where people get the app from; apps older than this server offer it")
	f.String("tls-cert", "", "certificate file (PEM); the PBX speaks TLS 1.2")
	f.String("tls-key", "", "key file (PEM)")
	f.StringSlice("acme-domain", nil, "get a certificate for this name by ACME (Let's Encrypt); needs --listen :443")
	f.StringSlice("hook-sources", nil, "addresses or networks that webhooks may come from, e.g. 81.88.80.132,81.88.80.133,81.88.82.36,81.88.82.44,81.88.82.45")
	f.StringSlice("proxies", nil, "our own reverse proxies, whose X-Forwarded-For is believed")
	f.String("recordings", "proxy", "proxy: keep what was listened to; archive: fetch and keep every recording")
	f.Int("recordings-days", 0, "how many days an archive keeps recordings; 0: for ever")
	f.Int64("recordings-mb", 5000, "room for recordings in megabytes, the least recently used go first; 0: unbounded")
	f.Bool("allow-local-pbx", false, "let a PBX lie on this machine or in a private network; else only public addresses are connected to")
	f.Duration("body-idle", 15*time.Second, "how long a request's body or its answer may stand still before the connection is cut")
	f.Int("raw-days", 90, "how many days webhooks are kept as they came")
	f.Int("calls-days", 0, "how many days calls and other entries of the feed are kept, at least 100; 0: for ever")
	f.Int("note-versions-days", 0, "how many days former texts of notes are kept; 0: for ever")
	f.Int("deleted-cards-days", 0, "how many days deleted cards can be restored; 0: for ever")
	f.Int("journal-days", 0, "how many days the changes are kept that screens are told after they were away; 0: the last 100,000")
	f.Int("imports-days", 7, "how many days files of imports and their reports are kept")
	f.String("metrics-listen", "", "address that serves /metrics, e.g. 127.0.0.1:9420; empty: nowhere")
	f.Int("schools-open", 1000, "how many schools may be open at once, where the installation holds several")
	f.Duration("schools-idle", 5*time.Minute, "how long a school that nobody uses stays open, where the installation holds several")
	f.Duration("drain", 0, "how long a server that stops serves on while /readyz says so, for a balancer to notice, e.g. 10s")
}
