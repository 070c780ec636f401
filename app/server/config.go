package server

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"github.com/alexedwards/argon2id"

	"dozvon/app/server/access"
	"dozvon/app/server/api"
	"dozvon/app/server/chores"
	"dozvon/app/server/directory"
	"dozvon/app/server/metrics"
	"dozvon/app/server/origin"
	"dozvon/app/server/outbound"
	"dozvon/app/server/pbx"
	"dozvon/app/server/pbx/beeline"
	"dozvon/app/server/pbx/itoolabs"
	"dozvon/app/server/pbx/mango"
	"dozvon/app/server/recordings"
	"dozvon/app/server/retention"
	"dozvon/app/server/sandbox"
	"dozvon/app/server/tracing"
	"dozvon/client"
)

// Config is everything that a server can be told. Listen, Data and Version are required.
type Config struct {
	Listen   string
	Data     string // folder for the database, the sealing key and cached recordings
	Database string // URL; empty: DATA/dozvon.db
	// SealKey is the file of the key that seals secrets, one for all nodes of a database; empty:
	// DATA/seal.key, which is made when there is none.
	SealKey   string
	holds     bool   // this process has the data folder to itself
	PublicURL string // empty: http://LISTEN
	// AppURL is where people get the app from: apps older than the server offer it. Empty: they do not.
	AppURL string
	// MetricsListen is the address that serves /metrics; empty: nowhere.
	MetricsListen string
	// Drain is how long a server that stops goes on serving, while it says that it is not ready.
	Drain time.Duration
	// Hurry ends that when it is closed; nil: nothing does.
	Hurry   <-chan struct{}
	TLSCert string
	TLSKey  string
	// ACMEDomains get certificates by themselves; the server must be reachable on port 443 for that.
	ACMEDomains []string
	// HookSources are the addresses and networks that webhooks may come from; empty: anywhere.
	HookSources []string
	// Proxies are our own reverse proxies, whose X-Forwarded-For is believed.
	Proxies []string
	// Recordings is "proxy" (empty: the same) or "archive".
	Recordings     string
	RecordingsDays int   // how long an archive keeps them; 0: for ever
	RecordingsMB   int64 // room for recordings; 0: unbounded
	RawDays        int   // how long webhooks are kept as they came; 0: 90
	// How long these are kept, in days; 0: for ever, files of imports for a week.
	CallsDays, NoteVersionsDays, DeletedCardsDays, JournalDays, ImportsDays int
	Version                                                                 string
	PingEvery                                                               time.Duration
	// PasswordCost is what a password's hash costs; nil: 64 MiB. Tests where that is not the point take less.
	PasswordCost *argon2id.Params
	// School is the school's name in an installation that holds several: tokens tell it. Empty: there is one.
	School string
	// Passwords are hashed by what all schools of the process share, for that bounds memory; nil: by an own.
	Passwords *access.Passwords
	// Metrics are those of all schools of the process; nil: own ones.
	Metrics *metrics.Metrics
	// Router is the API's that all schools of the process share, for it is large; nil: an own one.
	Router *api.Router
	// Sandboxes are those that all schools of the process share, for their number is bounded; nil: own ones, of Practice.
	Sandboxes *sandbox.Sandboxes
	// Pace is how often what goes on by itself is done, among all schools of the process; nil: as often as each says.
	Pace *chores.Pace
	// TellAddresses hears by what PBXs' requests tell that they are this school's, each time that changes; one that
	// fails is told again soon. Nil: nobody hears.
	TellAddresses func(ctx context.Context, all []directory.HookAddress) error
	// Away tells when, of a time in which the school was not open, no server would have opened it; nil: in all of it.
	Away func(ctx context.Context, from, to time.Time) ([]client.Outage, error)
	// StreamsOfSession is how many event streams one session may have open; 0: 16.
	StreamsOfSession int
	// AllowLocalPBX lets a PBX, and its recordings, lie on this machine or in a private network.
	AllowLocalPBX bool
	// BodyIdle is how long a request's body or its answer may stand still; 0: 15 s.
	BodyIdle time.Duration
	// Kinds are the PBXs that can be connected; empty: all that there are.
	Kinds []pbx.Kind
	// Out is where the code of the first account is told, and nothing else; nil: nowhere.
	Out io.Writer
	// OutKept says that Out is a journal or a file: then it is told how the code is shown, and not the code.
	OutKept bool
	// Practice makes schools for people to practise in; nil: nobody can. PracticeEnds is the clock of
	// one, nil: the wall's.
	Practice     sandbox.Opener
	PracticeEnds sandbox.Timeout
	// Practised makes this one such a school: every id in it tells so.
	Practised bool
	// Traces follow webhooks on their way; the zero value does not.
	Traces tracing.Provider
	// Now tells the time; nil means time.Now. The demo school was made in the past.
	Now func() time.Time
}

// DatabaseURL is the database's address, the default one inside Data.
func (c Config) DatabaseURL() (string, error) {
	if c.Database != "" {
		return c.Database, nil
	}
	dir, err := filepath.Abs(c.Data)
	if err != nil {
		return "", fmt.Errorf("finding the data folder: %w", err)
	}
	return "sqlite://" + filepath.Join(dir, "dozvon.db"), nil
}

func (c Config) sealKey() string { return cmp.Or(c.SealKey, filepath.Join(c.Data, sealKeyFile)) }

const sealKeyFile = "seal.key"

func (c Config) importsDir() string { return filepath.Join(c.Data, "imports") }

func (c Config) certificatesDir() string { return filepath.Join(c.Data, "certificates") }

// rawDays is how long webhooks are kept as they came unless told otherwise.
const rawDays = 90

func (c Config) rawKept() time.Duration {
	return time.Duration(cmp.Or(c.RawDays, rawDays)) * 24 * time.Hour
}

// days is so many of them.
func days(n int) time.Duration { return time.Duration(n) * 24 * time.Hour }

func (c Config) retention() retention.Policy {
	return retention.Policy{Calls: days(c.CallsDays), NoteVersions: days(c.NoteVersionsDays), DeletedCards: days(c.DeletedCardsDays), Journal: days(c.JournalDays)}
}

func (c Config) publicURL() string {
	switch {
	case c.PublicURL != "":
		return c.PublicURL
	case len(c.ACMEDomains) > 0:
		return "https://" + c.ACMEDomains[0]
	case c.TLSCert != "":
		return "https://" + c.Listen
	}
	return "http://" + c.Listen
}

// outbound allows this machine while only this machine reaches the server: then its practice PBX
// is here too, and nobody from elsewhere can make use of it.
func (c Config) outbound() outbound.Policy {
	u, err := url.Parse(c.publicURL())
	host, _, lerr := net.SplitHostPort(c.Listen)
	alone := err == nil && lerr == nil && isLoopback(u.Hostname()) && isLoopback(host)
	return outbound.Policy{Loopback: alone, Local: c.AllowLocalPBX}
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// Kinds are the PBXs that can be connected: here a new one gets its line.
func Kinds() []pbx.Kind {
	return []pbx.Kind{
		mango.Kind,
		beeline.Kind,
		itoolabs.Kind,
	}
}

func (c Config) kinds() []pbx.Kind {
	if len(c.Kinds) > 0 {
		return c.Kinds
	}
	return Kinds()
}

func (c Config) recordings() recordings.Folder {
	return recordings.Folder{
		Dir: filepath.Join(c.Data, "recordings"), Archive: c.Recordings == "archive",
		Keep: time.Duration(c.RecordingsDays) * 24 * time.Hour, Room: c.RecordingsMB << 20,
	}
}

func (c Config) sources() (origin.Sources, error) {
	allowed, err := origin.ParsePrefixes(c.HookSources)
	if err != nil {
		return origin.Sources{}, fmt.Errorf("hook-sources: %w", err)
	}
	proxies, err := origin.ParsePrefixes(c.Proxies)
	if err != nil {
		return origin.Sources{}, fmt.Errorf("proxies: %w", err)
	}
	return origin.Sources{Allowed: allowed, Proxies: proxies}, nil
}
