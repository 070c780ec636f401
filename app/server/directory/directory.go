// Package directory is who and what the school has: its people, its PBXs with their extensions and
// lines, its settings, and how they change. Everybody else reads an immutable snapshot of it, so that
// each event sees one state. It signs in to the PBXs and follows their health; it knows no call.
package directory

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"dozvon/app/phone"
	"dozvon/app/server/access"
	"dozvon/app/server/audit"
	"dozvon/app/server/chores"
	"dozvon/app/server/outbound"
	"dozvon/app/server/pbx"
	"dozvon/app/server/store"
	"dozvon/client"
)

// Config is what a directory cannot do without. All fields but TellAddresses are required.
type Config struct {
	Store  *store.Store
	Audit  *audit.Log
	Sealer *access.Sealer
	// Kinds are the PBXs that can be connected; a new integration is of the first unless told otherwise.
	Kinds []pbx.Kind
	// PublicURL is how the PBX reaches this server.
	PublicURL string
	// Outbound says which addresses beside the public ones a PBX may have.
	Outbound outbound.Policy
	Now      func() time.Time
	NewID    func() string
	// Node is this process among all that share the database.
	Node string
	// TellAddresses hears by what PBXs' requests tell that they are this school's, each time that changes; one that
	// fails is told again soon. Nil: nobody hears.
	TellAddresses func(ctx context.Context, all []HookAddress) error
}

// Directory holds the present snapshot and changes what it is of. Safe for concurrent use.
type Directory struct {
	// Hooks finds the integration of a request.
	Hooks *Hooks

	cfg       Config
	snapshot  atomic.Pointer[Snapshot]
	reloading sync.Mutex // one Reload at a time, so that an older state never follows a newer one
	seen      sync.Map   // integration id → lastSeen
	health    sync.Map   // integration id → client.Health that was published last
	closing   chores.Timers
	changes   chan struct{}
}

// Changes receives when people have changed an integration on this node; several changes may be one.
func (d *Directory) Changes() <-chan struct{} { return d.changes }

func (d *Directory) noteChange() {
	select {
	case d.changes <- struct{}{}:
	default:
	}
}

// New returns a directory that knows the store's integrations and people.
func New(ctx context.Context, cfg Config) (*Directory, error) {
	d := &Directory{cfg: cfg, changes: make(chan struct{}, 1)}
	d.Hooks = &Hooks{directory: d}
	return d, d.Reload(ctx)
}

// Close ends the adapters of the PBXs.
func (d *Directory) Close() error {
	d.closing.Stop()
	var err error
	for _, integration := range d.Snapshot().integrations {
		if c, ok := integration.Provider.(io.Closer); ok {
			err = errors.Join(err, c.Close())
		}
	}
	return err
}

// lookEvery is how often changes made by other nodes and by commands beside the server are looked for.
const lookEvery = 2 * time.Second

// Run follows changes made by other nodes and by commands beside the server, and publishes the health
// of the ways to the PBXs, until ctx ends.
func (d *Directory) Run(ctx context.Context) {
	chores.Repeat(ctx, "directory", lookEvery, func() error {
		// One that fails must not keep the others from being done.
		err := errors.Join(d.Reload(ctx), d.noteLastEvents(ctx), d.publishHealth(ctx))
		if err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "directory not kept up to date", "err", err)
		}
		return err
	})
}

// Snapshot is who and what there is now.
func (d *Directory) Snapshot() *Snapshot { return d.snapshot.Load() }

// Kinds are the PBXs that can be connected.
func (d *Directory) Kinds() []pbx.Kind { return d.cfg.Kinds }

// ParticipantsOnly tells whether the school keeps recordings to those who took part, and managers.
func (d *Directory) ParticipantsOnly() bool {
	return d.School().RecordingsFor == client.ForParticipants
}

// Numbers reads telephones as people of this school write them: it knows the school's city.
func (d *Directory) Numbers() phone.Reader {
	return phone.Reader{CityCode: d.School().CityCode}
}

// Person is an employee by id and name; nil for one who is not known.
func (d *Directory) Person(id string) *client.Person { return d.Snapshot().Person(id) }

// EmployeeName is what an employee is called; empty for one who is not known.
func (d *Directory) EmployeeName(id string) string { return d.Snapshot().EmployeeName(id) }

// LineName is what a line is called, or was when its integration was still there.
func (d *Directory) LineName(integrationID, line string) string {
	return d.Snapshot().LineName(integrationID, line)
}

// IntegrationName is what people have called an integration; empty for one that is no more.
func (d *Directory) IntegrationName(id string) string {
	if integration := d.Snapshot().byID[id]; integration != nil {
		return integration.Name
	}
	return ""
}

// Provider is the adapter of an integration; nil when it is no more or cannot be used.
func (d *Directory) Provider(integrationID string) pbx.Provider {
	if integration := d.Snapshot().byID[integrationID]; integration != nil {
		return integration.Provider
	}
	return nil
}

// Active are the ids of the integrations that are on and can be used.
func (d *Directory) Active() []string {
	var ids []string
	for _, integration := range d.Snapshot().integrations {
		if integration.Active && integration.Provider != nil {
			ids = append(ids, integration.ID)
		}
	}
	return ids
}
