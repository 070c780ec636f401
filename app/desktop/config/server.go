package config

import (
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// serverFile holds the address of the school's server, which whoever installs the program wrote there:
// the setup of Windows (/SERVER=) as UTF-16, an administrator's script as UTF-8.
const serverFile = "server.txt"

// serverLimit bounds the file, in bytes.
const serverLimit = 4 << 10

// Server is the address that the program was installed with, for whoever has not signed in yet; empty
// when there is none.
func Server(dir string) string {
	raw, err := os.ReadFile(filepath.Join(dir, serverFile))
	if errors.Is(err, fs.ErrNotExist) {
		return ""
	}
	if err == nil && len(raw) > serverLimit {
		err = errors.New("it is too long for an address")
	}
	var text []byte
	if err == nil {
		text, _, err = transform.Bytes(unicode.BOMOverride(unicode.UTF8.NewDecoder()), raw)
	}
	if err != nil {
		slog.Warn("the server's address that came with the installation is not used", "error", err)
		return ""
	}
	line, _, _ := strings.Cut(strings.TrimSpace(string(text)), "\n")
	return strings.TrimSpace(line)
}
