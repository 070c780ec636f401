package server

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"dozvon/app/server/access"
	"dozvon/app/server/addressbook"
	"dozvon/app/server/api"
	"dozvon/app/server/audit"
	"dozvon/app/server/callers"
	"dozvon/app/server/calls"
	"dozvon/app/server/cards"
	"dozvon/app/server/chores"
	"dozvon/app/server/connectivity"
	"dozvon/app/server/directory"
	"dozvon/app/server/disk"
	"dozvon/app/server/feed"
	"dozvon/app/server/flags"
	"dozvon/app/server/followup"
	"dozvon/app/server/health"
	"dozvon/app/server/imports/run"
	"dozvon/app/server/indexer"
	"dozvon/app/server/lifecycle"
	"dozvon/app/server/metrics"
	"dozvon/app/server/morning"
	"dozvon/app/server/person"
	"dozvon/app/server/presence"
	"dozvon/app/server/reconcile"
	"dozvon/app/server/recordings"
	"dozvon/app/server/retention"
	"dozvon/app/server/routerules"
	"dozvon/app/server/sandbox"
	"dozvon/app/server/sessions"
	"dozvon/app/server/store"
	"dozvon/app/server/stream"
	"dozvon/app/server/timeline"
	"dozvon/app/server/undo"
	"dozvon/app/server/welcome"
)

// Parts is a server put together but not yet listening. Tests and the admin commands use it.
type Parts struct {
	Store        *store.Store
	Sealer       *access.Sealer
	Hub          *stream.Hub
	Calls        *calls.Service
	Coverage     *reconcile.Coverage
	Reconciler   *reconcile.Reconciler
	Presence     *presence.Board
	Connectivity *connectivity.Tests
	Lifecycle    *lifecycle.Keeper
	Feed         *feed.Reader
	Flags        *flags.Service
	Reactions    *timeline.Recorder
	Timeline     *timeline.Service
	Directory    *directory.Directory
	Staff        *directory.Staff
	Reports      *feed.Reports
	Cards        *cards.Service
	Addressbook  *addressbook.Keeper
	Callers      *callers.Cache
	Finder       *recordings.Finder
	Rules        *routerules.Syncer
	Followup     *followup.Service
	Recordings   *recordings.Keeper
	Morning      *morning.Reader
	Imports      *run.Runner
	Person       *person.Service
	Retention    *retention.Cleaner
	Indexer      *indexer.Indexer
	Undo         *undo.Offers
	Audit        *audit.Log
	Sessions     *sessions.Sessions
	Welcome      *welcome.Service
	Sandboxes    *sandbox.Sandboxes
	API          *api.Server
	Metrics      *metrics.Metrics
	Health       *health.Checks
	// Now is the server's clock.
	Now      func() time.Time
	pace     *chores.Pace // nil: there is one school
	watchers chores.Watchers
	// leave lets others have the data folder alone.
	leave func()
}

// NewID makes ids: version 7, so that they sort by time and stay apart on many nodes.
func NewID() string { return uuid.Must(uuid.NewV7()).String() }

// Build opens the database and wires the parts. Close them with Parts.Close.
func Build(ctx context.Context, cfg Config) (*Parts, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	if err := makeFolder(cfg.Data); err != nil {
		return nil, err
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	leave, err := joinFolder(cfg)
	if err != nil {
		return nil, err
	}
	p, err := build(ctx, cfg)
	if err != nil {
		leave()
		return nil, err
	}
	p.leave = leave
	return p, nil
}

func build(ctx context.Context, cfg Config) (*Parts, error) {
	st, err := openStore(ctx, cfg)
	if err != nil {
		return nil, err
	}
	sealer, err := openSealer(ctx, st, cfg)
	if err != nil {
		st.Close()
		return nil, err
	}
	p := &Parts{Store: st, Sealer: sealer, Now: cfg.Now}
	if p.Metrics = cfg.Metrics; p.Metrics == nil {
		p.Metrics = metricsOf(cfg, st.Dialect(), false)
	}
	st.Measure(p.Metrics)
	p.Health = p.checks(cfg)
	if err := p.wire(ctx, cfg); err != nil {
		st.Close()
		return nil, err
	}
	return p, nil
}

// makeFolder makes the data folder for the server alone. One that is there keeps its mode, which
// may be somebody's choice: the files in it are closed by themselves.
func makeFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("making the data folder: %w; give --data a folder that can be written", err)
	}
	return nil
}

// openStore opens the database. One that is empty although its key lies beside it was in use.
func openStore(ctx context.Context, cfg Config) (*store.Store, error) {
	address, err := cfg.DatabaseURL()
	if err != nil {
		return nil, err
	}
	used := false
	if file, ok := strings.CutPrefix(address, "sqlite://"); ok && cfg.SealKey == "" {
		_, ferr := os.Stat(file)
		_, kerr := os.Stat(cfg.sealKey())
		used = ferr == nil && kerr == nil
	}
	st, err := store.Open(ctx, address, cfg.Now, store.InUse(used))
	if err != nil {
		return nil, fmt.Errorf("database %s: %w", shownURL(address), err)
	}
	disk.Close(cfg.sealKey())
	return st, nil
}

// shownURL is a database's address without its password.
func shownURL(address string) string {
	if file, ok := strings.CutPrefix(address, "sqlite://"); ok {
		return file
	}
	u, err := url.Parse(address)
	if err != nil {
		return "(its address cannot be read)"
	}
	return u.Redacted()
}

func (p *Parts) wire(ctx context.Context, cfg Config) error {
	newID := NewID
	if cfg.Practised {
		newID = func() string { return sandbox.ID(NewID()) }
	}
	if p.Sandboxes = cfg.Sandboxes; p.Sandboxes == nil {
		p.Sandboxes = sandbox.New(cfg.Practice, cfg.PracticeEnds)
	}
	var err error
	if p.Hub, err = stream.NewHub(ctx, p.Store); err != nil {
		return err
	}
	p.Store.OnCommit(p.Hub.Publish)
	p.pace = cfg.Pace
	passwords := cfg.Passwords
	if passwords == nil {
		passwords = access.NewPasswords(cfg.PasswordCost)
	}
	p.Audit = &audit.Log{Store: p.Store, Now: cfg.Now, NewID: newID}
	p.Undo = undo.New(p.Audit)
	node := NewID()
	p.Directory, err = directory.New(ctx, directory.Config{
		Store: p.Store, Audit: p.Audit, Sealer: p.Sealer, Kinds: cfg.kinds(), PublicURL: cfg.publicURL(),
		Outbound: p.outbound(cfg), Now: cfg.Now, NewID: newID, Node: node, TellAddresses: cfg.TellAddresses,
	})
	if err != nil {
		return err
	}
	p.Staff = directory.NewStaff(p.Directory, passwords)
	p.Presence = presence.New(p.Store, cfg.Now, node)
	if err := p.Presence.Align(ctx); err != nil {
		return err
	}
	p.Calls = calls.New(calls.Config{
		Store: p.Store, Audit: p.Audit, Undo: p.Undo, Directory: p.Directory, Presence: p.Presence, RawKept: cfg.rawKept(), Now: cfg.Now, NewID: newID, Node: node,
	})
	p.Coverage = &reconcile.Coverage{Store: p.Store, Directory: p.Directory, Now: cfg.Now, NewID: newID, Away: cfg.Away}
	p.Reconciler = reconcile.New(reconcile.Config{
		Store: p.Store, Directory: p.Directory, Calls: p.Calls, Coverage: p.Coverage, Now: cfg.Now, Node: node, Meter: p.Metrics,
	})
	p.Calls.AskReconciler(p.Reconciler)
	p.Connectivity = &connectivity.Tests{Store: p.Store, Directory: p.Directory, Commands: p.Calls.Commands, Now: cfg.Now, NewID: newID}
	p.Calls.WatchRequests(p.Connectivity)
	hearing := access.Recordings{ParticipantsOnly: p.Directory.ParticipantsOnly}
	p.Hub.NarrowRecordings(hearing.ParticipantsOnly)
	p.Hub.OpenRows(directory.RowOpener(p.Sealer))
	p.Finder = &recordings.Finder{Store: p.Store, Directory: p.Directory, Calls: p.Calls, Now: cfg.Now, Node: node}
	p.Recordings = &recordings.Keeper{
		Store: p.Store, Audit: p.Audit, Folder: cfg.recordings(), Integrations: p.Directory, Calls: p.Calls, Hearing: hearing, Searches: p.Finder, Now: cfg.Now, Meter: p.Metrics,
	}
	p.Morning = &morning.Reader{Store: p.Store, Directory: p.Directory, Recordings: p.Recordings, Finder: p.Finder, Hearing: hearing, Now: cfg.Now}
	p.Imports = &run.Runner{
		Store: p.Store, Audit: p.Audit, Dir: cfg.importsDir(), Kept: days(cfg.ImportsDays), Directory: p.Directory, Calls: p.Calls.Binding, Now: cfg.Now, NewID: newID,
	}
	p.Cards = cards.New(cards.Service{
		Store: p.Store, Audit: p.Audit, Undo: p.Undo, Directory: p.Directory, Calls: p.Calls.Binding, Now: cfg.Now, NewID: newID,
	})
	p.Followup = followup.New(followup.Service{
		Store: p.Store, Audit: p.Audit, Undo: p.Undo, Directory: p.Directory, Calls: p.Calls.Binding, Hearing: hearing, Now: cfg.Now, NewID: newID,
	})
	p.Flags = flags.New(flags.Service{Store: p.Store, Audit: p.Audit, Undo: p.Undo, Hearing: hearing, Now: cfg.Now, NewID: newID})
	p.Reactions = &timeline.Recorder{Store: p.Store, Now: cfg.Now}
	p.Calls.KeepReactions(p.Reactions)
	p.Timeline = &timeline.Service{Store: p.Store, Calls: p.Calls.Reader, Directory: p.Directory, Recorder: p.Reactions}
	p.Calls.Observe(p.Followup)
	p.Calls.Observe(p.Finder)
	p.Calls.AskCallbacks(p.Followup)
	p.Lifecycle = lifecycle.New(lifecycle.Config{
		Store: p.Store, Sealer: p.Sealer, Kinds: cfg.kinds(), Directory: p.Directory, Calls: p.Calls, Reconciler: p.Reconciler, Outbound: p.outbound(cfg),
		Now: cfg.Now, NewID: newID, Node: node,
	})
	p.Calls.KeepLifecycles(p.Lifecycle)
	p.Callers = callers.New(p.Store, p.Followup)
	p.Rules = routerules.New(routerules.Config{
		Store: p.Store, Sealer: p.Sealer, Kinds: cfg.kinds(), Directory: p.Directory, Outbound: p.outbound(cfg), Now: cfg.Now, Node: node,
	})
	p.Hub.Follow(func(rows []store.Row) {
		if slices.ContainsFunc(rows, func(r store.Row) bool { return r.Type == store.BlankedRow }) {
			p.Store.ForgetWordCache()
		}
		if slices.ContainsFunc(rows, func(r store.Row) bool { return r.Type == store.ResetRow }) {
			p.Store.ForgetCommitted()
		}
		p.Callers.Follow(rows)
		p.Rules.Follow(rows)
		p.Reactions.Follow(rows)
	})
	p.Calls.AskCallers(p.Callers)
	p.Indexer = &indexer.Indexer{Store: p.Store, Missed: p.Followup, Now: cfg.Now}
	p.Person = &person.Service{
		Store: p.Store, Audit: p.Audit, Sealer: p.Sealer, Directory: p.Directory, Calls: p.Calls.Binding, Imports: p.Imports, Index: p.Indexer,
		Recordings: cfg.recordings(), Node: node, Now: cfg.Now, NewID: newID,
	}
	p.Calls.Erasures = p.Person
	p.Retention = &retention.Cleaner{Store: p.Store, Recordings: cfg.recordings(), Policy: cfg.retention(), Node: node, Now: cfg.Now}
	p.Addressbook = &addressbook.Keeper{Store: p.Store, Directory: p.Directory, Node: node, Now: cfg.Now}
	p.Reports = &feed.Reports{Store: p.Store, Directory: p.Directory, Now: cfg.Now}
	p.Feed = &feed.Reader{Store: p.Store, Hearing: hearing}
	sources, err := cfg.sources()
	if err != nil {
		return err
	}
	p.Sessions = sessions.New(sessions.Config{Name: cfg.School, Store: p.Store, Passwords: passwords, School: p.Directory.School, Now: cfg.Now, NewID: newID, Meter: p.Metrics})
	p.Welcome = welcome.New(welcome.Config{Store: p.Store, Sealer: p.Sealer, Staff: p.Staff, Sessions: p.Sessions, School: p.Directory.School})
	p.API = api.New(api.Config{
		Store: p.Store, Hub: p.Hub, Calls: p.Calls, Coverage: p.Coverage, Reconciler: p.Reconciler, Presence: p.Presence, Connectivity: p.Connectivity, Lifecycle: p.Lifecycle, Feed: p.Feed, Flags: p.Flags, Timeline: p.Timeline, Directory: p.Directory, Staff: p.Staff, Reports: p.Reports, Now: cfg.Now, Cards: p.Cards, Addressbook: p.Addressbook, Followup: p.Followup, Recordings: p.Recordings, Morning: p.Morning, Imports: p.Imports, Undo: p.Undo, Audit: p.Audit, Sessions: p.Sessions, Welcome: p.Welcome, Sandboxes: p.Sandboxes, Metrics: p.Metrics, Traces: cfg.Traces, Ready: p.Health, StreamsOfSession: cfg.StreamsOfSession, Sources: sources, Version: cfg.Version, AppURL: cfg.AppURL, PingEvery: cfg.PingEvery, BodyIdle: cfg.BodyIdle, Router: cfg.Router,
		Encrypted: cfg.encrypted() || strings.HasPrefix(cfg.PublicURL, "https://"),
	})
	if cfg.Metrics == nil {
		p.measure(cfg)
	}
	return nil
}

// Close ends what was set to happen later, lets waiting writes finish and closes the database.
func (p *Parts) Close() error {
	p.Connectivity.Close()
	defer p.leave()
	return errors.Join(p.Presence.Leave(), p.Directory.Close(), p.Store.Close())
}
