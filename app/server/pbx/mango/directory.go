package mango

import (
	"context"
	"sync"
	"time"

	"dozvon/app/mango"
	"dozvon/app/server/pbx"
)

// rosterKept is how long the list of employees is good enough for the contacts' responsible ones.
const rosterKept = 10 * time.Minute

// directory reads who and what the PBX has.
type directory struct {
	api *client

	mu       sync.Mutex // guards what follows
	staff    roster
	staffAt  time.Time
	groups   map[string]bool // by extension
	groupsAt time.Time
}

// groupsKept is how long a group that is not in the list may have been made since.
const groupsKept = 30 * time.Second

// hasGroup looks into the list of groups, which is read again for one that is not in it.
func (d *directory) hasGroup(ctx context.Context, group string) (bool, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	age := d.api.now().Sub(d.groupsAt)
	if d.groups != nil && (age < groupsKept || age < rosterKept && d.groups[group]) {
		return d.groups[group], nil
	}
	var answer mango.GroupsAnswer
	if err := d.api.do(ctx, request{path: mango.PathGroups, in: mango.GroupsRequest{}, out: &answer, needs: "groups", harmless: true}); err != nil {
		return false, err
	}
	d.groups, d.groupsAt = map[string]bool{}, d.api.now()
	for _, g := range answer.Groups {
		d.groups[string(g.Extension)] = true
	}
	return d.groups[group], nil
}

// users reads the PBX's employees; automatic when nobody waits for it.
func (d *directory) users(ctx context.Context, automatic bool) ([]mango.User, error) {
	var answer mango.UsersAnswer
	err := d.api.do(ctx, request{
		path: mango.PathUsers, in: mango.UsersRequest{ExtFields: []string{"general.user_id", "general.sips", "groups"}}, out: &answer, needs: "users",
		limit: d.api.limits.users, harmless: true, automatic: automatic, background: automatic,
	})
	return answer.Users, err
}

// Extensions lists the PBX's employees that have an internal number.
func (d *directory) Extensions(ctx context.Context) ([]pbx.Extension, error) {
	users, err := d.users(ctx, false)
	if err != nil {
		return nil, err
	}
	all := []pbx.Extension{}
	for _, u := range users {
		if u.Telephony.Extension != "" {
			all = append(all, pbx.Extension{Number: string(u.Telephony.Extension), Name: string(u.General.Name)})
		}
	}
	return all, nil
}

// Lines lists the PBX's trunk lines.
func (d *directory) Lines(ctx context.Context) ([]pbx.Line, error) {
	var answer mango.LinesAnswer
	if err := d.api.do(ctx, request{path: mango.PathLines, in: struct{}{}, out: &answer, needs: "lines", harmless: true}); err != nil {
		return nil, err
	}
	all := make([]pbx.Line, 0, len(answer.Lines))
	for _, l := range answer.Lines {
		name := l.Name
		if name == "" {
			name = l.Comment
		}
		if name == "" {
			name = l.SchemaName
		}
		all = append(all, pbx.Line{Number: lineOf(string(l.Number)), Name: string(name)})
	}
	return all, nil
}

// roster is who is who at the PBX: its statistics and its address book name employees by user_id.
type roster struct {
	extension map[mango.Int]string // user_id → extension
	user      map[string]mango.Int // extension → user_id
	device    map[string]string    // device → extension
}

func newRoster(users []mango.User) roster {
	r := roster{extension: map[mango.Int]string{}, user: map[string]mango.Int{}, device: map[string]string{}}
	for _, u := range users {
		ext := string(u.Telephony.Extension)
		if ext == "" {
			continue
		}
		if u.General.UserID != 0 {
			r.extension[u.General.UserID] = ext
			r.user[ext] = u.General.UserID
		}
		for _, n := range u.Telephony.Numbers {
			r.device[string(n.Number)] = ext
		}
		for _, s := range u.General.SIPs {
			r.device["sip:"+string(s.Number)] = ext
		}
	}
	return r
}

// roster is read again now and then: the address book names the responsible employee by user_id.
func (d *directory) roster(ctx context.Context) (roster, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.api.now().Sub(d.staffAt) < rosterKept && d.staff.user != nil {
		return d.staff, nil
	}
	users, err := d.users(ctx, true)
	if err != nil {
		return roster{}, err
	}
	d.staff, d.staffAt = newRoster(users), d.api.now()
	return d.staff, nil
}
