package release_test

import (
	"testing"

	"dozvon/app/desktop/release"
)

func TestRelease_isNewerByItsNumbersAlone(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		own, server string
		want        bool
	}{
		{"0.6.0", "0.7.0", true},
		{"0.9.0", "0.10.0", true}, // not by letters
		{"0.6.0", "0.6.1", true},
		{"0.6.0", "0.6.0", false},
		{"0.7.0", "0.6.0", false}, // an app of before the server was put back
		{"0.6.0", "0.7.0-rc1", true},
		{"0.7.0", "0.7.0-rc1", false},
		{"dev", "0.7.0", false},
		{"0.6.0", "dev", false},
		{"0.6.0", "", false},
		// Builds of one number by several commits: none is later (breaker's run: a7d8db1 came before).
		{"0.6.0+27d8db1", "0.6.0+a7d8db1", false},
		{"0.6.0+a7d8db1", "0.6.0+27d8db1", false},
		{"0.6.0-27d8db1", "0.6.0-a7d8db1", false},
		{"0.6.0-27d8db1", "0.6.0+a7d8db1", false},
		{"0.6.0-27d8db1", "0.6.0", false},
		{"0.6.0", "0.6.0-27d8db1", false},
		{"0.6.0-0123456", "0.6.0-1234567", false},
		{"0.6.0-0123456", "0.7.0-0123456", true}, // a number that begins with 0
		{"0.6.0-fffffff", "0.7.0+0000000", true},
		{"0.6.0+fffffff", "0.6.1-0000000", true},
		{"0.6.0-27d8db1a27d8db1a27d8db1a27d8db1a27d8db1a", "0.6.0-a7d8db1", false},
		{"0.6.0-", "0.6.0", false},
		{"0.6.0+", "0.7.0", false},
		{"0.7.0-rc1", "0.7.0", true},
		{"0.7.0-rc1+27d8db1", "0.7.0-rc2+17d8db1", true},
		{"0.7.0-rc2+27d8db1", "0.7.0-rc2+f7d8db1", false},
	} {
		if got := (release.Release{Own: tt.own, Server: tt.server}).Newer(); got != tt.want {
			t.Errorf("%s with a server of %s: %t", tt.own, tt.server, got)
		}
	}
}

func TestRelease_opensPagesAlone(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"https://phone.example.ru/app": "https://phone.example.ru/app", "http://192.0.2.1/": "http://192.0.2.1/",
		"file:///etc/passwd": "", "ms-settings:x": "", "javascript:alert(1)": "", "//host/share": "", "": "", "https:": "",
	} {
		if got := (release.Release{URL: address}).Link(); got != want {
			t.Errorf("of %q it opens %q", address, got)
		}
	}
}
