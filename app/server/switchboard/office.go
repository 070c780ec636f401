package switchboard

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"log/slog"
	"slices"

	"dozvon/app/server/account"
	"dozvon/app/server/directory"
	"dozvon/app/server/pbx"
	"dozvon/app/server/store"
	"dozvon/client"
)

// office is who works here and over which PBXs, as of the last Reload. It is never changed,
// only replaced, so that every event sees one state of it.
type office struct {
	trunks []*trunk
	byID   map[string]*trunk
	people map[string]client.Employee
	school client.School
	// lines are what lines were called last, by number, also those of integrations that are no more.
	lines map[string]string
}

// trunk is one integration with its adapter and its table of extensions.
type trunk struct {
	store.Integration
	kind     pbx.Kind // without a name: this program does not know it
	provider pbx.Provider
	owners   map[string]string // extension → employee id
	desks    map[string]string // employee id → extension
	lines    map[string]string // number → name
	// hookSecret is the word without which the address takes no webhook; empty: none is needed.
	hookSecret string
	// sealed tells that a secret cannot be read; the integration is then off.
	sealed error
}

// Reload reads the integrations and people again.
func (s *Switchboard) Reload(ctx context.Context) error {
	s.reloading.Lock()
	defer s.reloading.Unlock()
	o := &office{byID: map[string]*trunk{}, people: map[string]client.Employee{}}
	people, err := s.Store.Employees(ctx)
	if err != nil {
		return err
	}
	for _, e := range people {
		o.people[e.ID] = e
	}
	if o.school, err = s.readSchool(ctx); err != nil {
		return err
	}
	if o.lines, err = s.Store.LineNames(ctx); err != nil {
		return err
	}
	all, err := s.Store.Integrations(ctx)
	if err != nil {
		return err
	}
	for _, i := range all {
		t, err := s.trunk(ctx, i)
		if err != nil {
			return err
		}
		o.trunks = append(o.trunks, t)
		o.byID[i.ID] = t
	}
	s.disconnect(s.office.Swap(o), o)
	return nil
}

// trunk keeps the adapter it had unless the account changed: its rate limits live in it.
func (s *Switchboard) trunk(ctx context.Context, i store.Integration) (*trunk, error) {
	t := &trunk{Integration: i, kind: s.kindOf(i.Kind), owners: map[string]string{}, desks: map[string]string{}, lines: map[string]string{}}
	rows, err := s.Store.Extensions(ctx, i.ID)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		t.owners[r.Extension], t.desks[r.EmployeeID] = r.EmployeeID, r.Extension
	}
	for _, l := range i.Lines {
		t.lines[l.Number] = l.Name
	}
	if i.HookSealed != "" {
		if t.hookSecret, err = s.Sealer.Unseal(i.HookSealed); err != nil {
			slog.Error("the secret word of the address cannot be read", "integration", i.ID, "err", err)
			t.Active, t.sealed = false, err
		}
	}
	if old := s.office.Load(); old != nil {
		if had := old.byID[i.ID]; had != nil && account.Same(had.Integration, i) && had.provider != nil {
			t.provider = had.provider
			return t, nil
		}
	}
	return t, s.connect(t)
}

// kindOf is the kind of this name; the zero Kind when there is none.
func (s *Switchboard) kindOf(name string) pbx.Kind {
	at := slices.IndexFunc(s.Kinds, func(k pbx.Kind) bool { return k.Name == name })
	if at < 0 {
		return pbx.Kind{}
	}
	return s.Kinds[at]
}

// connect makes the adapter of an account. A secret that cannot be read switches the integration off.
func (s *Switchboard) connect(t *trunk) error {
	i := t.Integration
	credentials, err := account.Open(s.Sealer, i)
	if err != nil {
		slog.Error("integration cannot be used", "integration", i.ID, "err", err)
		t.Active, t.sealed = false, err
		return nil
	}
	// What is known of an account's refusals does not hold for another one.
	name := sha256.Sum256([]byte(account.Name(i)))
	if t.kind.New != nil {
		t.provider = t.kind.New(pbx.Account{
			Credentials: credentials, URL: i.APIURL, Now: s.Now, Outbound: s.Outbound, Shared: shared{s.Store, i.ID + " " + hex.EncodeToString(name[:8])},
		})
	}
	return nil
}

// disconnect ends the adapters that no integration has any more.
func (s *Switchboard) disconnect(before, now *office) {
	if before == nil {
		return
	}
	for _, t := range before.trunks {
		c, ok := t.provider.(io.Closer)
		if next := now.byID[t.ID]; ok && (next == nil || next.provider != t.provider) {
			s.timers.after(0, func() { c.Close() })
		}
	}
}

func (o *office) person(id string) *client.Person {
	e, ok := o.people[id]
	if !ok {
		return nil
	}
	return &client.Person{ID: e.ID, Name: e.Name}
}

// lineName is what a line is called, or was when its integration was still there.
func (o *office) lineName(integrationID, line string) string {
	if t := o.byID[integrationID]; t != nil && t.lines[line] != "" {
		return t.lines[line]
	}
	return o.lines[line]
}

// owner is who sits at an extension; nil when nobody does.
func (t *trunk) owner(o *office, extension string) *client.Person {
	if t == nil || extension == "" {
		return nil
	}
	return o.person(t.owners[extension])
}

// rung is the extension at which an employee can be rung; empty for one who was switched off, whose
// extension still names them in the calls they had.
func (o *office) rung(t *trunk, employeeID string) string {
	if !o.people[employeeID].Active {
		return ""
	}
	return t.desks[employeeID]
}

// desk finds the first active PBX on which the employee has an extension.
func (o *office) desk(employeeID string) (*trunk, string, error) {
	any := false
	for _, t := range o.trunks {
		if !t.Active || t.provider == nil {
			continue
		}
		any = true
		if ext := t.desks[employeeID]; ext != "" {
			return t, ext, nil
		}
	}
	if !any {
		return nil, "", directory.ErrNoIntegration
	}
	return nil, "", directory.ErrNoExtension
}

// Lines lists the trunk lines of the integrations by name, and those that calls came over and
// nobody has named.
func (s *Switchboard) Lines(ctx context.Context) ([]client.Line, error) {
	used, err := s.Store.FeedLines(ctx)
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	o := s.office.Load()
	for _, number := range used {
		names[number] = o.lines[number]
	}
	for _, t := range o.trunks {
		for _, l := range t.Lines {
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
