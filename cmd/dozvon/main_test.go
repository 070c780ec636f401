package main

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// asProgram makes this test's binary be the program itself: what packages print while they start
// is seen only from outside.
const asProgram = "DOZVON_TEST_AS_PROGRAM"

// asExplorer names the program that this test's binary starts as Windows' Explorer does for a double
// click, waiting for its end.
const asExplorer = "DOZVON_TEST_AS_EXPLORER"

// asConsole makes it a shell in a console of its own.
const asConsole = "DOZVON_TEST_AS_CONSOLE"

func TestMain(m *testing.M) {
	if os.Getenv(asConsole) != "" {
		if err := asShell(); err != nil {
			panic(err)
		}
		return
	}
	if program := os.Getenv(asExplorer); program != "" {
		cmd := exec.Command(program, "--help")
		cmd.Env = append(os.Environ(), asExplorer+"=", asProgram+"=1")
		cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
		if cmd.Run() != nil {
			os.Exit(1)
		}
		return
	}
	if os.Getenv(asProgram) != "" {
		os.Args = append([]string{"dozvon"}, os.Args[1:]...)
		main()
		return
	}
	os.Exit(m.Run())
}

// In a container, a service or a script the locale is C.UTF-8, which is no language: the toolkit
// printed an error of its own before the help.
func TestHelp_saysNothingElseInAnyLocale(t *testing.T) {
	t.Parallel()
	for _, locale := range [][]string{
		{},
		{"LANG="},
		{"LANG=C"},
		{"LANG=POSIX"},
		{"LANG=C.UTF-8"},
		{"LANG=POSIX.UTF-8"},
		{"LC_ALL=C.utf8", "LANG=ru_RU.UTF-8"},
		{"LC_MESSAGES=C.UTF-8"},
		{"LANG=ru_RU.UTF-8", "LANGUAGE=C"},
		{"LANG=C.UTF-8", "LANGUAGE=ru:C:en"},
		{"LANG=ru_RU.UTF-8"},
		{"LANG=de_DE@euro"},
		{"LANG=no such thing"},
		{"LANG=_"},
		{"LANG=."},
	} {
		t.Run(strings.Join(locale, " "), func(t *testing.T) {
			t.Parallel()
			cmd := exec.Command(os.Args[0], "--help")
			cmd.Env = append([]string{asProgram + "=1", "HOME=" + t.TempDir(), "PATH=" + os.Getenv("PATH")}, locale...)
			var out, errOut bytes.Buffer
			cmd.Stdout, cmd.Stderr = &out, &errOut
			if err := cmd.Run(); err != nil || errOut.Len() > 0 || !strings.Contains(out.String(), "dozvon [tel:NUMBER]") {
				t.Errorf("%v\nstdout: %s\nstderr: %s", err, &out, &errOut)
			}
		})
	}
}
