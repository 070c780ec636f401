package switchboard

import (
	"context"
	"fmt"
	"strings"

	"dozvon/app/server/access"
	"dozvon/app/server/crm"
	"dozvon/app/server/store"
	"dozvon/client"
)

// SaveEmployee creates an employee (empty id) or changes one, with an account when a login is given.
func (s *Switchboard) SaveEmployee(ctx context.Context, id string, in client.EmployeeInput) (client.Employee, error) {
	hash, err := passwordHash(in)
	if err != nil {
		return client.Employee{}, err
	}
	var e client.Employee
	err = s.Store.Write(ctx, func(tx *store.Tx) error {
		e = client.Employee{ID: id, Role: client.RoleOperator, Active: true}
		if id == "" {
			e.ID = s.NewID()
		} else if e, err = tx.Employee(id); err != nil {
			return err
		}
		assign(&e.Name, in.Name)
		assign(&e.Login, in.Login)
		if in.Role != nil {
			e.Role = *in.Role
		}
		if err := validEmployee(e, in); err != nil {
			return err
		}
		if in.Extension != nil {
			e.Extension = strings.TrimSpace(*in.Extension)
		}
		if err := tx.SaveEmployee(e, hash); err != nil {
			return err
		}
		if in.Extension == nil {
			return nil
		}
		all, err := tx.Integrations()
		if err != nil || len(all) == 0 {
			return err
		}
		return tx.PutExtension(all[0].ID, client.ExtensionRow{EmployeeID: e.ID, Extension: e.Extension})
	})
	if err != nil {
		return client.Employee{}, err
	}
	return e, s.Reload(ctx)
}

func passwordHash(in client.EmployeeInput) (string, error) {
	if in.Password == nil {
		return "", nil
	}
	if len(*in.Password) < access.MinPassword {
		return "", &crm.Invalid{Faults: []string{fmt.Sprintf("password: at least %d characters expected", access.MinPassword)}}
	}
	return access.HashPassword(*in.Password)
}

func validEmployee(e client.Employee, in client.EmployeeInput) error {
	bad := &crm.Invalid{}
	if e.Name == "" {
		bad.Faults = append(bad.Faults, "name: is empty")
	}
	if !access.Known(e.Role) {
		bad.Faults = append(bad.Faults, "role: operator, manager, accountant, director or admin expected")
	}
	if in.Extension != nil && strings.Trim(strings.TrimSpace(*in.Extension), "0123456789") != "" {
		bad.Faults = append(bad.Faults, "extension: digits expected")
	}
	if len(bad.Faults) > 0 {
		return bad
	}
	return nil
}
