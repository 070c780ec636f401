package registry

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"dozvon/app/server/store/internal/sqlrows"
)

// State is what may be done with a school.
type State string

// States of a school. All but the first two are left by a command that was broken off, and that goes on when it is
// run again.
const (
	Active    State = "active"
	Suspended State = "suspended"
	Creating  State = "creating"
	Deleting  State = "deleting"
)

// School is one of the installation.
type School struct {
	Name      string    `json:"name"`
	Title     string    `json:"title,omitempty"`
	State     State     `json:"state"`
	Server    string    `json:"server,omitempty"`
	Hosts     []string  `json:"hosts,omitempty"`
	CreatedAt time.Time `json:"created_at"`
	ChangedAt time.Time `json:"changed_at"`
	// Schema is the version of its database's schema, and Error why it could not be opened, when it was tried last.
	Schema int64  `json:"schema,omitempty"`
	Error  string `json:"error,omitempty"`
}

// Address is by what a PBX's request tells whose it is: the secret word in its path, when Kind is empty, or the key
// of an account of a kind.
type Address struct{ Kind, Print string }

// AddressOf is the address of a word, or of an account's key. The registry holds no word, only its print: a word has
// 130 random bits, so its print tells nobody the word.
func AddressOf(kind, secret string) Address {
	sum := sha256.Sum256([]byte(secret))
	return Address{Kind: kind, Print: hex.EncodeToString(sum[:16])}
}

// Snapshot is all of the registry at one revision.
type Snapshot struct {
	Revision int64
	// Schools are ordered by name.
	Schools []School
	// Addresses tell the names of the schools that have them, the oldest school first.
	Addresses map[Address][]string
}

// label is what a school may be called: a label of a host's name, short enough for a schema's.
var label = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$`)

// reserved are names that an installation needs for itself.
var reserved = []string{"admin", "api", "app", "mail", "metrics", "www"}

// CheckName tells what is wrong with the name of a new school.
func CheckName(name string) error {
	switch {
	case !label.MatchString(name):
		return fmt.Errorf("%q is no name for a school: small Latin letters, digits and hyphens, at most 40, neither the first nor the last a hyphen", name)
	case slices.Contains(reserved, name):
		return fmt.Errorf("%q is a name that the installation needs for itself: take another", name)
	}
	return nil
}

// Add adds a school that is being created. One of this name that is being created already is left as it is, for the
// command that was broken off goes on; ErrTaken.
func (r *Registry) Add(ctx context.Context, s School) error {
	if err := CheckName(s.Name); err != nil {
		return err
	}
	now := r.now().UnixMilli()
	return r.change(ctx, func(t tx) error {
		_, err := t.exec("INSERT INTO schools (name, title, state, server, created_at, changed_at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO NOTHING",
			s.Name, s.Title, string(Creating), s.Server, now, now)
		if err != nil {
			return fmt.Errorf("adding a school: %w", err)
		}
		state, server, err := t.stateOf(s.Name)
		if err != nil {
			return err
		}
		if state != Creating || server != s.Server {
			return fmt.Errorf("the name %s: %w", s.Name, ErrTaken)
		}
		return t.setHosts(s.Name, s.Hosts)
	})
}

func (t tx) stateOf(name string) (state State, server string, err error) {
	err = t.tx.QueryRowContext(t.ctx, t.bound("SELECT state, server FROM schools WHERE name = ?"), name).Scan(&state, &server)
	if errors.Is(err, sql.ErrNoRows) {
		return "", "", fmt.Errorf("%s: %w", name, ErrNoSchool)
	}
	return state, server, err
}

// SetState brings a school from one of some states into another; ErrNoSchool, ErrState. It is there already: nothing
// is changed.
func (r *Registry) SetState(ctx context.Context, name string, to State, from ...State) error {
	return r.change(ctx, func(t tx) error {
		state, _, err := t.stateOf(name)
		switch {
		case err != nil:
			return err
		case state == to:
			return nil
		case !slices.Contains(from, state):
			return fmt.Errorf("%s is %s: %w", name, state, ErrState)
		}
		now := r.now().UnixMilli()
		if _, err := t.exec("UPDATE schools SET state = ?, changed_at = ? WHERE name = ?", string(to), now, name); err != nil {
			return fmt.Errorf("changing the state of %s: %w", name, err)
		}
		return t.noteOutage(name, state, to, now)
	})
}

// SetOpened notes how a school's opening ended: with which version of the schema, or why it failed. It is no change that
// anybody follows.
func (r *Registry) SetOpened(ctx context.Context, name string, schema int64, failure string) error {
	var was int64
	var before string
	err := r.db.QueryRowContext(ctx, r.bound("SELECT schema_version, error FROM schools WHERE name = ?"), name).Scan(&was, &before)
	if failure != "" {
		schema = was
	}
	if err == nil && (was != schema || before != failure) {
		_, err = r.db.ExecContext(ctx, r.bound("UPDATE schools SET schema_version = ?, error = ? WHERE name = ?"), schema, failure, name)
	}
	if err != nil {
		return fmt.Errorf("noting how %s was opened: %w", name, err)
	}
	return nil
}

// SetHosts says which hosts' names are a school's; ErrNoSchool, ErrTaken.
func (r *Registry) SetHosts(ctx context.Context, name string, hosts []string) error {
	return r.change(ctx, func(t tx) error {
		if _, _, err := t.stateOf(name); err != nil {
			return err
		}
		return t.setHosts(name, hosts)
	})
}

func (t tx) setHosts(name string, hosts []string) error {
	if _, err := t.exec("DELETE FROM school_hosts WHERE school = ?", name); err != nil {
		return fmt.Errorf("changing the hosts of %s: %w", name, err)
	}
	for _, host := range hosts {
		n, err := t.exec("INSERT INTO school_hosts (host, school) VALUES (?, ?) ON CONFLICT (host) DO NOTHING", strings.ToLower(host), name)
		if err != nil {
			return fmt.Errorf("changing the hosts of %s: %w", name, err)
		}
		if n == 0 {
			return fmt.Errorf("the host %s: %w", host, ErrTaken)
		}
	}
	return nil
}

// SetAddresses says by what requests of PBXs tell that they are a school's; ErrNoSchool. What stands there already is
// no change: a school tells its own each time that it is opened.
func (r *Registry) SetAddresses(ctx context.Context, name string, all []Address) error {
	had, err := r.addressesOf(ctx, name)
	if err != nil {
		return err
	}
	if same(had, all) {
		return nil
	}
	return r.change(ctx, func(t tx) error {
		if _, _, err := t.stateOf(name); err != nil {
			return err
		}
		if _, err := t.exec("DELETE FROM school_addresses WHERE school = ?", name); err != nil {
			return fmt.Errorf("changing the addresses of %s: %w", name, err)
		}
		for _, a := range all {
			if _, err := t.exec("INSERT INTO school_addresses (kind, print, school) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", a.Kind, a.Print, name); err != nil {
				return fmt.Errorf("changing the addresses of %s: %w", name, err)
			}
		}
		return nil
	})
}

func (r *Registry) addressesOf(ctx context.Context, name string) ([]Address, error) {
	rows, err := r.db.QueryContext(ctx, r.bound("SELECT kind, print FROM school_addresses WHERE school = ?"), name)
	if err != nil {
		return nil, fmt.Errorf("reading the addresses of %s: %w", name, err)
	}
	return sqlrows.Collect(rows, func(rows *sql.Rows) (a Address, err error) {
		err = rows.Scan(&a.Kind, &a.Print)
		return a, err
	})
}

// same tells whether two lists hold the same addresses.
func same(one, other []Address) bool {
	in := map[Address]bool{}
	for _, a := range one {
		in[a] = true
	}
	for _, a := range other {
		if !in[a] {
			return false
		}
	}
	return len(one) == len(other)
}

// Remove forgets a school that is being deleted; ErrNoSchool, ErrState.
func (r *Registry) Remove(ctx context.Context, name string) error {
	return r.change(ctx, func(t tx) error {
		state, _, err := t.stateOf(name)
		if err != nil {
			return err
		}
		if state != Deleting {
			return fmt.Errorf("%s is %s: %w", name, state, ErrState)
		}
		for _, statement := range []string{"DELETE FROM school_hosts WHERE school = ?", "DELETE FROM school_addresses WHERE school = ?", "DELETE FROM school_outages WHERE school = ?", "DELETE FROM schools WHERE name = ?"} {
			if _, err := t.exec(statement, name); err != nil {
				return fmt.Errorf("forgetting %s: %w", name, err)
			}
		}
		return nil
	})
}

// All reads the whole registry, at one revision.
func (r *Registry) All(ctx context.Context) (Snapshot, error) {
	s, err := r.all(ctx)
	if err != nil {
		return Snapshot{}, fmt.Errorf("reading the registry of schools: %w", err)
	}
	return s, nil
}

func (r *Registry) all(ctx context.Context) (s Snapshot, err error) {
	under, err := r.db.BeginTx(ctx, &sql.TxOptions{Isolation: r.oneState(), ReadOnly: r.postgres})
	if err != nil {
		return s, err
	}
	defer under.Rollback()
	if err := under.QueryRowContext(ctx, "SELECT n FROM registry_revision").Scan(&s.Revision); err != nil {
		return s, err
	}
	rows, err := under.QueryContext(ctx, "SELECT name, title, state, server, created_at, changed_at, schema_version, error FROM schools ORDER BY name")
	if err != nil {
		return s, err
	}
	s.Schools, err = sqlrows.Collect(rows, func(rows *sql.Rows) (one School, err error) {
		var created, changed int64
		err = rows.Scan(&one.Name, &one.Title, &one.State, &one.Server, &created, &changed, &one.Schema, &one.Error)
		one.CreatedAt, one.ChangedAt = time.UnixMilli(created).UTC(), time.UnixMilli(changed).UTC()
		return one, err
	})
	if err != nil {
		return s, err
	}
	if err := s.addHosts(ctx, under); err != nil {
		return s, err
	}
	return s, s.addAddresses(ctx, under)
}

// oneState is the isolation in which several readings see one state.
func (r *Registry) oneState() sql.IsolationLevel {
	if r.postgres {
		return sql.LevelRepeatableRead
	}
	return sql.LevelDefault
}

func (s *Snapshot) addHosts(ctx context.Context, under *sql.Tx) error {
	rows, err := under.QueryContext(ctx, "SELECT school, host FROM school_hosts ORDER BY school, host")
	if err != nil {
		return err
	}
	all, err := sqlrows.Collect(rows, func(rows *sql.Rows) (pair [2]string, err error) {
		err = rows.Scan(&pair[0], &pair[1])
		return pair, err
	})
	hosts := map[string][]string{}
	for _, pair := range all {
		hosts[pair[0]] = append(hosts[pair[0]], pair[1])
	}
	for i := range s.Schools {
		s.Schools[i].Hosts = hosts[s.Schools[i].Name]
	}
	return err
}

func (s *Snapshot) addAddresses(ctx context.Context, under *sql.Tx) error {
	rows, err := under.QueryContext(ctx, `SELECT a.kind, a.print, a.school FROM school_addresses AS a JOIN schools AS s ON s.name = a.school ORDER BY s.created_at, s.name`)
	if err != nil {
		return err
	}
	type line struct {
		address Address
		school  string
	}
	all, err := sqlrows.Collect(rows, func(rows *sql.Rows) (l line, err error) {
		err = rows.Scan(&l.address.Kind, &l.address.Print, &l.school)
		return l, err
	})
	s.Addresses = map[Address][]string{}
	for _, l := range all {
		s.Addresses[l.address] = append(s.Addresses[l.address], l.school)
	}
	return err
}
