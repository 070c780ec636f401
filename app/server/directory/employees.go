package directory

import (
	"context"
	"errors"
	"slices"
	"strings"

	"dozvon/app/server/access"
	"dozvon/app/server/crm"
	"dozvon/app/server/plaintext"
	"dozvon/app/server/store"
	"dozvon/app/server/texts"
	"dozvon/client"
)

// Staff changes the accounts of the people who work here.
type Staff struct {
	directory *Directory
	passwords *access.Passwords
}

// NewStaff returns what changes the accounts of a directory; passwords hashes theirs.
func NewStaff(d *Directory, passwords *access.Passwords) *Staff {
	return &Staff{directory: d, passwords: passwords}
}

// SaveEmployee creates an employee (empty id) or changes one in the name of the server's own
// machine, whose commands are bound to no role.
func (s *Staff) SaveEmployee(ctx context.Context, id string, in client.EmployeeInput) (client.Employee, error) {
	return s.saveEmployee(ctx, client.Employee{}, id, in)
}

// SaveEmployeeBy creates an employee (empty id) or changes one, with an account when a login is given.
// Nobody gives a role above their own, nor touches an account above it (access.ErrAbove), the last
// active administrator stays (access.ErrLastAdmin), and an unlocked screen or a stolen token is not enough
// for a new password of one's own (access.ErrOwnPassword).
func (s *Staff) SaveEmployeeBy(ctx context.Context, by client.Employee, id string, in client.EmployeeInput) (client.Employee, error) {
	if err := access.MayGive(by, client.RoleOperator); err != nil {
		return client.Employee{}, err
	}
	if id == by.ID && in.Password != nil {
		return client.Employee{}, access.ErrOwnPassword
	}
	return s.saveEmployee(ctx, by, id, in)
}

func (s *Staff) saveEmployee(ctx context.Context, by client.Employee, id string, in client.EmployeeInput) (client.Employee, error) {
	hash, err := s.passwordHash(ctx, by, id, in)
	if err != nil {
		return client.Employee{}, err
	}
	var e client.Employee
	err = s.directory.cfg.Store.Write(ctx, func(tx *store.Tx) error {
		e, err = s.changeEmployee(ctx, tx, by, id, in, hash)
		return err
	})
	if err != nil {
		return client.Employee{}, err
	}
	return e, s.directory.Reload(ctx)
}

// FirstAccountWord is under what the nodes of a database share the word that the first account's code
// is made of.
const FirstAccountWord = "first account"

// FirstAccount makes the first administrator, whose code was looked at; access.ErrHasAccounts when
// somebody was faster, *access.WeakPassword. It also returns the hash of the password.
func (s *Staff) FirstAccount(ctx context.Context, in client.FirstAccount) (e client.Employee, hash string, err error) {
	if err := access.StrongPassword(in.Password, in.Login); err != nil {
		return client.Employee{}, "", err
	}
	if hash, err = s.passwords.Hash(ctx, access.CallerOf(ctx).Address, in.Password); err != nil {
		return client.Employee{}, "", err
	}
	role := client.RoleAdmin
	err = s.directory.cfg.Store.Write(ctx, func(tx *store.Tx) error {
		some, err := tx.AnyAccount()
		if err != nil {
			return err
		}
		if some {
			return access.ErrHasAccounts
		}
		if err := tx.SetShared(FirstAccountWord, nil); err != nil {
			return err
		}
		e, err = s.changeEmployee(ctx, tx, client.Employee{}, "", client.EmployeeInput{Name: &in.Name, Login: &in.Login, Role: &role, Password: &in.Password}, hash)
		if err != nil {
			return err
		}
		return s.directory.cfg.Audit.Write(ctx, tx, e, access.ActionFirstAccount, "employee:"+e.ID, nil)
	})
	if err != nil {
		return client.Employee{}, "", err
	}
	return e, hash, s.directory.Reload(ctx)
}

// passwordHash makes the hash before the transaction: it takes long.
func (s *Staff) passwordHash(ctx context.Context, by client.Employee, id string, in client.EmployeeInput) (string, error) {
	if in.Password == nil {
		return "", nil
	}
	login := ""
	switch {
	case in.Login != nil:
		login = *in.Login
	case id != "":
		e, err := s.directory.cfg.Store.Employee(ctx, id)
		if err != nil {
			return "", err
		}
		login = e.Login
	}
	if err := access.StrongPassword(*in.Password, login); err != nil {
		return "", err
	}
	return s.passwords.Hash(ctx, by.ID, *in.Password)
}

func (s *Staff) changeEmployee(ctx context.Context, tx *store.Tx, by client.Employee, id string, in client.EmployeeInput, hash string) (client.Employee, error) {
	admins, err := tx.Admins()
	if err != nil {
		return client.Employee{}, err
	}
	was := client.Employee{Role: client.RoleOperator, Active: true}
	if id != "" {
		if was, err = tx.Employee(id); err != nil {
			return client.Employee{}, err
		}
		if err := tx.CheckRecord(ctx, employeeRecord(id), was.ETag); err != nil {
			return client.Employee{}, err
		}
	}
	e := was
	if id == "" {
		e.ID = s.directory.cfg.NewID()
	}
	assign(&e.Name, in.Name)
	assign(&e.Login, in.Login)
	assign(&e.Extension, in.Extension)
	if in.Role != nil {
		e.Role = *in.Role
	}
	if in.Active != nil {
		e.Active = *in.Active
	}
	if err := validEmployee(e, in); err != nil {
		return client.Employee{}, err
	}
	if err := mayChange(tx, by, was, e); err != nil {
		return client.Employee{}, err
	}
	e.ETag = store.EmployeeTag(e)
	if err := tx.NoteChange(employeeRecord(e.ID), by); err != nil {
		return client.Employee{}, err
	}
	if err := s.writeEmployee(tx, by, e, in, hash, was.Active != e.Active); err != nil {
		return client.Employee{}, err
	}
	left, err := tx.Admins()
	if err != nil {
		return client.Employee{}, err
	}
	if admins > 0 && left == 0 {
		return client.Employee{}, access.ErrLastAdmin
	}
	if hash != "" || loses(was, e) {
		if _, err := tx.EndSessionsOf(e.ID, ""); err != nil {
			return client.Employee{}, err
		}
	}
	return e, s.auditEmployee(ctx, tx, by, was, e, hash != "")
}

// loses tells whether a change takes from somebody what their open sessions still have: the account,
// the login, or rights. Whoever gains rights goes on with the sessions there are.
func loses(was, now client.Employee) bool {
	return was.Active && !now.Active || was.Login != "" && now.Login == "" || !access.AtLeast(now.Role, was.Role)
}

// mayChange asks for the present role of whoever changes: it may have been lowered since the request
// was let in. Nobody is the server's own machine, which may all.
func mayChange(tx *store.Tx, by, was, e client.Employee) error {
	if by.ID == "" {
		return nil
	}
	now, err := tx.Employee(by.ID)
	if errors.Is(err, store.ErrNotFound) {
		return access.ErrRole
	}
	if err != nil {
		return err
	}
	return errors.Join(access.MayTouch(now, was), access.MayGive(now, e.Role))
}

func (s *Staff) writeEmployee(tx *store.Tx, by, e client.Employee, in client.EmployeeInput, hash string, switched bool) error {
	if err := tx.SaveEmployee(e, hash); err != nil {
		return err
	}
	if in.Extension == nil && !switched {
		return nil
	}
	all, err := tx.Integrations()
	if err != nil || len(all) == 0 {
		return err
	}
	for _, i := range all {
		if !switched {
			break
		}
		if err := tx.MarkAddressbook(i.ID); err != nil { // the PBX's book names whom to ring
			return err
		}
	}
	if in.Extension == nil {
		return nil
	}
	first := firstActive(all)
	had, err := tx.Extensions(first)
	if err != nil {
		return err
	}
	if err := tx.PutExtension(first, client.ExtensionRow{EmployeeID: e.ID, Extension: e.Extension}); err != nil {
		return err
	}
	return s.noteMoved(tx, by, first, had)
}

// firstActive is the PBX whose table has employees' own extensions: the first that is active, or, where
// none is, the first.
func firstActive(all []store.Integration) string {
	at := slices.IndexFunc(all, func(i store.Integration) bool { return i.Active })
	return all[max(at, 0)].ID
}

// noteMoved notes who changed the table of extensions, and with it those whose extension it took.
func (s *Staff) noteMoved(tx *store.Tx, by client.Employee, integrationID string, had []client.ExtensionRow) error {
	now, err := tx.Extensions(integrationID)
	if err != nil {
		return err
	}
	var changed []client.ExtensionRow
	for _, row := range append(slices.Clone(had), now...) {
		if !slices.Contains(had, row) || !slices.Contains(now, row) {
			changed = append(changed, row)
		}
	}
	if len(changed) == 0 {
		return nil
	}
	return s.directory.noteExtensions(tx, by, integrationID, changed)
}

// auditEmployee notes each thing that changed by its own word; what a field was and is stands in the
// audit for roles alone.
func (s *Staff) auditEmployee(ctx context.Context, tx *store.Tx, by, was, e client.Employee, password bool) error {
	target := "employee:" + e.ID
	if was.ID == "" {
		return s.directory.cfg.Audit.Write(ctx, tx, by, access.ActionAccountCreate, target, map[string]string{"role": string(e.Role), "login": e.Login})
	}
	var changed []string
	for _, f := range []struct{ name, from, to string }{
		{"name", was.Name, e.Name},
		{"login", was.Login, e.Login},
		{"extension", was.Extension, e.Extension},
	} {
		if f.from != f.to {
			changed = append(changed, f.name)
		}
	}
	for _, deed := range []struct {
		done   bool
		action string
		detail map[string]string
	}{
		{len(changed) > 0, access.ActionAccountChange, map[string]string{"fields": strings.Join(changed, ",")}},
		{was.Role != e.Role, access.ActionRole, map[string]string{"from": string(was.Role), "to": string(e.Role)}},
		{password, access.ActionPassword, nil},
		{was.Active && !e.Active, access.ActionAccountOff, nil},
		{!was.Active && e.Active, access.ActionAccountOn, nil},
	} {
		if !deed.done {
			continue
		}
		if err := s.directory.cfg.Audit.Write(ctx, tx, by, deed.action, target, deed.detail); err != nil {
			return err
		}
	}
	return nil
}

func validEmployee(e client.Employee, in client.EmployeeInput) error {
	bad := &crm.Invalid{}
	if plaintext.Line(e.Name) == "" {
		bad.Add("name", texts.Of("fault.empty"))
	}
	if in.Name != nil && plaintext.Odd(e.Name) {
		bad.Add("name", texts.Of("fault.control_characters"))
	}
	if in.Login != nil && plaintext.Odd(e.Login) {
		bad.Add("login", texts.Of("fault.control_characters"))
	}
	if !access.Known(e.Role) {
		bad.Add("role", texts.Of("fault.one_of", texts.Args{"values": "operator, manager, accountant, director, admin"}))
	}
	if in.Extension != nil && strings.Trim(e.Extension, "0123456789") != "" {
		bad.Add("extension", texts.Of("fault.digits"))
	}
	return bad.OrNil()
}
