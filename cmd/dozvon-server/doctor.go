package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/viper"

	"dozvon/app/server"
)

func doctorCommand(v *viper.Viper) *cobra.Command {
	c := &cobra.Command{
		Use: "doctor", Short: "Examine configuration, disk, clock, TLS, database, key, public address and each PBX; works beside a running server",
		Long: `Examine configuration, disk, clock, TLS, database, key, public address and each PBX: a line each with OK,
WARN or FAIL, and what to do. It changes nothing, tells no secrets, and works beside a running server and
without one. It ends with 1 when something failed. Flags that serve is given must be given to doctor, too; those of
server.yaml and the environment are read.`,
		RunE: func(c *cobra.Command, _ []string) error { return examine(c, v) },
	}
	serveFlags(c.Flags()) // what the server is told by flags, doctor has to be told as well
	c.Flags().Bool("json", false, `as JSON: {"lines":[{"check","state":"ok|warn|fail","text","advice"}],"failed"}`)
	return c
}

func examine(c *cobra.Command, v *viper.Viper) error {
	asJSON, _ := c.Flags().GetBool("json")
	cfg := config(v)
	if err := becomeOwner(cfg.Data); err != nil {
		return err
	}
	report := server.Doctor(c.Context(), cfg)
	if asJSON {
		if err := report.PrintJSON(c.OutOrStdout()); err != nil {
			return fmt.Errorf("writing the report: %w", err)
		}
	} else {
		report.Print(c.OutOrStdout())
	}
	if failed := report.Failed(); len(failed) > 0 {
		return fmt.Errorf("%d of %d failed (%s): their lines say what to do", len(failed), len(report.Lines), strings.Join(failed, "; "))
	}
	return nil
}
