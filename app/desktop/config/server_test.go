package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestServer_isReadAsWhoeverInstalledWroteIt: by Windows' setup, by a script, with an editor.
func TestServer_isReadAsWhoeverInstalledWroteIt(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ file, want string }{
		"UTF-8":            {"https://phone.school.ru\n", "https://phone.school.ru"},
		"an editor's mark": {"\xef\xbb\xbfphone.school.ru\r\n", "phone.school.ru"},
		"the setup":        {"\xff\xfep\x00h\x00o\x00n\x00e\x00\r\x00\n\x00", "phone"},
		"Cyrillic":         {"\xff\xfe\x42\x04\x35\x04\x3b\x04", "тел"},
		"two lines":        {"one.ru\ntwo.ru\n", "one.ru"},
		"nothing":          {" \n", ""},
		"far too much":     {string(make([]byte, 8<<10)), ""},
		"a long line":      {"https://" + strings.Repeat("a", 3000) + ".ru", ""}, // a field of 24,000 pixels is black
		"control signs":    {"http://evil.example/\x07\x1b[31m", ""},
		"directions":       {"phone.school.ru\u202e/ur.loohcs", ""},
		"unseen":           {"phone\u200b.school.ru", ""},
		"a binary":         {"\x7fELF\x02\x01\x01\x00\xff\xd8", ""},
		"another code":     {"\xf2\xe5\xeb.ru", ""}, // windows-1251
		"the longest name": {strings.Repeat("a.", 125) + "ru", strings.Repeat("a.", 125) + "ru"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "server.txt"), []byte(tt.file), 0o600); err != nil {
				t.Fatal(err)
			}
			if got := Server(dir); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
	if got := Server(t.TempDir()); got != "" {
		t.Errorf("without a file: %q", got)
	}
}
