package model

import (
	"slices"

	"dozvon/client"
)

// roles in ascending order of rights.
var roles = []client.Role{client.RoleOperator, client.RoleManager, client.RoleAccountant, client.RoleDirector, client.RoleAdmin}

// Roles lists the roles in ascending order of rights.
func Roles() []client.Role { return slices.Clone(roles) }

// MayIntegrate tells who sees the telephony's settings and health: «Бухгалтер и выше».
func MayIntegrate(role client.Role) bool { return atLeast(role, client.RoleAccountant) }

// MayReport tells who sees the reports.
func MayReport(role client.Role) bool { return atLeast(role, client.RoleManager) }

// MayManage tells who gives out accounts and roles.
func MayManage(role client.Role) bool { return atLeast(role, client.RoleDirector) }

// MayTouch tells whether somebody may change the account, role, password or sessions of another:
// nobody reaches above their own role.
func MayTouch(own, theirs client.Role) bool { return MayManage(own) && atLeast(own, theirs) }

// RolesUpTo are the roles that somebody with a role may give, in ascending order of rights.
func RolesUpTo(own client.Role) []client.Role {
	return slices.Clone(roles[:slices.Index(roles, own)+1])
}

func atLeast(role, least client.Role) bool {
	return slices.Index(roles, role) >= slices.Index(roles, least)
}

// MayEditNote tells who changes the text of a note: its author, and managers.
func MayEditNote(me client.Employee, entry client.FeedEntry) bool {
	if entry.Type != client.EntryNote {
		return false
	}
	return entry.Employee != nil && entry.Employee.ID == me.ID || atLeast(me.Role, client.RoleManager)
}
