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
			answer, err := ask("status")
			if err != nil {
				return err
			}
			if asJSON {
				fmt.Fprintln(cmd.OutOrStdout(), answer)
				return nil
			}
			var s struct {
				Connection string
				Employee   struct{ Name, Extension string }
				Tray       struct {
					State  string
					Missed int
				}
				Cards []struct{ State, Title, Subtitle string }
			}
			if err := json.Unmarshal([]byte(answer), &s); err != nil {
				return fmt.Errorf("reading the running dozvon's status: %w", err)
			}
			fmt.Fprintf(cmd.OutOrStdout(), "connection  %s\nemployee    %s (%s)\ntray        %s, %d missed\n",
				s.Connection, s.Employee.Name, s.Employee.Extension, s.Tray.State, s.Tray.Missed)
			for _, card := range s.Cards {
				fmt.Fprintf(cmd.OutOrStdout(), "card        %s: %s, %s\n", card.State, card.Title, card.Subtitle)
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "machine-readable")
	return cmd
}
