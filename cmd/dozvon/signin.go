package main

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/viper"

	"dozvon/app/desktop/config"
	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/platform"
	"dozvon/app/desktop/shell"
)

// signInLimit bounds a sign-in from the command line.
const signInLimit = 20 * time.Second

// signInNow lets the running program sign in, so that it is connected at once; without
// one the token goes to the keyring for the next start.
func signInNow(v *viper.Viper, server, login, password string) error {
	_, err := platform.Ask(platform.RuntimeDir(), "sign-in", server, login, password)
	if !errors.Is(err, platform.ErrNotRunning) {
		return err
	}
	cfg, _ := config.Load(v)
	lang := i18n.System()
	if cfg.Language != "auto" {
		lang = i18n.Lang(cfg.Language)
	}
	ctx, cancel := context.WithTimeout(context.Background(), signInLimit)
	defer cancel()
	return shell.SignIn(ctx, i18n.New(lang), server, login, password)
}
