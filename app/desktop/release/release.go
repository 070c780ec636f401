// Package release tells whether the server knows a newer version than the one that runs. It asks nobody: the
// server says its version and the administrator's address as the app connects.
package release

import (
	"net/url"
	"regexp"

	"golang.org/x/mod/semver"
)

// Release is what is known of versions.
type Release struct {
	Own    string // that runs
	Server string // the server's; empty until it has told
	// URL is where people get the app from; empty: the administrator has not said.
	URL string
}

// commit is a build's commit behind a hyphen, as builds named it at first; semver takes it for a pre-release.
var commit = regexp.MustCompile(`-([0-9a-f]{7,40})$`)

// number is a version as semver reads it. Of two builds of one number nobody can tell by their commits which
// is later, so a commit is told as what was built (+…), which is not compared.
func number(version string) string { return "v" + commit.ReplaceAllString(version, "+$1") }

// Newer tells that the server is of a later version, so that the app of that version is out. What is no
// version, as of a build by hand, is not later than anything.
func (r Release) Newer() bool {
	own, server := number(r.Own), number(r.Server)
	return semver.IsValid(own) && semver.IsValid(server) && semver.Compare(server, own) > 0
}

// Link is the address, when it is one of the web: others could start programs.
func (r Release) Link() string {
	u, err := url.Parse(r.URL)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return ""
	}
	return r.URL
}
