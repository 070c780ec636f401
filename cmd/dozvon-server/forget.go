package main

import (
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/viper"

	"dozvon/app/server"
)

func forgetCommand(v *viper.Viper) *cobra.Command {
	return &cobra.Command{
		Use: "forget-secrets", Short: "When seal.key is lost for good: take out what it sealed, so that the server starts again",
		Long: `When seal.key is lost for good: take out of the database what it sealed, so that the server
starts again with a new key. The connections to PBXs are switched off until their secrets are
entered again; everything else stays. The server must be stopped.`,
		RunE: func(c *cobra.Command, _ []string) error {
			cfg := config(v)
			if err := becomeOwner(cfg.Data); err != nil {
				return err
			}
			n, err := server.ForgetSecrets(c.Context(), cfg)
			if err == nil {
				fmt.Printf("%d connections wait for their secrets: enter them in the app's settings and switch them on\n", n)
			}
			return err
		},
	}
}
