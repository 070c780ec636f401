package server

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
	"time"

	"dozvon/app/server/access"
	"dozvon/app/server/api"
	"dozvon/app/server/chores"
	"dozvon/app/server/directory"
	"dozvon/app/server/front"
	"dozvon/app/server/health"
	"dozvon/app/server/metrics"
	"dozvon/app/server/sandbox"
	"dozvon/app/server/schools"
	"dozvon/app/server/store/registry"
	"dozvon/client"
)

// Several is what an installation of several schools is told. What Config says holds for all of them, but for Database
// and SealKey, which each school has for itself.
type Several struct {
	Config
	// Registry is the database that says which schools there are; empty: DATA/schools.db.
	Registry string
	// Most is how many schools may be open at once; 0: 1,000.
	Most int
	// Idle is how long a school that nobody uses stays open; 0: five minutes.
	Idle time.Duration
	// Wake is how long a closed school with a PBX rests before it is opened for what it does by itself; 0: an hour.
	Wake time.Duration
}

// registryFile is the file in the data folder whose presence says that the installation holds several schools.
const registryFile = "schools.db"

// HoldsSeveral tells whether a data folder is that of an installation of several schools. One that is a single school's
// as well is refused. A folder that may not be looked into holds none: whoever needs more of it is told what is wrong.
func HoldsSeveral(dir string) (bool, error) {
	_, err := os.Stat(filepath.Join(dir, registryFile))
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.ENOTDIR) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("looking for the registry of schools: %w", err)
	}
	if file := holdsSingle(dir); file != "" {
		return false, fmt.Errorf("the data folder %s holds a single school (%s) and several (%s): give the single one a folder of its own", dir, file, registryFile)
	}
	return true, nil
}

// holdsSingle is the file by which a data folder is a single school's, whose database may lie elsewhere; else empty.
func holdsSingle(dir string) string {
	for _, file := range []string{"dozvon.db", sealKeyFile} {
		if _, err := os.Stat(filepath.Join(dir, file)); err == nil {
			return file
		}
	}
	return ""
}

// OpenRegistry opens the database of the schools.
func (s Several) OpenRegistry(ctx context.Context) (*registry.Registry, error) {
	address := s.Registry
	if address == "" {
		if err := makeFolder(s.Data); err != nil {
			return nil, err
		}
		dir, err := filepath.Abs(s.Data)
		if err != nil {
			return nil, fmt.Errorf("finding the data folder: %w", err)
		}
		address = "sqlite://" + filepath.Join(dir, registryFile)
	}
	now := s.Now
	if now == nil {
		now = time.Now
	}
	return registry.Open(ctx, address, now)
}

// Of is the configuration of one school, as if it were the only one: commands take it as well as the server.
func (s Several) Of(name string) Config {
	c := s.Config
	c.TellAddresses = func(ctx context.Context, all []directory.HookAddress) error {
		reg, err := s.OpenRegistry(ctx)
		if err != nil {
			return err
		}
		return errors.Join(reg.SetAddresses(ctx, name, addressesOf(all)), reg.Close())
	}
	c.Data = filepath.Join(s.Data, "schools", name)
	c.School, c.Database, c.SealKey = name, "", ""
	c.MetricsListen, c.Practice, c.Out = "", nil, nil
	return c
}

// RunSeveral serves several schools until ctx ends, and stops gracefully.
func RunSeveral(ctx context.Context, cfg Several) (err error) {
	if err := cfg.Validate(); err != nil {
		return err
	}
	release, err := holdFolder(cfg.Data)
	if err != nil {
		return err
	}
	defer release()
	security, err := cfg.tls()
	if err != nil {
		return err
	}
	listener, err := listen(cfg.Listen)
	if err != nil {
		return err
	}
	defer listener.Close()
	i, err := NewInstallation(ctx, cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, i.Close()) }()
	stopMetrics, err := serveMetrics(cfg.MetricsListen, i.cfg.Metrics, i.ready, func(mux *http.ServeMux) { mux.HandleFunc("GET /schools", i.tellOpen) })
	if err != nil {
		return err
	}
	defer stopMetrics()
	if cfg.exposed() {
		slog.WarnContext(ctx, exposedWarning, "listen", cfg.Listen)
	}
	srv := &http.Server{Handler: i, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10, TLSConfig: security}
	return i.serve(ctx, srv, listener)
}

// Installation is several schools put together but not yet listening. Close it.
type Installation struct {
	cfg      Several
	registry *registry.Registry
	set      *schools.Set[*School]
	mirror   *front.Mirror
	front    *front.Front
	ready    *health.Checks
	gate     chores.Gate
	waker    *waker
	meter    *metrics.Schools
	leaving  sync.WaitGroup // schools on their way out
}

// NewInstallation reads which schools there are, and opens none.
func NewInstallation(ctx context.Context, cfg Several) (*Installation, error) {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	// What takes memory, or bounds it, is one for all schools.
	cfg.Router = new(api.Router)
	cfg.Metrics = metricsOf(cfg.Config, "sqlite", true)
	cfg.Passwords = access.NewPasswords(cfg.PasswordCost)
	cfg.Sandboxes = sandbox.New(cfg.Practice, cfg.PracticeEnds)
	if err := cfg.Sandboxes.Clean(); err != nil {
		slog.ErrorContext(ctx, "what was left of practices not taken away", "err", err)
	}
	sources, err := cfg.sources()
	if err != nil {
		return nil, err
	}
	i := &Installation{cfg: cfg, gate: make(chores.Gate, 4*runtime.GOMAXPROCS(0)), waker: newWaker(cmp.Or(cfg.Wake, wakeEvery), cfg.Now), meter: metrics.NewSchools(cfg.Metrics)}
	if i.registry, err = cfg.OpenRegistry(ctx); err != nil {
		return nil, err
	}
	if err := i.registry.Alive(ctx); err != nil { // before any school asks when none was there
		return nil, errors.Join(err, i.registry.Close())
	}
	i.set = schools.New(schools.Config[*School]{Open: i.open, Most: cfg.Most, Idle: cfg.Idle, Now: cfg.Now})
	if i.mirror, err = front.NewMirror(ctx, i.registry, cfg.Now, i.follow); err != nil {
		return nil, errors.Join(err, i.registry.Close())
	}
	i.ready = health.New(checkLimit, map[string]health.Look{
		"registry":   i.checkRegistry,
		"disk":       func(context.Context) health.Finding { return checkDisk([]string{cfg.Data}) },
		"encryption": func(context.Context) health.Finding { return checkEncryption(cfg.exposed()) },
	})
	i.front = front.New(front.Config{
		Mirror: i.mirror, Use: i.use, BaseHost: cfg.baseHost(), Kinds: cfg.kinds(), Sources: sources, Ready: i.ready, BodyIdle: cfg.BodyIdle, Meter: i.meter,
	})
	i.measure()
	return i, nil
}

// baseHost is the host below which each school has a name: that of the public address, unless it is a number.
func (s Several) baseHost() string {
	u, err := url.Parse(s.publicURL())
	if err != nil || net.ParseIP(u.Hostname()) != nil {
		return ""
	}
	return u.Hostname()
}

// open opens a school.
func (i *Installation) open(ctx context.Context, name string) (*School, error) {
	cfg := i.cfg.Of(name)
	cfg.Pace = chores.NewPace(i.gate, time.Now)
	cfg.TellAddresses = func(ctx context.Context, all []directory.HookAddress) error { return i.keepAddresses(ctx, name, all) }
	cfg.Away = func(ctx context.Context, from, to time.Time) ([]client.Outage, error) {
		outages, err := i.registry.Outages(ctx, name, from, to)
		away := make([]client.Outage, len(outages))
		for at, o := range outages {
			away[at] = client.Outage{From: o.From, To: o.To}
		}
		return away, err
	}
	began := time.Now()
	school, err := OpenSchool(ctx, cfg)
	i.meter.Opened(time.Since(began), err)
	i.noteOpened(ctx, name, school, err)
	if err == nil {
		school.closing = i.restUntilDue
	}
	return school, err
}

// noteOpened notes how an opening ended, for whoever lists the schools.
func (i *Installation) noteOpened(ctx context.Context, name string, school *School, failure error) {
	var schema int64
	var why string
	var err error
	if failure != nil {
		why = failure.Error()
	} else {
		schema, _, err = school.Store.Schema(ctx)
	}
	if err == nil {
		err = i.registry.SetOpened(ctx, name, schema, why)
	}
	if err != nil && ctx.Err() == nil {
		slog.WarnContext(ctx, "how a school was opened is not noted", "school", name, "err", err)
	}
}

// restUntilDue lets a school that is being closed be woken in time.
func (i *Installation) restUntilDue(s *School) {
	ctx, cancel := context.WithTimeout(context.Background(), busyLimit)
	defer cancel()
	i.waker.at(s.name, s.nextDue(ctx, i.waker.every))
}

// aliveEvery is how often it is noted that a server lives.
const aliveEvery = 20 * time.Second

// noteAlive notes that a server lives, until ctx ends.
func (i *Installation) noteAlive(ctx context.Context) {
	tick := time.NewTicker(aliveEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := i.registry.Alive(ctx); err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "the registry of schools is not written", "err", err)
		}
	}
}

// keepAddresses notes by what PBXs' requests tell that they are a school's.
func (i *Installation) keepAddresses(ctx context.Context, name string, all []directory.HookAddress) error {
	if err := i.registry.SetAddresses(ctx, name, addressesOf(all)); err != nil {
		return err
	}
	return i.mirror.Look(ctx)
}

// addressesOf are a school's addresses as the registry keeps them.
func addressesOf(all []directory.HookAddress) []registry.Address {
	addresses := make([]registry.Address, len(all))
	for at, one := range all {
		addresses[at] = registry.AddressOf(one.Kind, one.Secret)
	}
	return addresses
}

func (i *Installation) use(ctx context.Context, name string, mayOpen func() error) (http.Handler, func(), error) {
	school, done, err := i.set.Use(ctx, name, mayOpen)
	if err != nil {
		return nil, nil, err
	}
	return school, done, nil
}

// follow puts out the schools that are not active any more, and admits those that are so again.
func (i *Installation) follow(ended, begun []string) {
	for _, name := range begun {
		i.set.Admit(name)
	}
	i.waker.soon(begun)
	i.waker.forget(ended)
	for _, name := range ended {
		slog.Info("school put out", "school", name)
		closed := i.set.PutOut(name)
		i.leaving.Go(func() { <-closed })
	}
}

func (i *Installation) checkRegistry(ctx context.Context) health.Finding {
	if _, err := i.registry.Revision(ctx); err != nil {
		return health.Fail("database_away", "the registry of schools does not answer", err)
	}
	return health.Well()
}

// ServeHTTP hands a request to its school.
func (i *Installation) ServeHTTP(w http.ResponseWriter, r *http.Request) { i.front.ServeHTTP(w, r) }

// Open lists the schools that are open now.
func (i *Installation) Open() []schools.Standing { return i.set.Open() }

// Run follows the registry and closes schools that nobody uses, until ctx ends.
func (i *Installation) Run(ctx context.Context) {
	var running sync.WaitGroup
	running.Go(func() { i.mirror.Run(ctx) })
	running.Go(func() { i.set.Run(ctx) })
	running.Go(func() { i.noteAlive(ctx) })
	running.Go(func() { i.wake(ctx) })
	running.Wait()
}

// serve answers requests and does what goes on beside them until ctx ends.
func (i *Installation) serve(ctx context.Context, srv *http.Server, listener net.Listener) error {
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	var running sync.WaitGroup
	running.Go(func() { i.Run(work) })
	failed := make(chan error, 1)
	go func() {
		if i.cfg.encrypted() {
			failed <- srv.ServeTLS(listener, "", "")
			return
		}
		failed <- srv.Serve(listener)
	}()
	slog.InfoContext(ctx, "server started", "listen", listener.Addr().String(), "version", i.cfg.Version, "schools", len(i.mirror.Schools()))
	var err error
	select {
	case err = <-failed:
	case <-ctx.Done():
		(&Parts{Health: i.ready}).drain(i.cfg.Config, failed)
	}
	stop()
	running.Wait()
	i.set.Close() // streams end, requests under way finish
	deadline, cancel := context.WithTimeout(context.Background(), stopLimit)
	defer cancel()
	if serr := srv.Shutdown(deadline); serr != nil && err == nil {
		err = fmt.Errorf("stopping: %w", serr)
	}
	slog.InfoContext(ctx, "server stopped")
	return err
}

// Close closes all schools and the registry.
func (i *Installation) Close() error {
	i.set.Close()
	i.leaving.Wait()
	return i.registry.Close()
}
