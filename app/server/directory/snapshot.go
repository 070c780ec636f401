package directory

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"log/slog"
	"maps"
	"slices"
	"time"

	"dozvon/app/phone"
	"dozvon/app/server/account"
	"dozvon/app/server/pbx"
	"dozvon/app/server/store"
	"dozvon/client"
)

// Snapshot is who works here and over which PBXs, as of the last Reload. It is never changed,
// only replaced, so that every event sees one state of it.
type Snapshot struct {
	integrations []*Integration
	byID         map[string]*Integration
	people       map[string]client.Employee
	school       client.School
	// lines are what lines were called last, by number, also those of integrations that are no more.
	lines map[string]string
}

// Integration is one PBX of the school with its adapter and its table of extensions.
type Integration struct {
	store.Integration
	kind     pbx.Kind // without a name: this program does not know it
	Provider pbx.Provider
	// Credentials are the opened account, Account its keyed fingerprint with the word of the address.
	Credentials map[string]string
	Account     string
	// HookURL is where the PBX sends its requests, HookPrint its keyed fingerprint: it holds a secret word.
	HookURL    string
	HookPrint  string
	owners     map[string]string // extension → employee id
	extensions map[string]string // employee id → extension
	lines      map[string]string // number → name
	// hookSecret is the word without which the address takes no webhook; empty: none is needed.
	hookSecret string
	// rules is how those stand that send callers to their responsible.
	rules store.RouteRules
	// sealed tells that a secret cannot be read; the integration is then off.
	sealed error
}

// KindOfPBX is what is known of all PBXs of the integration's kind; one without a name where this program
// does not know it.
func (i *Integration) KindOfPBX() pbx.Kind { return i.kind }

// Reload reads the integrations and people again.
func (d *Directory) Reload(ctx context.Context) error {
	d.reloading.Lock()
	defer d.reloading.Unlock()
	snapshot := &Snapshot{byID: map[string]*Integration{}, people: map[string]client.Employee{}}
	people, err := d.cfg.Store.Employees(ctx)
	if err != nil {
		return err
	}
	for _, e := range people {
		snapshot.people[e.ID] = e
	}
	if snapshot.school, err = d.readSchool(ctx); err != nil {
		return err
	}
	if snapshot.lines, err = d.cfg.Store.LineNames(ctx); err != nil {
		return err
	}
	all, err := d.cfg.Store.Integrations(ctx)
	if err != nil {
		return err
	}
	for _, i := range all {
		integration, err := d.integration(ctx, i)
		if err != nil {
			return err
		}
		snapshot.integrations = append(snapshot.integrations, integration)
		snapshot.byID[i.ID] = integration
	}
	d.disconnect(d.snapshot.Swap(snapshot), snapshot)
	d.Hooks.tell(ctx)
	return nil
}

// integration keeps the adapter it had unless the account changed: its rate limits live in it.
func (d *Directory) integration(ctx context.Context, i store.Integration) (*Integration, error) {
	integration := &Integration{Integration: i, kind: kindOf(d.cfg.Kinds, i.Kind), owners: map[string]string{}, extensions: map[string]string{}, lines: map[string]string{}}
	rows, err := d.cfg.Store.Extensions(ctx, i.ID)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		integration.owners[r.Extension], integration.extensions[r.EmployeeID] = r.EmployeeID, r.Extension
	}
	for _, l := range i.Lines {
		integration.lines[l.Number] = l.Name
	}
	if i.HookSealed != "" {
		if integration.hookSecret, err = d.cfg.Sealer.Unseal(i.HookSealed); err != nil {
			slog.ErrorContext(ctx, "the secret word of the address cannot be read", "integration", i.ID, "err", err)
			integration.Active, integration.sealed = false, err
		}
	}
	integration.HookURL = d.hookURL(integration)
	integration.HookPrint = d.cfg.Sealer.Print("hook address", integration.HookURL)
	if integration.rules, err = d.cfg.Store.RouteRules(ctx, i.ID); err != nil {
		return nil, err
	}
	if old := d.Snapshot(); old != nil {
		if had := old.byID[i.ID]; had != nil && account.Same(had.Integration, i) && had.Provider != nil {
			integration.Provider, integration.Credentials, integration.Account = had.Provider, had.Credentials, had.Account
			if integration.hookSecret != had.hookSecret {
				integration.Account = account.Print(d.cfg.Sealer, i, integration.Credentials, integration.HookURL)
			}
			return integration, nil
		}
	}
	return integration, d.connect(integration)
}

// kindOf is the kind of this name; the zero Kind when there is none.
func kindOf(kinds []pbx.Kind, name string) pbx.Kind {
	at := slices.IndexFunc(kinds, func(k pbx.Kind) bool { return k.Name == name })
	if at < 0 {
		return pbx.Kind{}
	}
	return kinds[at]
}

// connect makes the adapter of an account. A secret that cannot be read switches the integration off.
func (d *Directory) connect(integration *Integration) error {
	i := integration.Integration
	credentials, err := account.Open(d.cfg.Sealer, i)
	if err != nil {
		slog.Error("integration cannot be used", "integration", i.ID, "err", err)
		integration.Active, integration.sealed = false, err
		return nil
	}
	integration.Credentials, integration.Account = credentials, account.Print(d.cfg.Sealer, i, credentials, integration.HookURL)
	// What is known of an account's refusals does not hold for another one.
	name := sha256.Sum256([]byte(account.Name(i)))
	if integration.kind.New != nil {
		integration.Provider = integration.kind.New(pbx.Account{
			Credentials: credentials, URL: i.APIURL, Now: d.cfg.Now, Outbound: d.cfg.Outbound, Shared: shared{d.cfg.Store, i.ID + " " + hex.EncodeToString(name[:8])},
		})
	}
	return nil
}

// disconnect ends the adapters that no integration has any more.
func (d *Directory) disconnect(before, now *Snapshot) {
	if before == nil {
		return
	}
	for _, integration := range before.integrations {
		c, ok := integration.Provider.(io.Closer)
		if next := now.byID[integration.ID]; ok && (next == nil || next.Provider != integration.Provider) {
			d.closing.After(0, func() { c.Close() })
		}
	}
}

func (snapshot *Snapshot) Person(id string) *client.Person {
	e, ok := snapshot.people[id]
	if !ok {
		return nil
	}
	return &client.Person{ID: e.ID, Name: e.Name}
}

// LineName is what a line is called, or was when its integration was still there.
func (snapshot *Snapshot) LineName(integrationID, line string) string {
	if integration := snapshot.byID[integrationID]; integration != nil && integration.lines[line] != "" {
		return integration.lines[line]
	}
	return snapshot.lines[line]
}

// Owner is who sits at an extension of an integration (nil: none); nil when nobody does.
func (snapshot *Snapshot) Owner(integration *Integration, extension string) *client.Person {
	if integration == nil || extension == "" {
		return nil
	}
	return snapshot.Person(integration.owners[extension])
}

// Employees lists all who work here, or did.
func (snapshot *Snapshot) Employees() []client.Employee {
	return slices.Collect(maps.Values(snapshot.people))
}

// Rings is the extension at which an employee can be rung; empty for one who was switched off, whose
// extension still names them in the calls they had.
func (snapshot *Snapshot) Rings(integration *Integration, employeeID string) string {
	if !snapshot.people[employeeID].Active {
		return ""
	}
	return integration.extensions[employeeID]
}

// ExtensionOf finds the first active PBX that can do something and on which the employee has an
// extension; only the one of an id, where one is given. ErrNoIntegration, ErrNoExtension.
func (snapshot *Snapshot) ExtensionOf(employeeID, id string, can func(pbx.Provider) bool) (*Integration, string, error) {
	any := false
	for _, integration := range snapshot.integrations {
		if !integration.Active || integration.Provider == nil || id != "" && id != integration.ID || !can(integration.Provider) {
			continue
		}
		any = true
		if ext := integration.extensions[employeeID]; ext != "" {
			return integration, ext, nil
		}
	}
	if !any {
		return nil, "", ErrNoIntegration
	}
	return nil, "", ErrNoExtension
}

// Lines lists the trunk lines of the integrations by name, and those that calls came over and
// nobody has named.
func (d *Directory) Lines(ctx context.Context) ([]client.Line, error) {
	used, err := d.cfg.Store.FeedLines(ctx)
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	snapshot := d.Snapshot()
	for _, number := range used {
		names[number] = snapshot.lines[number]
	}
	for _, integration := range snapshot.integrations {
		for _, l := range integration.Lines {
			names[l.Number] = l.Name
		}
	}
	out := []client.Line{}
	for number, name := range names {
		out = append(out, client.Line{Number: number, Name: name})
	}
	slices.SortFunc(out, func(a, b client.Line) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Number, b.Number))
	})
	return out, nil
}

// HomeCountries are those of the school's own lines; without a line that is a number, the one in which
// numbers are read.
func (snapshot *Snapshot) HomeCountries() map[string]bool {
	home := map[string]bool{}
	for _, integration := range snapshot.integrations {
		for _, l := range integration.Lines {
			if n, err := phone.Parse(l.Number); err == nil {
				home[n.Country()] = true
			}
		}
	}
	if len(home) == 0 {
		home[phone.Home()] = true
	}
	return home
}

// Integrations are the connected PBXs, in their order. They are not changed.
func (snapshot *Snapshot) Integrations() []*Integration { return snapshot.integrations }

// Integration is a connected PBX; nil when it is no more.
func (snapshot *Snapshot) Integration(id string) *Integration { return snapshot.byID[id] }

// School is what the school has chosen.
func (snapshot *Snapshot) School() client.School { return snapshot.school }

// EmployeeName is what an employee is called; empty for one who is not known.
func (snapshot *Snapshot) EmployeeName(id string) string { return snapshot.people[id].Name }

// EmployeeNames are the names of all employees by id.
func (snapshot *Snapshot) EmployeeNames() map[string]string {
	names := map[string]string{}
	for id, e := range snapshot.people {
		names[id] = e.Name
	}
	return names
}

// LineNames are what the lines are called by number, also those of integrations that are no more.
func (snapshot *Snapshot) LineNames() map[string]string {
	names := maps.Clone(snapshot.lines)
	for _, integration := range snapshot.integrations {
		maps.Copy(names, integration.lines)
	}
	return names
}

// Owners are the extensions of the table, with whose they are. They are not changed.
func (integration *Integration) Owners() map[string]string { return integration.owners }

// ExtensionOf is the extension of an employee, also of one who was switched off; empty: none.
func (integration *Integration) ExtensionOf(employeeID string) string {
	return integration.extensions[employeeID]
}

// Clock is the time by which the integration's events are dated.
func (integration *Integration) Clock(now time.Time) time.Time {
	if c, ok := integration.Provider.(pbx.Clocked); ok {
		return c.Clock()
	}
	return now
}
