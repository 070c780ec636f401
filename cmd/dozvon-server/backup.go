package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/spf13/viper"

	"dozvon/app/server"
	"dozvon/app/server/backup"
)

func backupCommand(v *viper.Viper) *cobra.Command {
	c := &cobra.Command{
		Use: "backup FILE", Short: "Write the database, the sealing key and the recordings into one file; works beside a running server",
		Long: `Write the database, the sealing key and the recordings into one file (tar.gz), while the server runs and
writes; dozvon-server restore puts it back. The file appears when it is whole, and replaces none.

Who has the file has the sealing key, and with it what the PBXs' secrets are sealed with: keep it as you
would keep the key. Of PostgreSQL's data the file holds nothing; the command for those is printed.`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return makeBackup(c, v, args[0]) },
	}
	backupFlags(c.Flags())
	return c
}

func backupFlags(f *pflag.FlagSet) {
	f.Bool("without-recordings", false, "leave the recordings out; what the PBX still has can be fetched again")
	f.Bool("without-key", false, "leave the sealing key out: keep it apart, without it the PBXs' secrets are lost")
}

func makeBackup(c *cobra.Command, v *viper.Viper, file string) error {
	f := c.Flags()
	var o backup.Options
	o.WithoutRecordings, _ = f.GetBool("without-recordings")
	o.WithoutKey, _ = f.GetBool("without-key")
	cfg := config(v)
	report, err := server.Backup(c.Context(), cfg, file, o)
	if err != nil {
		return err
	}
	tellBackup(c.OutOrStdout(), cfg, file, report)
	return nil
}

func tellBackup(to io.Writer, cfg server.Config, file string, report backup.Report) {
	m := report.Manifest
	fmt.Fprintf(to, "%s: %s, only its owner can read it\n", file, backup.Bytes(report.Size))
	if m.Database == backup.SQLite {
		_, size := m.Part("dozvon.db")
		fmt.Fprintf(to, "  database: %s, schema %d\n", backup.Bytes(size), m.Schema)
	}
	if m.Has("seal.key") {
		fmt.Fprintln(to, "  sealing key: included; it opens the PBXs' secrets, so keep this file where you would keep the key")
	} else {
		fmt.Fprintln(to, "  sealing key: LEFT OUT; keep seal.key apart, without it the PBXs' secrets are lost")
	}
	for _, part := range []struct{ name, words string }{{"recordings", "recordings"}, {"imports", "files of imports"}} {
		files, size := m.Part(part.name)
		if !m.Has(part.name) {
			fmt.Fprintf(to, "  %s: LEFT OUT\n", part.words)
			continue
		}
		fmt.Fprintf(to, "  %s: %d files, %s\n", part.words, files, backup.Bytes(size))
	}
	fmt.Fprintln(to, "  not in it: server.yaml, the folder certificates")
	if m.Database == backup.Postgres {
		fmt.Fprintf(to, "The database is PostgreSQL's own to copy. Right after this command, run:\n  %s\n", dumpCommand(cfg.Database, file))
	}
}

// dumpCommand is how PostgreSQL's part is copied; the password is asked for, or stands in ~/.pgpass.
func dumpCommand(address, file string) string {
	return "pg_dump --format=custom --no-owner --file=" + quoted(file+".dump") + " " + quoted(server.WithoutPassword(address))
}

// quoted is a word for a shell.
func quoted(word string) string { return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'" }

func restoreCommand(v *viper.Viper) *cobra.Command {
	return &cobra.Command{
		Use: "restore FILE", Short: "Put a backup in the place of what the data folder holds; the server must be stopped",
		Long: `Put a backup in the place of what the data folder (--data) holds; the server must be stopped.

The file is read to its end and every checksum is compared before anything is changed. What was there is
put aside in a folder before-restore-… and stays there until you delete it. Broken off at any moment, the
folder holds what was there before, or what was restored: the server's next start, or the same command
again, finishes what is left.`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return restoreBackup(c, v, args[0]) },
	}
}

func restoreBackup(c *cobra.Command, v *viper.Viper, path string) error {
	// The file is opened by whoever calls, the folder is written by its owner.
	file, err := openBackup(path)
	if err != nil {
		return err
	}
	defer file.Close()
	cfg := config(v)
	if err := becomeOwner(cfg.Data); err != nil {
		return err
	}
	done, err := server.Restore(c.Context(), cfg, backup.Source{Name: path, From: file})
	if err != nil {
		return err
	}
	tellRestore(c.OutOrStdout(), cfg, done)
	return nil
}

// openBackup opens the file of a backup.
func openBackup(path string) (*os.File, error) {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() { // a pipe's end would be waited for
		return nil, fmt.Errorf("%s is not a file: nothing was changed", path)
	}
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no file %s: nothing was changed", path)
	}
	if err != nil {
		return nil, fmt.Errorf("opening the backup: %w", err)
	}
	if info, err := file.Stat(); err != nil || !info.Mode().IsRegular() {
		file.Close()
		return nil, errors.Join(fmt.Errorf("%s is not a file: nothing was changed", path), err)
	}
	return file, nil
}

func tellRestore(to io.Writer, cfg server.Config, done backup.Restored) {
	tellRestored(to, done)
	if cfg.School != "" {
		fmt.Fprintf(to, "serve the school again, if it is suspended: dozvon-server school resume %s\n", cfg.School)
		return
	}
	data := cfg.Data
	if abs, err := filepath.Abs(data); err == nil {
		data = abs
	}
	fmt.Fprintf(to, "start the server: dozvon-server serve --data %s (or systemctl start dozvon-server)\n", quoted(data))
}

// tellRestored tells what was put where.
func tellRestored(to io.Writer, done backup.Restored) {
	m := done.Manifest
	if done.Finished {
		fmt.Fprintln(to, "the restore that had been broken off is finished")
	}
	fmt.Fprintf(to, "restored what was backed up at %s (version %s)\n", m.MadeAt.Local().Format("2006-01-02 15:04:05"), m.Program)
	for _, dir := range done.Aside {
		fmt.Fprintf(to, "what was there before lies in %s: delete it when all is well\n", dir)
	}
	if !m.Has("seal.key") {
		fmt.Fprintln(to, "the backup had no sealing key: the one that was there stays")
	}
	if !m.Has("recordings") {
		fmt.Fprintln(to, "the backup had no recordings: those that were there stay")
	}
	if m.Database == backup.Postgres {
		fmt.Fprintln(to, "PostgreSQL's part: createdb NAME, then pg_restore --no-owner --dbname=NAME FILE.dump, before the server starts")
	}
}
