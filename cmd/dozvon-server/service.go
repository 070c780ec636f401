package main

import (
	"path/filepath"

	"github.com/spf13/cobra"
	"github.com/spf13/viper"
)

// service installs and removes the server as a service of Windows.
func service(v *viper.Viper) *cobra.Command {
	parent := &cobra.Command{
		Use: "service", Short: "Have Windows run the server in the background, from its start on",
		Args: noArgs(nil),
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	install := &cobra.Command{
		Use: "install", Short: "Install the service and start it; an administrator does that once",
		Long: `Install the service and start it; an administrator does that once. Its settings are those of server.yaml in
the data folder, which --data names (by default Dozvon in the folder for programs' data). What it logs stands in
server.log there; why it ended by itself, in the system's event log.`,
		Args: noArgs(nil),
		RunE: func(c *cobra.Command, _ []string) error {
			data := serviceData()
			if c.Flags().Changed("data") {
				data = v.GetString("data")
			}
			data, err := filepath.Abs(data)
			if err != nil {
				return err
			}
			return installService(c.OutOrStdout(), data)
		},
	}
	remove := &cobra.Command{
		Use: "remove", Short: "Stop the service and remove it; the data stays",
		Args: noArgs(nil),
		RunE: func(c *cobra.Command, _ []string) error { return removeService(c.OutOrStdout()) },
	}
	parent.AddCommand(install, remove)
	return parent
}
