package switchboard

import (
	"cmp"
	"context"
	"log/slog"
	"slices"

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
}

// trunk is one integration with its adapter and its table of extensions.
type trunk struct {
	store.Integration
	provider pbx.Provider
	owners   map[string]string // extension → employee id
	desks    map[string]string // employee id → extension
	lines    map[string]string // number → name
	// hookSecret is the word without which the address takes no webhook; empty: none is needed.
	hookSecret string
}

// Reload reads the integrations and people again.
func (s *Switchboard) Reload(ctx context.Context) error {
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
	s.office.Store(o)
	return nil
}

// trunk keeps the adapter it had unless the account changed: its rate limits live in it.
func (s *Switchboard) trunk(ctx context.Context, i store.Integration) (*trunk, error) {
	t := &trunk{Integration: i, owners: map[string]string{}, desks: map[string]string{}, lines: map[string]string{}}
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
			t.Active = false
		}
	}
	if old := s.office.Load(); old != nil {
		if had := old.byID[i.ID]; had != nil && had.SaltSealed == i.SaltSealed && had.APIKey == i.APIKey && had.APIURL == i.APIURL && had.provider != nil {
			t.provider = had.provider
			return t, nil
		}
	}
	salt, err := s.Sealer.Unseal(i.SaltSealed)
	if err != nil {
		slog.Error("integration cannot be used", "integration", i.ID, "err", err)
		t.Active = false
		return t, nil
	}
	for _, k := range s.Kinds {
		if k.Name == i.Kind {
			t.provider = k.New(pbx.Account{Key: i.APIKey, Salt: salt, URL: i.APIURL})
		}
	}
	return t, nil
}

func (o *office) person(id string) *client.Person {
	e, ok := o.people[id]
	if !ok {
		return nil
	}
	return &client.Person{ID: e.ID, Name: e.Name}
}

// owner is who sits at an extension; nil when nobody does.
func (t *trunk) owner(o *office, extension string) *client.Person {
	if t == nil || extension == "" {
		return nil
	}
	return o.person(t.owners[extension])
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
		return nil, "", ErrNoIntegration
	}
	return nil, "", ErrNoExtension
}

// Lines lists the trunk lines of the integrations by name, and those that calls came over and
// nobody has named.
func (s *Switchboard) Lines(ctx context.Context) ([]client.Line, error) {
	used, err := s.Store.FeedLines(ctx)
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	for _, number := range used {
		names[number] = ""
	}
	for _, t := range s.office.Load().trunks {
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
