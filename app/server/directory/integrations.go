package directory

import (
	"context"
	"crypto/rand"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"dozvon/app/server/access"
	"dozvon/app/server/account"
	"dozvon/app/server/audit"
	"dozvon/app/server/crm"
	"dozvon/app/server/pbx"
	"dozvon/app/server/plaintext"
	"dozvon/app/server/revision"
	"dozvon/app/server/store"
	"dozvon/app/server/stream"
	"dozvon/app/server/subscription"
	"dozvon/app/server/texts"
	"dozvon/client"
)

// SaveIntegration creates an integration (empty id) or changes one. *crm.Invalid names every fault.
func (d *Directory) SaveIntegration(ctx context.Context, by client.Employee, id string, in client.IntegrationInput) (client.Integration, error) {
	created := id == ""
	if created {
		id = d.cfg.NewID()
	}
	fresh := id
	err := d.cfg.Store.Write(ctx, func(tx *store.Tx) error {
		id = fresh
		var i store.Integration
		var err error
		if !created {
			i, err = integrationOf(tx, id)
		}
		if err != nil {
			return err
		}
		if created {
			if i, err = d.blank(id, in); err != nil {
				return err
			}
		}
		if err := tx.CheckRecord(ctx, integrationRecord(id), integrationTag(i)); err != nil && !created {
			return err
		}
		had := i
		if err := d.change(&i, in); err != nil {
			return err
		}
		if created {
			if err := restoreFormerID(tx, &i, &id); err != nil {
				return err
			}
		}
		i.UpdatedBy = nil
		if by.ID != "" {
			i.UpdatedBy = &client.Person{ID: by.ID, Name: by.Name}
		}
		if err := put(tx, had, i, created); err != nil {
			return err
		}
		if err := tx.NoteChange(integrationRecord(id), by); err != nil {
			return err
		}
		action := access.ActionIntegrationChange
		if created {
			action = access.ActionIntegrationCreate
		}
		return d.cfg.Audit.Write(ctx, tx, by, action, "integration:"+id, integrationDetail(in))
	})
	if err != nil {
		return client.Integration{}, err
	}
	defer d.noteChange()
	return d.PublishIntegration(ctx, id)
}

// put writes an integration with all that follows from what has changed since it was had.
func put(tx *store.Tx, had, i store.Integration, created bool) error {
	waiting, err := tx.Employees() // what they have without a PBX waits for the first one
	if err != nil {
		return err
	}
	if err := tx.SaveIntegration(i); err != nil {
		return err
	}
	if created || !account.Same(had, i) || i.Active && !had.Active {
		if err := tx.SubscriptionAnew(i.ID); err != nil {
			return err
		}
	}
	if created {
		if err := adoptExtensions(tx, i.ID, waiting); err != nil {
			return err
		}
	}
	if i.AddressBook != had.AddressBook {
		return switchAddressbook(tx, i)
	}
	return nil
}

// restoreFormerID gives a PBX that was connected before the id that it had: its calls are its own again,
// so that the statistics bring none of them twice and its recordings can be fetched.
func restoreFormerID(tx *store.Tx, i *store.Integration, id *string) error {
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
func (d *Directory) blank(id string, in client.IntegrationInput) (store.Integration, error) {
	name := d.cfg.Kinds[0].Name
	if in.Kind != nil {
		name = *in.Kind
	}
	k := kindOf(d.cfg.Kinds, name)
	if k.Name == "" {
		var known []string
		for _, k := range d.cfg.Kinds {
			known = append(known, k.Name)
		}
		return store.Integration{}, crm.Wrong("kind", texts.Of("fault.one_of", texts.Args{"values": strings.Join(known, ", ")}))
	}
	return store.Integration{Integration: client.Integration{ID: id, Kind: k.Name, Name: k.Title, APIURL: k.DefaultURL, Lines: []client.Line{}}}, nil
}

// PublishIntegration reads an integration anew and publishes it to those who may see it. It is read in the same
// transaction, so that of two changes at once the later one is published last.
func (d *Directory) PublishIntegration(ctx context.Context, id string) (client.Integration, error) {
	if err := d.Reload(ctx); err != nil {
		return client.Integration{}, err
	}
	var out client.Integration
	err := d.cfg.Store.Write(ctx, func(tx *store.Tx) error {
		i, err := integrationOf(tx, id)
		if err != nil {
			return err
		}
		integration := d.Snapshot().byID[id]
		if integration == nil {
			return fmt.Errorf("integration %s: %w", id, store.ErrNotFound)
		}
		now := *integration
		now.Integration = i
		out = d.shown(&now)
		told := out
		if told.HookURL, err = sealHook(d.cfg.Sealer, out.HookURL); err != nil {
			return err
		}
		return tx.Journal("integration", stream.Accountants, told)
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
func (d *Directory) Integration(ctx context.Context, id string) (client.Integration, error) {
	all, err := d.Integrations(ctx)
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
func (d *Directory) Integrations(ctx context.Context) ([]client.Integration, error) {
	if err := d.Reload(ctx); err != nil {
		return nil, err
	}
	all := []client.Integration{}
	for _, integration := range d.Snapshot().integrations {
		all = append(all, d.shown(integration))
	}
	return all, nil
}

// shownRules is how the rules stand that send callers to their responsible; nil for a PBX without any.
func shownRules(i *Integration) *client.RouteRules {
	if _, ok := i.Provider.(pbx.RuleRouter); !ok {
		return nil
	}
	out := &client.RouteRules{
		Ours: i.rules.Ours, Foreign: i.rules.Foreign, Waiting: i.rules.Waiting, Refused: i.rules.Refused, Error: i.rules.Error, ErrorEN: i.rules.ErrorEN,
	}
	if !i.rules.At.IsZero() {
		out.At = &i.rules.At
	}
	return out
}

// shown adds to an integration what is not stored: the address to paste, and its health.
func (d *Directory) shown(integration *Integration) client.Integration {
	i := integration.Integration.Integration
	account.Show(integration.kind, integration.Integration, &i)
	i.HookURL = d.hookURL(integration)
	i.ETag = integrationTag(integration.Integration)
	i.Subscription = subscription.Show(integration.Integration, integration.kind, integration.Account, i.HookURL, d.cfg.Now())
	i.Rules = shownRules(integration)
	i.Health = client.Health{State: client.HealthOK}
	if p, ok := integration.Provider.(pbx.HealthReporter); ok {
		i.Health = shownHealth(p.Health())
	}
	if last, ok := d.seen.Load(i.ID); ok {
		at := last.(lastSeen).at
		if i.LastEvent == nil || at.After(*i.LastEvent) { // another node may have had one since
			i.LastEvent = &at
		}
	}
	return i
}

// hookURL is where the PBX sends its requests. It holds the secret word, where there is one.
func (d *Directory) hookURL(integration *Integration) string {
	public := strings.TrimRight(d.cfg.PublicURL, "/")
	switch shared := integration.kind.Shared; {
	case shared == nil && integration.hookSecret == "":
		return ""
	case shared == nil:
		return public + HookPath + integration.hookSecret
	case integration.hookSecret != "":
		return public + shared.Path + "/" + HookPrefix + integration.hookSecret
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

func (d *Directory) change(i *store.Integration, in client.IntegrationInput) error {
	bad, hadURL, kind := &crm.Invalid{}, i.APIURL, kindOf(d.cfg.Kinds, i.Kind)
	if in.Kind != nil && *in.Kind != i.Kind {
		bad.Add("kind", texts.Of("fault.kind_stays"))
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
		checkLines(*in.Lines, bad)
		i.Lines = make([]client.Line, len(*in.Lines))
		for n, l := range *in.Lines { // a PBX's own names may have what nobody sees
			l.Number, l.Name = plaintext.Line(l.Number), plaintext.Line(l.Name)
			i.Lines[n] = l
		}
	}
	if in.Name != nil {
		checkText("name", i.Name, bad)
		i.Name = plaintext.Line(i.Name)
	}
	if in.AddressBook != nil {
		i.AddressBook = *in.AddressBook
	}
	if in.AddressBook != nil && *in.AddressBook && !slices.Contains(kind.Capabilities, pbx.CanAddressBook) {
		bad.Add("address_book", texts.Of("fault.no_address_book"))
	}
	if kind.Shared == nil && in.HookSecret != nil && !*in.HookSecret {
		bad.Add("hook_secret", texts.Of("fault.hook_word"))
	}
	if err := d.changeHook(i, kind, in.HookSecret); err != nil {
		return err
	}
	rules := account.Rules{Sealer: d.cfg.Sealer, Kind: kind, Outbound: d.cfg.Outbound}
	faults, err := rules.Change(i, hadURL, in)
	if err != nil {
		return err
	}
	bad.Faults = append(bad.Faults, faults...)
	if fault := d.cfg.Outbound.CheckURL(i.APIURL); !fault.IsZero() {
		bad.Add("api_url", fault)
	}
	return bad.OrNil()
}

// lineLimit bounds the number and the name of a line, in characters.
const lineLimit = 200

// checkLines tells of lines without a number, and of what people cannot see.
func checkLines(lines []client.Line, bad *crm.Invalid) {
	for n, l := range lines {
		checkText(fmt.Sprintf("lines[%d].number", n), l.Number, bad)
		if l.Name != "" {
			checkText(fmt.Sprintf("lines[%d].name", n), l.Name, bad)
		}
	}
}

func checkText(field, value string, bad *crm.Invalid) {
	switch {
	case plaintext.Line(value) == "":
		bad.Add(field, texts.Of("fault.empty"))
	case utf8.RuneCountInString(value) > lineLimit:
		bad.Add(field, texts.Of("fault.too_long", texts.Args{"most": lineLimit}))
	case strings.ContainsFunc(value, unicode.IsControl):
		bad.Add(field, texts.Of("fault.control_characters"))
	}
}

// changeHook puts a secret word into the address, or takes it out. One that is there stays, and a kind
// without a shared address always has one.
func (d *Directory) changeHook(i *store.Integration, kind pbx.Kind, want *bool) error {
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
	sealed, err := d.cfg.Sealer.Seal(strings.ToLower(rand.Text()))
	i.HookSealed = sealed
	if err != nil {
		return fmt.Errorf("making the secret word of the address: %w", err)
	}
	return nil
}

func assign(field *string, value *string) {
	if value != nil {
		*field = strings.TrimSpace(*value)
	}
}

// adoptExtensions gives a new integration the extensions that waited for it, unless another has them.
func adoptExtensions(tx *store.Tx, id string, waiting []client.Employee) error {
	all, err := tx.Integrations()
	if err != nil || len(all) > 1 {
		return err
	}
	for _, e := range waiting {
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
func (d *Directory) DeleteIntegration(ctx context.Context, by client.Employee, id string) error {
	err := d.cfg.Store.Write(ctx, func(tx *store.Tx) error {
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
		return d.cfg.Audit.Write(ctx, tx, by, access.ActionIntegrationDelete, "integration:"+id, map[string]string{"name": i.Name})
	})
	if err != nil {
		return err
	}
	defer d.noteChange()
	return d.Reload(ctx)
}

// switchAddressbook prepares what the chores then do: every card is written, or every contact of ours removed.
func switchAddressbook(tx *store.Tx, i store.Integration) error {
	if i.AddressBook {
		return tx.FillAddressbook(i.ID)
	}
	return tx.MarkAddressbook(i.ID)
}
