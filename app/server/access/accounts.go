package access

import (
	"errors"

	"dozvon/client"
)

var (
	// ErrRole says that this is for directors.
	ErrRole = errors.New("this needs a higher role")
	// ErrAbove says that the account, or the role to be given, is above the role of whoever asks.
	ErrAbove = errors.New("the account or role is above one's own role")
	// ErrLastAdmin says that nobody could administer any more.
	ErrLastAdmin = errors.New("the last active administrator must stay")
	// ErrHasAccounts says that somebody has an account, so there is no first one to be made any more.
	ErrHasAccounts = errors.New("somebody has an account already")
	// ErrOwnPassword says that one's own password is changed only by telling the present one.
	ErrOwnPassword = errors.New("one's own password needs the present one")
)

// MayTouch says whether somebody may see to another's account: role, password, login, sessions,
// switching on and off. ErrRole, ErrAbove.
func MayTouch(by, owner client.Employee) error {
	switch {
	case !by.Active || !AtLeast(by.Role, client.RoleDirector):
		return ErrRole
	case !AtLeast(by.Role, owner.Role):
		return ErrAbove
	}
	return nil
}

// MayGive says whether somebody may give a role; ErrRole, ErrAbove.
func MayGive(by client.Employee, role client.Role) error {
	return MayTouch(by, client.Employee{Role: role})
}
