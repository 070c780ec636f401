package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"

	"github.com/spf13/cobra"
	"github.com/spf13/viper"

	"dozvon/app/server"
	"dozvon/app/server/person"
	"dozvon/app/server/store"
)

const whoIsMeant = `
PERSON is client:ID (with the client's contracts and the cards merged into them), contract:ID, or a
number in any spelling; where several cards have that number, they are listed, and nothing is done.
The ID stands in the card's address in the API. Works beside a running server.`

func exportPersonCommand(v *viper.Viper) *cobra.Command {
	c := &cobra.Command{
		Use: "export-person PERSON", Short: "Write all that is kept about a person to an archive for that person",
		Long: `Write all that is kept about a person to an archive for that person (152-FZ, article 14): cards with
their history, calls with notes and recordings, messages, tasks, what the PBX sent. index.html is for
reading, person.json for programs. Other people's numbers are left out, employees stand by their names.
Recordings that the PBX or another server has are named only. The receipt is printed as JSON.
` + whoIsMeant,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return exportPerson(c, v, args[0]) },
	}
	c.Flags().String("out", "", "the archive, which must not exist (default person-KIND-ID.zip)")
	c.Flags().String("language", "ru", "language of index.html: ru or en")
	return c
}

func exportPerson(c *cobra.Command, v *viper.Viper, who string) (err error) {
	out, _ := c.Flags().GetString("out")
	language, _ := c.Flags().GetString("language")
	if language != "ru" && language != "en" {
		return fmt.Errorf("%w: --language is ru or en, not %q", errUsage, language)
	}
	cfg := config(v)
	back, err := asOwner(cfg.Data)
	if err != nil {
		return err
	}
	p, err := server.Build(c.Context(), cfg)
	if err = errors.Join(err, back()); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	receipt, err := p.Person.Export(c.Context(), who, out, language)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%w: give --out another name; nothing was written over", err)
	}
	if err != nil {
		return whoInWords(err)
	}
	return printJSON(c, receipt)
}

// whoInWords says what to do about a person who is not found.
func whoInWords(err error) error {
	switch {
	case errors.Is(err, person.ErrUnknown):
		return fmt.Errorf("%w: %w", errUsage, err)
	case errors.Is(err, store.ErrNotFound):
		return fmt.Errorf("there is no such card: %w; look up its ID in the app or the API", err)
	}
	return err
}

func printJSON(c *cobra.Command, receipt any) error {
	e := json.NewEncoder(c.OutOrStdout())
	e.SetIndent("", "  ")
	return e.Encode(receipt)
}

func eraseCommand(v *viper.Viper) *cobra.Command {
	c := &cobra.Command{
		Use: "erase PERSON", Short: "Erase all that is kept about a person, for good",
		Long: `Erase all that is kept about a person, for good (152-FZ, article 21): cards with their history, notes,
messages, tasks, recordings, what the PBX sent, and who it was in calls, of which only what the school's
figures need stays. It cannot be taken back. Broken off, it goes on with the same command. The receipt is
printed as JSON, and says what lies outside, such as backups.
` + whoIsMeant,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			dry, _ := c.Flags().GetBool("dry-run")
			cfg := config(v)
			if err := becomeOwner(cfg.Data); err != nil {
				return err
			}
			receipt, err := server.Erase(c.Context(), cfg, args[0], dry)
			if err != nil {
				return whoInWords(err)
			}
			return printJSON(c, receipt)
		},
	}
	c.Flags().Bool("dry-run", false, "erase nothing, only count what would be erased")
	return c
}
