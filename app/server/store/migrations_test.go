package store

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"dozvon/app/server/pgtest"
)

// released are the migrations that databases out there have had. Whoever releases a version appends what it brought;
// nothing else changes here. 14 was left out and is no number any more: a database that has had a later one takes no
// earlier one.
var released = []string{
	"00001_first.sql", "00002_mango_in_full.sql", "00003_school.sql", "00004_imports.sql", "00005_facets.sql", "00006_access.sql", "00007_audit.sql",
	"00008_nodes.sql", "00009_kinds.sql", "00010_seam.sql", "00011_claims.sql", "00012_hook_print.sql", "00013_flags.sql", "00015_reactions.sql",
	"00016_presence_since.sql", "00017_card_runs.sql", "00018_erasures.sql",
}

// misnumbered are the faults of a list of migrations, those of a program.
func misnumbered(names []string) []string {
	var faults []string
	newest, taken := released[len(released)-1], map[string]string{}
	for _, name := range names {
		number, _, _ := strings.Cut(name, "_")
		if other, twice := taken[number]; twice {
			faults = append(faults, name+" has the number of "+other)
		}
		taken[number] = name
		if name < newest && !slices.Contains(released, name) {
			faults = append(faults, name+" comes before the released "+newest)
		}
	}
	for _, name := range released {
		if !slices.Contains(names, name) {
			faults = append(faults, name+" was released and is gone")
		}
	}
	return faults
}

func TestMigrations_growAtTheirEndOnly(t *testing.T) {
	t.Parallel()
	paths, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil || len(paths) < len(released) {
		t.Fatal(paths, err)
	}
	var names []string
	for _, p := range paths {
		names = append(names, filepath.Base(p))
	}
	if faults := misnumbered(names); len(faults) > 0 {
		t.Errorf("migrations:\n%s", strings.Join(faults, "\n"))
	}
	for name, wrong := range map[string][]string{
		"in the gap":        append(slices.Clone(released), "00014_late.sql"),
		"with a number had": append(slices.Clone(released), "00019_one.sql", "00019_two.sql"),
		"renamed":           append(slices.Clone(released[:15]), "00017_other.sql", "00018_erasures.sql"),
	} {
		if len(misnumbered(wrong)) == 0 {
			t.Errorf("one %s is not found", name)
		}
	}
	if faults := misnumbered(append(slices.Clone(released), "00019_next.sql")); len(faults) > 0 {
		t.Errorf("the next one is refused: %q", faults)
	}
}

// TestOpen_saysWhichMigrationCannotFollow: it was «missing migrations».
func TestOpen_saysWhichMigrationCannotFollow(t *testing.T) {
	t.Parallel()
	for name, url := range map[string]string{"sqlite": "sqlite://" + filepath.Join(t.TempDir(), "a.db"), "postgres": pgtest.URL(t)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := planStore(t, url)
			dir := fstest.MapFS{"00014_late.sql": {Data: []byte("-- +goose Up\nCREATE TABLE late (id TEXT);\n")}}
			for _, name := range released {
				raw, err := fs.ReadFile(migrations, "migrations/"+name)
				if err != nil {
					t.Fatal(err)
				}
				dir[name] = &fstest.MapFile{Data: raw}
			}
			err := s.migrate(t.Context(), true, dir)
			if err == nil || !strings.Contains(err.Error(), "schema 18 without its step 14") || !strings.Contains(err.Error(), "above 18") {
				t.Errorf("a database that lacks one is refused with: %v", err)
			}
			if tables, err := s.tables(t.Context()); err != nil || slices.Contains(tables, "late") {
				t.Errorf("it was changed all the same: %v", err)
			}
			delete(dir, "00014_late.sql")
			if err := s.migrate(t.Context(), true, dir); err != nil {
				t.Errorf("without it: %v", err)
			}
		})
	}
}

// From 0.7.0 on nodes of the former version work on beside the first new one: no migration takes from them what they
// read, or asks of what they write.
func TestMigrations_leaveTheFormerVersionWhatItUses(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("migrations/*.sql")
	if err != nil || len(files) < 17 {
		t.Fatalf("%d migrations, %v", len(files), err)
	}
	breaks := regexp.MustCompile(`(?i)\bDROP\s+(COLUMN|TABLE)\b|\bRENAME\b|\bALTER\s+COLUMN\b|\bADD\s+COLUMN\b[^,;]*\bNOT\s+NULL\b[^,;]*`)
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		taken := slices.DeleteFunc(breaks.FindAllString(string(raw), -1), func(found string) bool { return strings.Contains(strings.ToUpper(found), "DEFAULT") })
		switch name := filepath.Base(file); {
		case name == "00012_hook_print.sql" && len(taken) != 1:
			t.Errorf("%s drops a column, and %q was seen", name, taken)
		case name < "00013": // released before that was promised
			continue
		}
		for _, found := range taken {
			t.Errorf("%s: %q, while a node of the former version is running: leave it there for one version more, or give it a DEFAULT", file, found)
		}
	}
}
