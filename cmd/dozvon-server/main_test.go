package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/viper"
)

func TestCommand_exitCodes(t *testing.T) {
	tests := []struct {
		name string
		args []string
		want int
	}{
		{"help", []string{"--help"}, 0},
		{"version", []string{"--version"}, 0},
		{"unknown flag", []string{"serve", "--nonsense"}, 2},
		{"unknown argument", []string{"serve", "now"}, 2},
		{"account without a login", []string{"account", "add"}, 2},
		{"address that cannot be listened on", []string{"serve", "--data", t.TempDir(), "--listen", "nowhere"}, 1},
		{"certificate without its key", []string{"serve", "--data", t.TempDir(), "--tls-cert", "x.pem"}, 1},
		{"import of nothing", []string{"import"}, 2},
		{"import of something else", []string{"import", "calls", "x.csv"}, 2},
		{"import by another rule", []string{"import", "clients", "x.csv", "--rule", "merge"}, 2},
		{"import of a file that is not there", []string{"import", "clients", "nowhere.csv", "--data", t.TempDir()}, 1},
		{"database of another kind", []string{"serve", "--data", t.TempDir(), "--database", "mysql://x"}, 1},
	}
	for _, tt := range tests {
		if got := run(context.Background(), tt.args); got != tt.want {
			t.Errorf("%s: exit code %d, want %d", tt.name, got, tt.want)
		}
	}
}

func TestSettings_flagBeatsEnvironmentBeatsFile(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "server.yaml"), []byte("listen: 1.1.1.1:1\npublic-url: https://file.example\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("DOZVON_LISTEN", "2.2.2.2:2")
	v := viper.New()
	c := serve(v)
	c.Flags().String("data", dir, "")
	c.Flags().String("log-level", "info", "")
	c.Flags().String("log-format", "text", "")
	if err := settingsOf(v, c); err != nil {
		t.Fatal(err)
	}
	if got := config(v); got.Listen != "2.2.2.2:2" || got.PublicURL != "https://file.example" {
		t.Errorf("got %+v", got)
	}
	if err := c.Flags().Set("listen", "3.3.3.3:3"); err != nil {
		t.Fatal(err)
	}
	if got := config(v); got.Listen != "3.3.3.3:3" {
		t.Errorf("the flag lost: %+v", got)
	}
}

func TestSettings_badValueSaysWhatIsAllowed(t *testing.T) {
	v := viper.New()
	c := serve(v)
	c.Flags().String("data", t.TempDir(), "")
	c.Flags().String("log-level", "loud", "")
	c.Flags().String("log-format", "text", "")
	if err := settingsOf(v, c); err == nil || !strings.Contains(err.Error(), "debug, info, warn or error") {
		t.Errorf("got %v", err)
	}
}

func TestFirstLine_isThePassword(t *testing.T) {
	t.Parallel()
	if got, err := firstLine(strings.NewReader("слово и дело\r\nrest")); err != nil || got != "слово и дело" {
		t.Errorf("got %q, %v", got, err)
	}
	if _, err := firstLine(strings.NewReader("\n")); err == nil || errors.Is(err, errUsage) {
		t.Errorf("an empty password: %v", err)
	}
}
