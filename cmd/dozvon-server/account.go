package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/viper"

	"dozvon/app/server"
	"dozvon/client"
)

func account(v *viper.Viper) *cobra.Command {
	parent := &cobra.Command{Use: "account", Short: "Accounts of employees"}
	add := &cobra.Command{
		Use: "add", Short: "Create an account and its employee; works beside a running server",
		Args: noArgs(nil),
		RunE: func(c *cobra.Command, _ []string) error { return addAccount(c, v) },
	}
	f := add.Flags()
	f.String("login", "", "what the employee signs in with")
	f.String("name", "", "full name")
	f.String("role", "operator", "operator, manager, accountant, director or admin")
	f.String("extension", "", "internal number at the PBX")
	f.Bool("password-stdin", false, "read the password from the first line of standard input")
	parent.AddCommand(add)
	return parent
}

func addAccount(c *cobra.Command, v *viper.Viper) error {
	f := c.Flags()
	login, _ := f.GetString("login")
	name, _ := f.GetString("name")
	role, _ := f.GetString("role")
	extension, _ := f.GetString("extension")
	if stdin, _ := f.GetBool("password-stdin"); !stdin || login == "" || name == "" {
		return fmt.Errorf("%w: --login, --name and --password-stdin are needed (a password on the command line would stay in the shell's history)", errUsage)
	}
	password, err := firstLine(os.Stdin)
	if err != nil {
		return err
	}
	p, err := server.Build(c.Context(), config(v))
	if err != nil {
		return err
	}
	r := client.Role(role)
	in := client.EmployeeInput{Name: &name, Login: &login, Password: &password, Role: &r}
	if extension != "" {
		in.Extension = &extension
	}
	e, err := p.Switchboard.SaveEmployee(c.Context(), "", in)
	if err == nil {
		fmt.Printf("account %s created for %s (%s)\n", login, e.Name, e.Role)
	}
	return errors.Join(err, p.Close())
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
