package main

import (
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/spf13/viper"

	"dozvon/app/server"
	"dozvon/app/server/demo"
)

func demoCommand(v *viper.Viper) *cobra.Command {
	c := &cobra.Command{
		Use: "demo", Short: "Fill an empty database with a made-up school that uses the practice PBX",
		RunE: func(c *cobra.Command, _ []string) error { return fillDemo(c, v) },
	}
	demoFlags(c.Flags())
	c.Flags().Bool("password-stdin", false, "read the password of all demo accounts from standard input")
	return c
}

// demoFlags tell which practice PBXs the made-up school uses.
func demoFlags(f *pflag.FlagSet) {
	f.String("pbx", "http://127.0.0.1:8421/vpbx/", "the practice PBX")
	f.String("second-pbx", "http://127.0.0.1:8422/apis/portal/", "the second practice PBX, which must run already; empty for none")
	f.String("second-token", "demo-token", "its token")
	f.String("key", "demo-key", "its key")
	f.String("salt", "demo-salt", "its salt")
}

func fillDemo(c *cobra.Command, v *viper.Viper) error {
	if stdin, _ := c.Flags().GetBool("password-stdin"); !stdin {
		return fmt.Errorf("%w: --password-stdin is needed", errUsage)
	}
	password, err := firstLine(os.Stdin)
	if err != nil {
		return err
	}
	clock := demo.NewClock(time.Now())
	cfg := config(v)
	cfg.Now = clock.Now
	if err := becomeOwner(cfg.Data); err != nil {
		return err
	}
	p, err := server.Build(c.Context(), cfg)
	if err != nil {
		return err
	}
	people, err := p.Store.Employees(c.Context())
	if err == nil && len(people) > 0 {
		err = errors.New("the database is not empty: demo data would mix with real people; use another --data folder")
	}
	if err == nil {
		err = demo.Fill(c.Context(), demo.Rooms{Store: p.Store, Directory: p.Directory, Staff: p.Staff, Calls: p.Calls, Cards: p.Cards, Followup: p.Followup}, demo.Config{
			PBXURL: v.GetString("pbx"), Key: v.GetString("key"), Salt: v.GetString("salt"), Password: password, Clock: clock,
			Second: demo.Account{URL: v.GetString("second-pbx"), Token: v.GetString("second-token")},
		})
	}
	if errors.Is(err, demo.ErrSilent) {
		fmt.Printf("%v\n", err)
		err = nil
	}
	if err == nil {
		fmt.Printf("demo school ready; sign in as %s\n", demo.Login)
	}
	return errors.Join(err, p.Close())
}
