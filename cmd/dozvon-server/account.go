package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"github.com/spf13/viper"

	"dozvon/app/server"
	"dozvon/app/server/access"
	"dozvon/app/server/store"
	"dozvon/client"
)

func account(v *viper.Viper) *cobra.Command {
	parent := &cobra.Command{
		Use: "account", Short: "Accounts of employees; every command works beside a running server",
		Args: noArgs(nil),
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	parent.AddCommand(accountAdd(v), accountCode(v), accountList(v),
		accountChange(v, "password", "Set a new password and end all sessions", func(c *cobra.Command) (client.EmployeeInput, string, error) {
			password, err := passwordOf(c)
			return client.EmployeeInput{Password: &password}, "has a new password and is signed out everywhere", err
		}),
		accountChange(v, "role", "Give another role", func(c *cobra.Command) (client.EmployeeInput, string, error) {
			role, _ := c.Flags().GetString("role")
			if role == "" {
				return client.EmployeeInput{}, "", fmt.Errorf("%w: --role is needed: operator, manager, accountant, director or admin", errUsage)
			}
			r := client.Role(role)
			return client.EmployeeInput{Role: &r}, "is now " + role, nil
		}),
		accountChange(v, "deactivate", "Switch somebody off: no sign-in, all sessions end, old calls keep the name", func(*cobra.Command) (client.EmployeeInput, string, error) {
			off := false
			return client.EmployeeInput{Active: &off}, "is switched off and signed out everywhere", nil
		}),
		accountChange(v, "activate", "Switch somebody on again", func(*cobra.Command) (client.EmployeeInput, string, error) {
			on := true
			return client.EmployeeInput{Active: &on}, "is switched on", nil
		}),
		accountSignOut(v))
	for _, c := range parent.Commands() {
		c.Args = noArgs(nil)
	}
	return parent
}

func accountAdd(v *viper.Viper) *cobra.Command {
	add := &cobra.Command{
		Use: "add", Short: "Create an account and its employee",
		RunE: func(c *cobra.Command, _ []string) error { return addAccount(c, v) },
	}
	f := add.Flags()
	f.String("login", "", "what the employee signs in with")
	f.String("name", "", "full name")
	f.String("role", "operator", "operator, manager, accountant, director or admin")
	f.String("extension", "", "internal number at the PBX")
	passwordFlag(add)
	return add
}

func accountCode(v *viper.Viper) *cobra.Command {
	return &cobra.Command{
		Use: "code", Short: "Show the one-time code by which the first administrator comes in with the app",
		RunE: func(c *cobra.Command, _ []string) error {
			return withParts(c.Context(), v, func(p *server.Parts) error {
				code, err := p.Welcome.Code(c.Context())
				if err != nil {
					return err
				}
				if code == "" {
					return errors.New("somebody has an account already: there is no code any more; account add makes another account")
				}
				fmt.Fprintln(c.OutOrStdout(), code)
				return nil
			})
		},
	}
}

func addAccount(c *cobra.Command, v *viper.Viper) error {
	f := c.Flags()
	login, _ := f.GetString("login")
	name, _ := f.GetString("name")
	role, _ := f.GetString("role")
	extension, _ := f.GetString("extension")
	if login == "" || name == "" {
		return fmt.Errorf("%w: --login, --name and --password-stdin are needed", errUsage)
	}
	password, err := passwordOf(c)
	if err != nil {
		return err
	}
	r := client.Role(role)
	in := client.EmployeeInput{Name: &name, Login: &login, Password: &password, Role: &r}
	if extension != "" {
		in.Extension = &extension
	}
	return withParts(c.Context(), v, func(p *server.Parts) error {
		e, err := p.Staff.SaveEmployee(c.Context(), "", in)
		if err != nil {
			return accountError(err)
		}
		fmt.Fprintf(c.OutOrStdout(), "account %s created for %s (%s)\n", login, e.Name, e.Role)
		return nil
	})
}

func accountList(v *viper.Viper) *cobra.Command {
	list := &cobra.Command{
		Use: "list", Short: "List all employees with login, role, extension, and whether they are active",
		RunE: func(c *cobra.Command, _ []string) error {
			asJSON, _ := c.Flags().GetBool("json")
			return withParts(c.Context(), v, func(p *server.Parts) error {
				people, err := p.Store.Employees(c.Context())
				if err != nil {
					return err
				}
				return printPeople(c.OutOrStdout(), people, asJSON)
			})
		},
	}
	list.Flags().Bool("json", false, "as JSON, as GET /employees tells them")
	return list
}

func printPeople(to io.Writer, people []client.Employee, asJSON bool) error {
	if asJSON {
		if people == nil {
			people = []client.Employee{}
		}
		return json.NewEncoder(to).Encode(people)
	}
	w := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "LOGIN\tROLE\tEXTENSION\tACTIVE\tNAME")
	for _, e := range people {
		active := "yes"
		if !e.Active {
			active = "no"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", or(e.Login), e.Role, or(e.Extension), active, e.Name)
	}
	return w.Flush()
}

func or(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

// accountChange is a command that changes the account of --login.
func accountChange(v *viper.Viper, name, short string, input func(*cobra.Command) (in client.EmployeeInput, done string, err error)) *cobra.Command {
	change := &cobra.Command{
		Use: name, Short: short,
		RunE: func(c *cobra.Command, _ []string) error {
			return withAccount(c, v, func(p *server.Parts, e client.Employee) error {
				in, done, err := input(c)
				if err != nil {
					return err
				}
				if _, err := p.Staff.SaveEmployee(c.Context(), e.ID, in); err != nil {
					return accountError(err)
				}
				fmt.Fprintf(c.OutOrStdout(), "%s (%s) %s\n", e.Login, e.Name, done)
				return nil
			})
		},
	}
	change.Flags().String("login", "", "whose account")
	switch name {
	case "password":
		passwordFlag(change)
	case "role":
		change.Flags().String("role", "", "operator, manager, accountant, director or admin")
	}
	return change
}

func accountSignOut(v *viper.Viper) *cobra.Command {
	out := &cobra.Command{
		Use: "sign-out", Short: "End all sessions of somebody, e.g. after a laptop was lost",
		RunE: func(c *cobra.Command, _ []string) error {
			return withAccount(c, v, func(p *server.Parts, e client.Employee) error {
				n, err := p.Sessions.EndAll(c.Context(), e)
				if err != nil {
					return err
				}
				fmt.Fprintf(c.OutOrStdout(), "%s (%s): %d sessions ended\n", e.Login, e.Name, n)
				return nil
			})
		},
	}
	out.Flags().String("login", "", "whose sessions")
	return out
}

func withAccount(c *cobra.Command, v *viper.Viper, do func(*server.Parts, client.Employee) error) error {
	login, _ := c.Flags().GetString("login")
	if login == "" {
		return fmt.Errorf("%w: --login is needed (account list shows them)", errUsage)
	}
	if c.Flags().Lookup("password-stdin") != nil {
		if stdin, _ := c.Flags().GetBool("password-stdin"); !stdin {
			return errPasswordStdin
		}
	}
	return withParts(c.Context(), v, func(p *server.Parts) error {
		account, err := p.Store.AccountByLogin(c.Context(), login)
		if errors.Is(err, store.ErrNotFound) {
			return fmt.Errorf("no account has the login %q: account list shows them", login)
		}
		if err != nil {
			return err
		}
		return do(p, account.Employee)
	})
}

func withParts(ctx context.Context, v *viper.Viper, do func(*server.Parts) error) error {
	if err := becomeOwner(v.GetString("data")); err != nil {
		return err
	}
	p, err := server.Build(ctx, config(v))
	if err != nil {
		return err
	}
	return errors.Join(do(p), p.Close())
}

var errPasswordStdin = fmt.Errorf("%w: --password-stdin is needed (a password on the command line would stay in the shell's history)", errUsage)

func passwordFlag(c *cobra.Command) {
	c.Flags().Bool("password-stdin", false, "read the password from the first line of standard input")
}

func passwordOf(c *cobra.Command) (string, error) {
	if stdin, _ := c.Flags().GetBool("password-stdin"); !stdin {
		return "", errPasswordStdin
	}
	return firstLine(c.InOrStdin())
}

// accountError says what to do about what the server's own words do not.
func accountError(err error) error {
	var weak *access.WeakPassword
	switch {
	case errors.As(err, &weak):
		why := map[string]string{
			access.PasswordShort: fmt.Sprintf("is shorter than %d characters", access.MinPassword), access.PasswordLong: fmt.Sprintf("is longer than %d characters", access.MaxPassword),
			access.PasswordCommon: "is a common one, or made of repeats", access.PasswordLogin: "is the login itself",
		}[weak.Cause]
		return fmt.Errorf("the password %s: nothing was changed; take several words that are easy to remember", why)
	case errors.Is(err, access.ErrLastAdmin):
		return errors.New("this is the last administrator who can sign in: nothing was changed; appoint another one first (account role)")
	case errors.Is(err, store.ErrTaken):
		return errors.New("somebody else has this login: nothing was changed; take another, or see account list")
	}
	return err
}

func firstLine(r io.Reader) (string, error) {
	line, err := bufio.NewReader(r).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("reading the password: %w", err)
	}
	line = strings.TrimRight(line, "\r\n")
	if line == "" {
		return "", errors.New("no password came on standard input")
	}
	return line, nil
}
