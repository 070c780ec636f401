package main

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/spf13/viper"

	"dozvon/app/server/requestid"
	"dozvon/app/settings"
)

// envPrefix begins the variables of the server.
const envPrefix = "DOZVON_"

// settingsOf lets every setting also come from the environment (DOZVON_LISTEN) and from
// server.yaml in the data folder (see settingsFile); a flag wins over the environment, and that over the file. What
// is not understood is an error: a misspelt hook-sources would leave the server open.
func settingsOf(v *viper.Viper, c *cobra.Command) error {
	known := knownSettings(c)
	env, err := settings.Environment(known, envPrefix, os.Environ(), othersVariable)
	if err != nil {
		return err
	}
	if err := settings.Fill(env); err != nil {
		return err
	}
	if path := settingsFile(known.Lookup("data").Value.String()); path != "" {
		file, err := settings.File(known, path)
		if err != nil {
			return err
		}
		if err := settings.Fill(file); err != nil {
			return err
		}
	}
	if err := v.BindPFlags(known); err != nil {
		return fmt.Errorf("reading flags: %w", err)
	}
	return logging(v)
}

// knownSettings are the flags of serve and demo and those that all commands have. Every command
// knows them, so that one file serves all; what only this command is told, a login or a file, is
// no setting.
func knownSettings(c *cobra.Command) *pflag.FlagSet {
	all := pflag.NewFlagSet("settings", pflag.ContinueOnError)
	commonFlags(all)
	serveFlags(all)
	demoFlags(all)
	known := pflag.NewFlagSet("settings", pflag.ContinueOnError)
	all.VisitAll(func(f *pflag.Flag) {
		if own := c.Flags().Lookup(f.Name); own != nil {
			f = own
		}
		known.AddFlag(f)
	})
	return known
}

// What the packages of Linux install: the settings in the second folder are those of the server whose
// data is in the first.
const (
	packagedData     = "/var/lib/dozvon"
	packagedSettings = "/etc/dozvon"
)

// settingsFile is server.yaml in the data folder, else the one that the package installed for that
// folder, else the one in the folder that we run in; empty when there is none.
func settingsFile(data string) string {
	folders := []string{data, "."}
	if filepath.Clean(data) == packagedData {
		folders = []string{data, packagedSettings, "."}
	}
	for _, dir := range folders {
		for _, name := range []string{"server.yaml", "server.yml"} {
			path := filepath.Join(dir, name)
			if _, err := os.Lstat(path); err == nil || errors.Is(err, os.ErrPermission) {
				return path
			}
		}
	}
	return ""
}

// appVariables are settings of the tray app, whose prefix is the same.
var appVariables = []string{"DOZVON_LANGUAGE", "DOZVON_THEME", "DOZVON_NOTIFICATIONS", "DOZVON_DO_NOT_DISTURB"}

// serviceLinks are variables that Docker and Kubernetes make for a service named dozvon.
var serviceLinks = regexp.MustCompile(`_(SERVICE_HOST|SERVICE_PORT(_.+)?|PORT|PORT_\d+_(TCP|UDP)(_.+)?)$`)

// othersVariable tells variables with our prefix that are not the server's: the practice PBX's,
// the app's, and those that a container's surroundings make.
func othersVariable(name string) bool {
	return strings.HasPrefix(name, "DOZVON_PBX_") || slices.Contains(appVariables, name) || serviceLinks.MatchString(name)
}

func logging(v *viper.Viper) error {
	var level slog.Level
	if err := level.UnmarshalText([]byte(v.GetString("log-level"))); err != nil {
		return fmt.Errorf("log-level %q: debug, info, warn or error expected", v.GetString("log-level"))
	}
	opts := &slog.HandlerOptions{Level: level}
	switch v.GetString("log-format") {
	case "text":
		slog.SetDefault(slog.New(requestid.Logs(slog.NewTextHandler(os.Stderr, opts))))
	case "json":
		slog.SetDefault(slog.New(requestid.Logs(slog.NewJSONHandler(os.Stderr, opts))))
	default:
		return fmt.Errorf("log-format %q: text or json expected", v.GetString("log-format"))
	}
	return nil
}
