package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/viper"

	"dozvon/app/server"
	"dozvon/app/server/backup"
	"dozvon/app/server/store/registry"
)

func schoolCommand(v *viper.Viper) *cobra.Command {
	parent := &cobra.Command{
		Use: "school", Short: "Schools of an installation that holds several; every command works beside a running server",
		Long: `Schools of an installation that holds several: each has a folder, a database and a sealing key of its own below
DATA/schools. The first «school create» makes a data folder such an installation; «serve» then serves all of them.
Commands like account, backup, restore or doctor are told by --school which one they are for.`,
		Args: noArgs(nil),
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	parent.AddCommand(schoolCreate(v), schoolList(v), schoolExport(v), schoolDelete(v),
		schoolChange(v, "suspend", "Serve a school no more until it is resumed; nothing of it is lost", "is suspended: every server closes it within some seconds", server.SuspendSchool),
		schoolChange(v, "resume", "Serve a suspended school again", "is served again", server.ResumeSchool))
	for _, c := range parent.Commands() {
		c.Args = noArgs(c.Args)
	}
	return parent
}

// errOwnDatabase refuses what would be all schools'.
var errOwnDatabase = fmt.Errorf("%w: each school of an installation that holds several has a database and a sealing key of its own: take --database and --seal-key out", errUsage)

// severalOf is the installation that a command is for.
func severalOf(v *viper.Viper) server.Several { return server.Several{Config: wholeConfig(v)} }

func schoolCreate(v *viper.Viper) *cobra.Command {
	create := &cobra.Command{
		Use: "create NAME", Short: "Make a school, and show the code by which its first administrator comes in",
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return createSchool(c, v, args[0]) },
	}
	create.Flags().String("title", "", "what people call the school")
	create.Flags().String("from", "", "the backup of a school, of this installation, of another one or of a single school's server, which the new one is made of")
	create.Flags().StringSlice("host", nil, "a host name whose requests are the school's, e.g. phone.school.ru; may be given again")
	return create
}

func createSchool(c *cobra.Command, v *viper.Viper, name string) error {
	if err := registry.CheckName(name); err != nil {
		return fmt.Errorf("%w: %v", errUsage, err)
	}
	cfg := severalOf(v)
	if cfg.Database != "" || cfg.SealKey != "" {
		return errOwnDatabase
	}
	from, _ := c.Flags().GetString("from")
	var file *os.File
	if from != "" {
		var err error
		if file, err = openBackup(from); err != nil { // by whoever calls; the folder is written by its owner
			return err
		}
		defer file.Close()
	}
	if err := becomeOwner(cfg.Data); err != nil {
		return err
	}
	school := registry.School{Name: name}
	school.Title, _ = c.Flags().GetString("title")
	school.Hosts, _ = c.Flags().GetStringSlice("host")
	if file != nil {
		done, err := server.ImportSchool(c.Context(), cfg, school, backup.Source{Name: from, From: file})
		if err != nil {
			return schoolError(err, name)
		}
		fmt.Fprintf(c.OutOrStdout(), "school %s created\n", name)
		tellRestored(c.OutOrStdout(), done)
		return nil
	}
	code, err := server.CreateSchool(c.Context(), cfg, school)
	if err != nil {
		return schoolError(err, name)
	}
	out := c.OutOrStdout()
	fmt.Fprintf(out, "school %s created\n", name)
	if code != "" {
		fmt.Fprintf(out, "one-time code for its first administrator: %s\n", code)
	}
	return nil
}

func schoolExport(v *viper.Viper) *cobra.Command {
	c := &cobra.Command{
		Use: "export NAME FILE", Short: "Write a school into one file, beside a running server: school create --from makes one of it, here or elsewhere",
		Long: `Write a school's database, sealing key and recordings into one file, as backup does, beside a running server.
To move a school to another installation: suspend it here, export it, make it there by school create NAME --from
FILE, and when all is well delete it here.`,
		Args: cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			if err := isSeveral(severalOf(v)); err != nil {
				return err
			}
			if err := knownSchool(v.GetString("data"), args[0]); err != nil {
				return err
			}
			v.Set("school", args[0])
			return makeBackup(c, v, args[1])
		},
	}
	backupFlags(c.Flags())
	return c
}

func schoolList(v *viper.Viper) *cobra.Command {
	list := &cobra.Command{
		Use: "list", Short: "List the schools with state and hosts",
		RunE: func(c *cobra.Command, _ []string) error {
			cfg := severalOf(v)
			if err := isSeveral(cfg); err != nil {
				return err
			}
			if err := becomeOwner(cfg.Data); err != nil {
				return err
			}
			all, err := server.Schools(c.Context(), cfg)
			if err != nil {
				return err
			}
			asJSON, _ := c.Flags().GetBool("json")
			return printSchools(c.OutOrStdout(), all, asJSON)
		},
	}
	list.Flags().Bool("json", false, "as JSON")
	return list
}

func printSchools(to io.Writer, all []registry.School, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(to).Encode(all)
	}
	w := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "NAME\tSTATE\tCREATED\tSCHEMA\tHOSTS\tTITLE\tNOT OPENED BECAUSE")
	for _, s := range all {
		schema := ""
		if s.Schema > 0 {
			schema = fmt.Sprint(s.Schema)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", s.Name, s.State, s.CreatedAt.Format(time.DateOnly), or(schema), or(strings.Join(s.Hosts, ",")), or(s.Title), or(s.Error))
	}
	return w.Flush()
}

// schoolChange is a command that changes the state of one school.
func schoolChange(v *viper.Viper, name, short, done string, change func(context.Context, server.Several, string) error) *cobra.Command {
	return &cobra.Command{
		Use: name + " NAME", Short: short, Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return onSchool(c, v, args[0], done, change)
		},
	}
}

func onSchool(c *cobra.Command, v *viper.Viper, name, done string, change func(context.Context, server.Several, string) error) error {
	cfg := severalOf(v)
	if err := isSeveral(cfg); err != nil {
		return err
	}
	if err := becomeOwner(cfg.Data); err != nil {
		return err
	}
	if err := change(c.Context(), cfg, name); err != nil {
		return schoolError(err, name)
	}
	fmt.Fprintf(c.OutOrStdout(), "school %s %s\n", name, done)
	return nil
}

// deleteLimit is how long a server may take to close a school that is to be deleted.
const deleteLimit = time.Minute

func schoolDelete(v *viper.Viper) *cobra.Command {
	remove := &cobra.Command{
		Use: "delete NAME --confirm NAME", Short: "Delete a school with all that it kept, for good; take a backup first", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if confirmed, _ := c.Flags().GetString("confirm"); confirmed != args[0] {
				return fmt.Errorf("%w: --confirm %s is needed: nothing brings the school back but a backup (dozvon-server backup FILE --school %s)", errUsage, args[0], args[0])
			}
			ctx, cancel := context.WithTimeout(c.Context(), deleteLimit)
			defer cancel()
			c.SetContext(ctx)
			return onSchool(c, v, args[0], "is deleted", server.DeleteSchool)
		},
	}
	remove.Flags().String("confirm", "", "the school's name once more")
	return remove
}

func schoolError(err error, name string) error {
	switch {
	case errors.Is(err, registry.ErrNoSchool):
		return fmt.Errorf("there is no school %q: school list shows them", name)
	case errors.Is(err, registry.ErrTaken):
		return fmt.Errorf("%w: nothing was changed; school list shows who has what", err)
	case errors.Is(err, registry.ErrState):
		return fmt.Errorf("%w: nothing was changed; school list shows the states", err)
	}
	return err
}

// isSeveral refuses a data folder that holds no several schools.
func isSeveral(cfg server.Several) error {
	several, err := server.HoldsSeveral(cfg.Data)
	if err == nil && !several {
		err = fmt.Errorf("the data folder %s holds no installation of several schools: give --data, or make one by school create", cfg.Data)
	}
	return err
}

// schoolless are the commands that are for no school of an installation that holds several.
var schoolless = []string{"serve", "school", "service", "help", "completion"}

// checkSchool wants a command to name its school where there are several, and to name none where there is one: it would
// work on, or make, the database of nobody.
func checkSchool(v *viper.Viper, c *cobra.Command) error {
	top := c
	for top.HasParent() && top.Parent().HasParent() {
		top = top.Parent()
	}
	name, data := v.GetString("school"), v.GetString("data")
	if !top.HasParent() || slices.Contains(schoolless, top.Name()) {
		if name != "" {
			return fmt.Errorf("%w: %s is for the whole installation: take --school out", errUsage, top.Name())
		}
		return nil
	}
	several, err := server.HoldsSeveral(data)
	switch {
	case err != nil:
		return err
	case several && name == "":
		return fmt.Errorf("%w: the data folder %s holds several schools: say by --school which one is meant (school list shows them)", errUsage, data)
	case name == "":
		return nil
	case !several:
		return fmt.Errorf("%w: the data folder %s holds no several schools: take --school out", errUsage, data)
	}
	return knownSchool(data, name)
}

// knownSchool refuses a name that no school of an installation has.
func knownSchool(data, name string) error {
	if err := registry.CheckName(name); err != nil {
		return fmt.Errorf("%w: %v", errUsage, err)
	}
	if _, err := os.Stat(server.Several{Config: server.Config{Data: data}}.Of(name).Data); err != nil {
		return fmt.Errorf("there is no school %q: school list shows them", name)
	}
	return nil
}
