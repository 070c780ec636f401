package config

import (
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"

	encoding "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// serverFile holds the address of the school's server, which whoever installs the program wrote there:
// the setup of Windows (/SERVER=) as UTF-16, an administrator's script as UTF-8.
const serverFile = "server.txt"

const (
	// serverLimit bounds the file, in bytes.
	serverLimit = 4 << 10
	// lineLimit bounds the address, in bytes: a name has 253 at most.
	lineLimit = 300
)

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
		text, _, err = transform.Bytes(encoding.BOMOverride(encoding.UTF8.NewDecoder()), raw)
	}
	if err != nil {
		slog.Warn("the server's address that came with the installation is not used", "error", err)
		return ""
	}
	line, _, _ := strings.Cut(strings.TrimSpace(string(text)), "\n")
	line = strings.TrimSpace(line)
	if !isText(line) {
		slog.Warn("the server's address that came with the installation is not used", "error", "it is no address")
		return ""
	}
	return line
}

// isText tells whether a line can stand in a field for a person to read and mend.
func isText(line string) bool {
	return len(line) <= lineLimit && !strings.ContainsFunc(line, func(r rune) bool { return r == utf8.RuneError || !unicode.IsPrint(r) })
}
