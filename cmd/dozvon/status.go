package main

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"
)

func status() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "status", Short: "Tell what the running app shows", Args: arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := running().Status(cmd.Context())
			if err != nil {
				return asked(err)
			}
			if asJSON {
				raw, err := json.MarshalIndent(s, "", "  ")
				if err != nil {
					return fmt.Errorf("writing the status: %w", err)
				}
				fmt.Fprintln(cmd.OutOrStdout(), string(raw))
				return nil
			}
			fmt.Fprintf(cmd.OutOrStdout(), "connection  %s\nemployee    %s (%s)\ntray        %s, %d missed\n",
				s.Connection, s.Employee.Name, s.Employee.Extension, s.Tray.State, s.Tray.Missed)
			if s.Log != "" {
				fmt.Fprintf(cmd.OutOrStdout(), "log         %s\n", s.Log)
			}
			for _, card := range s.Cards {
				fmt.Fprintf(cmd.OutOrStdout(), "card        %s: %s, %s\n", card.State, card.Title, card.Subtitle)
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "machine-readable")
	return cmd
}
