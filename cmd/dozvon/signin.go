package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/viper"

	"dozvon/app/desktop/config"
	"dozvon/app/desktop/control"
	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/platform"
	"dozvon/app/desktop/session"
	"dozvon/app/desktop/shell"
)

// signInLimit bounds a sign-in from the command line.
const signInLimit = 20 * time.Second

// signInNow lets the running program sign in, so that it is connected at once; without
// one the token goes to the keyring for the next start.
func signInNow(ctx context.Context, v *viper.Viper, server, login, password string, warn io.Writer) error {
	cfg, _ := config.Load(v)
	lang := platform.Language()
	if cfg.Language != "auto" {
		lang = i18n.Lang(cfg.Language)
	}
	text := i18n.New(lang)
	err := running().SignIn(ctx, control.SignIn{Server: server, Login: login, Password: password})
	if errors.Is(err, control.ErrNotRunning) {
		err = signInAlone(ctx, text, server, login, password)
	}
	if err == nil && session.Exposed(server) {
		fmt.Fprintln(warn, "dozvon: "+text.T("sign.exposed"))
	}
	return err
}

func signInAlone(ctx context.Context, text *i18n.Text, server, login, password string) error {
	limited, cancel := context.WithTimeout(ctx, signInLimit)
	defer cancel()
	if err := shell.SignIn(limited, text, server, login, password); err != nil {
		return err
	}
	// At log-on the program may have started meanwhile, and have found nobody signed in.
	err := running().Restore(ctx)
	if err != nil && !errors.Is(err, control.ErrNotRunning) {
		return fmt.Errorf("signed in, but the running dozvon has not taken it over: %w", err)
	}
	return nil
}
