package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"
	"github.com/spf13/viper"

	"dozvon/app/server"
	"dozvon/app/server/store/transfer"
)

func migrateCommand(v *viper.Viper) *cobra.Command {
	return &cobra.Command{
		Use: "migrate-to postgres://…", Short: "Move a SQLite installation into PostgreSQL; begins beside a running server, ends with it stopped",
		Long: `Move a SQLite installation into an empty database of PostgreSQL. Beside a running server everything is copied
while it works; with the server stopped the same command brings the copy up to date, counts and compares every
table, and ends. Stopped at any moment, also by a kill, it goes on when it is run again. Until its end no server
starts on the new database. The SQLite file, the sealing key and the recordings stay where they are: the server
goes on with the same --data.`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return migrate(c, v, args[0]) },
	}
}

func migrate(c *cobra.Command, v *viper.Viper, to string) error {
	cfg := config(v)
	if cfg.School != "" {
		return fmt.Errorf("%w: the schools of an installation that holds several are files; migrate-to is for a single school", errUsage)
	}
	if err := becomeOwner(cfg.Data); err != nil {
		return err
	}
	out := c.OutOrStdout()
	done, err := server.MigrateTo(c.Context(), cfg, to, func(t transfer.Table) { tellTable(out, t) })
	if err != nil {
		return err
	}
	if !done.Whole {
		fmt.Fprintln(out, "copied beside the running server. Stop it (systemctl stop dozvon-server) and run the same command once more: it copies what has changed since, verifies every table, and ends")
		return nil
	}
	fmt.Fprintf(out, "all %d tables are there: the same numbers of rows and the same checksums in both databases\n", len(done.Tables))
	fmt.Fprintf(out, "start the server with --database %s (or database: in server.yaml) and the same --data; the search takes everything in within some minutes\n", quoted(server.WithoutPassword(to)))
	fmt.Fprintln(out, "the SQLite file is left as it was: put it away, so that no server writes it any more")
	return nil
}

func tellTable(out io.Writer, t transfer.Table) {
	fmt.Fprintf(out, "%-20s %10d rows, %d written", t.Name, t.Rows, t.Written)
	if t.Sum != "" {
		fmt.Fprintf(out, ", sha256 %.16s", t.Sum)
	}
	fmt.Fprintln(out)
}
