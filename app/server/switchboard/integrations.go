package switchboard

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"

	"dozvon/app/server/crm"
	"dozvon/app/server/store"
	"dozvon/app/server/stream"
	"dozvon/client"
)

// kindMango is the one kind of integration so far.
const kindMango = "mango"

// defaultAPIURL is what the cabinet shows as «Адрес API Виртуальной АТС».
const defaultAPIURL = "https://app.mango-office.ru/vpbx/"

// SaveIntegration creates an integration (empty id) or changes one. *crm.Invalid names every fault.
func (s *Switchboard) SaveIntegration(ctx context.Context, id string, in client.IntegrationInput) (client.Integration, error) {
	err := s.Store.Write(ctx, func(tx *store.Tx) error {
		i, err := integrationOf(tx, id)
		if err != nil {
			return err
		}
		created := id == ""
		if created {
			id = s.NewID()
			i = store.Integration{Integration: client.Integration{ID: id, Kind: kindMango, Name: "Mango Office", APIURL: defaultAPIURL, Lines: []client.Line{}}}
		}
		if err := s.change(&i, in); err != nil {
			return err
		}
		if err := tx.SaveIntegration(i); err != nil {
			return err
		}
		if created {
			if err := adoptExtensions(tx, id); err != nil {
				return err
			}
		}
		return tx.Journal("integration", stream.Accountants, i.Integration)
	})
	if err != nil {
		return client.Integration{}, err
	}
	if err := s.Reload(ctx); err != nil {
		return client.Integration{}, err
	}
	return s.office.Load().byID[id].Integration.Integration, nil
}

func integrationOf(tx *store.Tx, id string) (store.Integration, error) {
	if id == "" {
		return store.Integration{}, nil
	}
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
	bad := &crm.Invalid{}
	if in.Kind != nil && *in.Kind != kindMango {
		bad.Faults = append(bad.Faults, "kind: mango expected")
	}
	assign(&i.Name, in.Name)
	assign(&i.APIKey, in.APIKey)
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
	if in.APISalt != nil && strings.TrimSpace(*in.APISalt) != "" {
		sealed, err := s.Sealer.Seal(strings.TrimSpace(*in.APISalt))
		if err != nil {
			return err
		}
		i.SaltSealed, i.HasSalt = sealed, true
	}
	if i.APIKey == "" {
		bad.Faults = append(bad.Faults, "api_key: is empty")
	}
	if i.SaltSealed == "" {
		bad.Faults = append(bad.Faults, "api_salt: is empty")
	}
	if err := safeURL(i.APIURL); err != nil {
		bad.Faults = append(bad.Faults, "api_url: "+err.Error())
	}
	if len(bad.Faults) > 0 {
		return bad
	}
	return nil
}

// safeURL wants https, because the commands carry the account's key; the practice PBX on this
// machine may do without.
func safeURL(raw string) error {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.User != nil {
		return errors.New("an address like " + defaultAPIURL + " expected")
	}
	host := u.Hostname()
	ip := net.ParseIP(host)
	local := host == "localhost" || (ip != nil && ip.IsLoopback())
	if u.Scheme == "https" || (u.Scheme == "http" && local) {
		return nil
	}
	return errors.New("https expected (plain http only on this machine)")
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
		if err := tx.DeleteIntegration(id); err != nil {
			return err
		}
		if err := tx.Journal("integration", stream.Accountants, client.Deleted{ID: id, Deleted: true}); err != nil {
			return err
		}
		return tx.Audit(s.NewID(), by.ID, "delete-integration", id)
	})
	if err != nil {
		return err
	}
	return s.Reload(ctx)
}

// SetExtensions replaces the table «Внутренние номера сотрудников».
func (s *Switchboard) SetExtensions(ctx context.Context, id string, table []client.ExtensionRow) ([]client.ExtensionRow, error) {
	if err := validTable(table); err != nil {
		return nil, err
	}
	var out []client.ExtensionRow
	err := s.Store.Write(ctx, func(tx *store.Tx) error {
		if _, err := integrationOf(tx, id); err != nil {
			return err
		}
		for _, row := range table {
			if _, err := tx.Employee(row.EmployeeID); err != nil {
				return &crm.Invalid{Faults: []string{"employee_id: no such employee: " + row.EmployeeID}}
			}
		}
		if err := tx.SetExtensions(id, table); err != nil {
			return err
		}
		var err error
		out, err = tx.Extensions(id)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, s.Reload(ctx)
}

func validTable(table []client.ExtensionRow) error {
	bad := &crm.Invalid{}
	seen := map[string]bool{}
	for i, row := range table {
		switch {
		case row.Extension == "" || strings.Trim(row.Extension, "0123456789") != "":
			bad.Faults = append(bad.Faults, fmt.Sprintf("[%d].extension: digits expected", i))
		case seen[row.Extension]:
			bad.Faults = append(bad.Faults, fmt.Sprintf("[%d].extension: %s is given twice", i, row.Extension))
		}
		seen[row.Extension] = true
	}
	if len(bad.Faults) > 0 {
		return bad
	}
	return nil
}
