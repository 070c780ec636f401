package mango

import (
	"context"

	"dozvon/app/mango"
	"dozvon/app/server/pbx"
)

// users reads the PBX's employees; automatic when nobody waits for it.
func (p *Provider) users(ctx context.Context, automatic bool) ([]mango.User, error) {
	var answer mango.UsersAnswer
	err := p.do(ctx, request{
		path: mango.PathUsers, in: mango.UsersRequest{ExtFields: []string{"general.user_id", "general.sips", "groups"}}, out: &answer, needs: "users",
		limit: p.limits.users, harmless: true, automatic: automatic, background: automatic,
	})
	return answer.Users, err
}

// Extensions lists the PBX's employees that have an internal number.
func (p *Provider) Extensions(ctx context.Context) ([]pbx.Extension, error) {
	users, err := p.users(ctx, false)
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
func (p *Provider) Lines(ctx context.Context) ([]pbx.Line, error) {
	var answer mango.LinesAnswer
	if err := p.do(ctx, request{path: mango.PathLines, in: struct{}{}, out: &answer, needs: "lines", harmless: true}); err != nil {
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
