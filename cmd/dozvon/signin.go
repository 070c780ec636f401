package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/viper"

	"dozvon/app/desktop/config"
	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/platform"
	"dozvon/app/desktop/session"
	"dozvon/app/desktop/shell"
)

// signInLimit bounds a sign-in from the command line.
const signInLimit = 20 * time.Second

// signInNow lets the running program sign in, so that it is connected at once; without
// one the token goes to the keyring for the next start.
func signInNow(v *viper.Viper, server, login, password string, warn io.Writer) error {
	cfg, _ := config.Load(v)
	lang := platform.Language()
	if cfg.Language != "auto" {
		lang = i18n.Lang(cfg.Language)
	}
	text := i18n.New(lang)
	_, err := platform.Ask(platform.RuntimeDir(), "sign-in", server, login, password)
	if errors.Is(err, platform.ErrNotRunning) {
		err = signInAlone(text, server, login, password)
	}
	if err == nil && session.Exposed(server) {
		fmt.Fprintln(warn, "dozvon: "+text.T("sign.exposed"))
	}
	return err
}

func signInAlone(text *i18n.Text, server, login, password string) error {
	ctx, cancel := context.WithTimeout(context.Background(), signInLimit)
	defer cancel()
	if err := shell.SignIn(ctx, text, server, login, password); err != nil {
		return err
	}
	// At log-on the program may have started meanwhile, and have found nobody signed in.
	_, err := platform.Ask(platform.RuntimeDir(), "restore")
	if err != nil && !errors.Is(err, platform.ErrNotRunning) {
		return fmt.Errorf("signed in, but the running dozvon has not taken it over: %w", err)
	}
	return nil
}
