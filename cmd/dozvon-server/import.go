package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/viper"

	"dozvon/app/server"
	"dozvon/app/server/imports"
	"dozvon/app/server/table"
	"dozvon/client"
)

func importCommand(v *viper.Viper) *cobra.Command {
	c := &cobra.Command{
		Use: "import clients|contracts FILE.csv|.xlsx", Short: "Bring a table of clients or contracts in; works beside a running server",
		Long: `Bring a table of clients or contracts in, all of it or nothing; works beside a running server.

Columns are told by their headings and by what stands in them. Where two fit alike none is taken, and
a question is printed; --column "Дата договора=signed_on" answers it. Rows that cannot be taken are
skipped; they, rows with a question and rows with a remark are written to the report with their line
and the reason. Run it with --dry-run first.`,
		Args: cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error { return importFile(c, v, args[0], args[1]) },
	}
	f := c.Flags()
	f.Bool("dry-run", false, "change nothing, only tell what would happen")
	f.String("rule", string(imports.Skip), "what a row does whose card is there already: skip, update or add")
	f.StringArray("column", nil, "what a column holds, HEADING=FIELD (again for each; an empty FIELD leaves it out)")
	f.String("report", "", "where the report of questions, remarks and skipped rows goes (default FILE.report.csv, when there are any)")
	f.String("language", "ru", "language of the report: ru or en")
	return c
}

func importFile(c *cobra.Command, v *viper.Viper, kind, path string) (err error) {
	f := c.Flags()
	dry, _ := f.GetBool("dry-run")
	rule, _ := f.GetString("rule")
	report, _ := f.GetString("report")
	chosen, _ := f.GetStringArray("column")
	language, _ := f.GetString("language")
	if kind != "clients" && kind != "contracts" {
		return fmt.Errorf("%w: import clients or contracts, not %q", errUsage, kind)
	}
	if rule != string(imports.Skip) && rule != string(imports.Update) && rule != string(imports.Add) {
		return fmt.Errorf("%w: --rule is skip, update or add, not %q", errUsage, rule)
	}
	if language != "ru" && language != "en" {
		return fmt.Errorf("%w: --language is ru or en, not %q", errUsage, language)
	}
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("opening the table: %w", err)
	}
	defer file.Close()
	cfg := config(v)
	back, err := asOwner(cfg.Data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, back()) }()
	p, err := server.Build(c.Context(), cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	im, err := p.Imports.Add(c.Context(), client.Employee{}, kind, path, file)
	if err != nil {
		return inWords(err, language)
	}
	defer func() {
		// The file is the caller's; its copy need not wait for a week.
		err = errors.Join(err, p.Imports.Drop(context.WithoutCancel(c.Context()), client.Employee{}, im.ID))
	}()
	if im.Mapping, err = choose(im, chosen); err != nil {
		return err
	}
	tellDoubts(im, language)
	_, err = p.Imports.Start(c.Context(), client.Employee{}, im.ID, language, client.ImportRun{Mapping: im.Mapping, Rule: rule, DryRun: dry})
	if err != nil {
		return inWords(err, language)
	}
	if im, err = p.Imports.RunOne(c.Context(), im.ID); err != nil {
		return err
	}
	if im.Problem != nil {
		return errors.New(map[string]string{"ru": im.Problem.RU, "en": im.Problem.EN}[language])
	}
	tellImport(im)
	if !im.Report {
		return nil
	}
	if report == "" {
		report = path + ".report.csv"
	}
	from, err := p.Imports.ReportPath(c.Context(), im.ID)
	if err != nil {
		return err
	}
	if err := errors.Join(back(), copyFile(from, report)); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	fmt.Println("report of questions, remarks and skipped rows:", report)
	return nil
}

// choose puts what the caller says of columns over what was guessed.
func choose(im client.Import, chosen []string) ([]string, error) {
	mapping := slices.Clone(im.Mapping)
	for _, c := range chosen {
		at := strings.LastIndexByte(c, '=')
		if at < 0 {
			return nil, fmt.Errorf("%w: --column is HEADING=FIELD, not %q", errUsage, c)
		}
		heading, field := strings.TrimSpace(c[:at]), strings.TrimSpace(c[at+1:])
		if field != "" && !slices.Contains(im.Fields, field) {
			return nil, fmt.Errorf("%w: --column %q: the fields are %s", errUsage, c, strings.Join(im.Fields, ", "))
		}
		i := slices.IndexFunc(im.Columns, func(col client.ImportColumn) bool { return strings.EqualFold(col.Name, heading) })
		if i < 0 {
			return nil, fmt.Errorf("%w: --column %q: the file has no such heading", errUsage, c)
		}
		mapping[i] = field
	}
	return mapping, nil
}

// tellDoubts prints the questions about columns that nobody has answered.
func tellDoubts(im client.Import, language string) {
	for _, d := range im.Doubts {
		if !slices.Contains(im.Mapping, d.Code) {
			fmt.Printf("%s (--column \"…=%s\")\n", map[string]string{"ru": d.RU, "en": d.EN}[language], d.Code)
		}
	}
}

// inWords is what people are told of a file that is refused.
func inWords(err error, language string) error {
	var told interface{ In(language string) string }
	var fault *table.Fault
	switch {
	case errors.As(err, &fault):
		return errors.New(imports.Told(fault).In(language))
	case errors.As(err, &told):
		return errors.New(told.In(language))
	}
	return err
}

func tellImport(im client.Import) {
	var columns []string
	for i, field := range im.Mapping {
		if field != "" {
			columns = append(columns, im.Columns[i].Name+" → "+field)
		}
	}
	fmt.Println("columns:", strings.Join(columns, ", "))
	done := "done"
	if im.DryRun {
		done = "nothing was changed; it would be"
	}
	n := im.Counts
	fmt.Printf("%s: %d added, %d changed, %d unchanged, %d skipped as duplicates, %d skipped as faulty, %d skipped with a question; %d with a remark\n",
		done, n.Added, n.Changed, n.Unchanged, n.Doubles, n.Faulty, n.Questions, n.Remarks)
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}
