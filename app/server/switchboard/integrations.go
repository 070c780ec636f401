package switchboard

import (
	"context"
	"crypto/rand"
	"fmt"
	"maps"
	"slices"
	"strings"

	"dozvon/app/server/access"
	"dozvon/app/server/account"
	"dozvon/app/server/audit"
	"dozvon/app/server/crm"
	"dozvon/app/server/pbx"
	"dozvon/app/server/revision"
	"dozvon/app/server/store"
	"dozvon/app/server/stream"
	"dozvon/client"
)

// SaveIntegration creates an integration (empty id) or changes one. *crm.Invalid names every fault.
func (s *Switchboard) SaveIntegration(ctx context.Context, by client.Employee, id string, in client.IntegrationInput) (client.Integration, error) {
	created := id == ""
	if created {
		id = s.NewID()
	}
	err := s.Store.Write(ctx, func(tx *store.Tx) error {
		var i store.Integration
		var err error
		if !created {
			i, err = integrationOf(tx, id)
		}
		if err != nil {
			return err
		}
		if created {
			if i, err = s.blank(id, in); err != nil {
				return err
			}
		}
		if err := tx.CheckRecord(ctx, integrationRecord(id), integrationTag(i)); err != nil && !created {
			return err
		}
		had := i.AddressBook
		if err := s.change(&i, in); err != nil {
			return err
		}
		if created {
			if err := takeFormerID(tx, &i, &id); err != nil {
				return err
			}
		}
		i.UpdatedBy = nil
		if by.ID != "" {
			i.UpdatedBy = &client.Person{ID: by.ID, Name: by.Name}
		}
		if err := tx.SaveIntegration(i); err != nil {
			return err
		}
		if created {
			if err := adoptExtensions(tx, id); err != nil {
				return err
			}
		}
		if i.AddressBook != had {
			if err := switchBook(tx, i); err != nil {
				return err
			}
		}
		if err := tx.NoteChange(integrationRecord(id), by); err != nil {
			return err
		}
		action := access.ActionIntegrationChange
		if created {
			action = access.ActionIntegrationCreate
		}
		return s.Audit.Write(ctx, tx, by, action, "integration:"+id, integrationDetail(in))
	})
	if err != nil {
		return client.Integration{}, err
	}
	return s.tellIntegration(ctx, id)
}

// takeFormerID gives a PBX that was connected before the id that it had: its calls are its own again,
// so that the statistics bring none of them twice and its recordings can be fetched.
func takeFormerID(tx *store.Tx, i *store.Integration, id *string) error {
	former, err := tx.TakeFormerID(*i)
	if err != nil || former == "" {
		return err
	}
	i.ID, *id = former, former
	return nil
}

// integrationDetail names the fields that were given, never a key or salt.
func integrationDetail(in client.IntegrationInput) map[string]string {
	fields := audit.GivenFields(in)
	for _, name := range slices.Sorted(maps.Keys(in.Credentials)) {
		fields = strings.TrimPrefix(fields+", credentials."+name, ", ")
	}
	return map[string]string{"fields": fields}
}

// blank is a new integration of the kind that was asked for.
func (s *Switchboard) blank(id string, in client.IntegrationInput) (store.Integration, error) {
	name := s.Kinds[0].Name
	if in.Kind != nil {
		name = *in.Kind
	}
	k := s.kindOf(name)
	if k.Name == "" {
		var known []string
		for _, k := range s.Kinds {
			known = append(known, k.Name)
		}
		return store.Integration{}, &crm.Invalid{Faults: []string{"kind: one of " + strings.Join(known, ", ") + " expected"}}
	}
	return store.Integration{Integration: client.Integration{ID: id, Kind: k.Name, Name: k.Title, APIURL: k.DefaultURL, Lines: []client.Line{}}}, nil
}

// tellIntegration reads an integration anew and tells those who may see it. It is read in the same
// transaction, so that of two changes at once the later one is told last.
func (s *Switchboard) tellIntegration(ctx context.Context, id string) (client.Integration, error) {
	if err := s.Reload(ctx); err != nil {
		return client.Integration{}, err
	}
	var out client.Integration
	err := s.Store.Write(ctx, func(tx *store.Tx) error {
		i, err := integrationOf(tx, id)
		if err != nil {
			return err
		}
		t := s.office.Load().byID[id]
		if t == nil {
			return fmt.Errorf("integration %s: %w", id, store.ErrNotFound)
		}
		now := *t
		now.Integration = i
		out = s.shown(&now)
		return tx.Journal("integration", stream.Accountants, out)
	})
	return out, err
}

// integrationTag is the ETag of what people have set; health and the last event change by themselves.
func integrationTag(i store.Integration) string {
	return revision.Of([]any{
		i.Name, i.Active, i.APIKey, i.KeyPrint, i.Fields, i.Sealed, i.APIURL, i.Forwarding, i.Lines, i.HookSealed, i.AddressBook, i.UpdatedAt,
	})
}

// Integration reads one connected PBX as people may see it; store.ErrNotFound.
func (s *Switchboard) Integration(ctx context.Context, id string) (client.Integration, error) {
	all, err := s.Integrations(ctx)
	if err != nil {
		return client.Integration{}, err
	}
	at := slices.IndexFunc(all, func(i client.Integration) bool { return i.ID == id })
	if at < 0 {
		return client.Integration{}, fmt.Errorf("integration %s: %w", id, store.ErrNotFound)
	}
	return all[at], nil
}

// Integrations lists the connected PBXs as people may see them.
func (s *Switchboard) Integrations(ctx context.Context) ([]client.Integration, error) {
	if err := s.Reload(ctx); err != nil {
		return nil, err
	}
	all := []client.Integration{}
	for _, t := range s.office.Load().trunks {
		all = append(all, s.shown(t))
	}
	return all, nil
}

// shown adds to an integration what is not stored: the address to paste, and its health.
func (s *Switchboard) shown(t *trunk) client.Integration {
	i := t.Integration.Integration
	account.Show(t.kind, t.Integration, &i)
	i.HookURL = s.hookURL(t)
	i.ETag = integrationTag(t.Integration)
	i.Health = client.Health{State: client.HealthOK}
	if p, ok := t.provider.(pbx.Patient); ok {
		i.Health = shownHealth(p.Health())
	}
	if last, ok := s.seen.Load(i.ID); ok {
		at := last.(lastSeen).at
		if i.LastEvent == nil || at.After(*i.LastEvent) { // another node may have had one since
			i.LastEvent = &at
		}
	}
	return i
}

// hookURL is where the PBX sends its requests. It holds the secret word, where there is one.
func (s *Switchboard) hookURL(t *trunk) string {
	public := strings.TrimRight(s.PublicURL, "/")
	switch shared := t.kind.Shared; {
	case shared == nil && t.hookSecret == "":
		return ""
	case shared == nil:
		return public + HookPath + t.hookSecret
	case t.hookSecret != "":
		return public + shared.Path + "/" + HookPrefix + t.hookSecret
	default:
		return public + shared.Path
	}
}

func shownHealth(h pbx.Health) client.Health {
	out := client.Health{State: client.HealthState(h.State), Code: h.Code, Text: h.Words.RU, TextEN: h.Words.EN}
	if !h.Until.IsZero() {
		until := h.Until.UTC()
		out.Until = &until
	}
	return out
}

func integrationOf(tx *store.Tx, id string) (store.Integration, error) {
	all, err := tx.Integrations()
	if err != nil {
		return store.Integration{}, err
	}
	at := slices.IndexFunc(all, func(i store.Integration) bool { return i.ID == id })
	if at < 0 {
		return store.Integration{}, fmt.Errorf("integration %s: %w", id, store.ErrNotFound)
	}
	return all[at], nil
}

func (s *Switchboard) change(i *store.Integration, in client.IntegrationInput) error {
	bad, hadURL, kind := &crm.Invalid{}, i.APIURL, s.kindOf(i.Kind)
	if in.Kind != nil && *in.Kind != i.Kind {
		bad.Faults = append(bad.Faults, "kind: cannot be changed, connect another PBX instead")
	}
	assign(&i.Name, in.Name)
	assign(&i.APIURL, in.APIURL)
	if in.Active != nil {
		i.Active = *in.Active
	}
	if in.Forwarding != nil {
		i.Forwarding = *in.Forwarding
	}
	if in.Lines != nil {
		i.Lines = *in.Lines
	}
	if in.AddressBook != nil {
		i.AddressBook = *in.AddressBook
	}
	if kind.Shared == nil && in.HookSecret != nil && !*in.HookSecret {
		bad.Faults = append(bad.Faults, "hook_secret: the address of this PBX is the secret word, it cannot be without")
	}
	if err := s.changeHook(i, kind, in.HookSecret); err != nil {
		return err
	}
	faults, err := account.Change(s.Sealer, kind, i, hadURL, in)
	if err != nil {
		return err
	}
	bad.Faults = append(bad.Faults, faults...)
	if err := s.Outbound.CheckURL(i.APIURL); err != nil {
		bad.Faults = append(bad.Faults, "api_url: "+err.Error())
	}
	if len(bad.Faults) > 0 {
		return bad
	}
	return nil
}

// changeHook puts a secret word into the address, or takes it out. One that is there stays, and a kind
// without a shared address always has one.
func (s *Switchboard) changeHook(i *store.Integration, kind pbx.Kind, want *bool) error {
	on := i.HookSealed != ""
	if want != nil {
		on = *want
	}
	if !on && kind.Shared != nil {
		i.HookSealed = ""
		return nil
	}
	if i.HookSealed != "" {
		return nil
	}
	sealed, err := s.Sealer.Seal(strings.ToLower(rand.Text()))
	i.HookSealed = sealed
	return wrap("making the secret word of the address", err)
}

func assign(field *string, value *string) {
	if value != nil {
		*field = strings.TrimSpace(*value)
	}
}

// adoptExtensions gives a new integration the extensions that waited for it, unless another has them.
func adoptExtensions(tx *store.Tx, id string) error {
	all, err := tx.Integrations()
	if err != nil || len(all) > 1 {
		return err
	}
	people, err := tx.Employees()
	if err != nil {
		return err
	}
	for _, e := range people {
		if e.Extension == "" {
			continue
		}
		if err := tx.PutExtension(id, client.ExtensionRow{EmployeeID: e.ID, Extension: e.Extension}); err != nil {
			return err
		}
	}
	return nil
}

// DeleteIntegration disconnects a PBX; its calls stay.
func (s *Switchboard) DeleteIntegration(ctx context.Context, by client.Employee, id string) error {
	err := s.Store.Write(ctx, func(tx *store.Tx) error {
		i, err := integrationOf(tx, id)
		if err != nil {
			return err
		}
		if err := tx.CheckRecord(ctx, integrationRecord(id), integrationTag(i)); err != nil {
			return err
		}
		if err := tx.DeleteIntegration(id); err != nil {
			return err
		}
		if err := tx.Journal("integration", stream.Accountants, client.Deleted{ID: id, Deleted: true}); err != nil {
			return err
		}
		return s.Audit.Write(ctx, tx, by, access.ActionIntegrationDelete, "integration:"+id, map[string]string{"name": i.Name})
	})
	if err != nil {
		return err
	}
	return s.Reload(ctx)
}
