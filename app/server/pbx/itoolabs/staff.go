package itoolabs

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"dozvon/app/itoolabs"
	"dozvon/app/server/pbx"
)

// staff is the PBX's own list of employees, kept in memory because events and answers cannot wait for
// it: events name an employee by login, commands and answers too, and we know him by his extension.
type staff struct {
	shared pbx.Shared // nil: this process is alone
	now    func() time.Time

	mu      sync.Mutex // guards what follows
	roster  roster
	lookAt  time.Time // when what the other nodes know was looked at
	looking bool
}

// roster is one state of the list. It is not changed.
type roster struct {
	byLogin map[string]itoolabs.Account // by itoolabs.Login
	byExt   map[string]string           // extension → login as the PBX spells it
}

const (
	// staffName is under what the list is shared.
	staffName = "staff"
	// staffWait bounds how long it is looked up: a request of the PBX waits meanwhile.
	staffWait = 200 * time.Millisecond
	// lookEvery bounds how often somebody unknown lets us look whether another node has read the list.
	lookEvery = 5 * time.Second
)

func newRoster(all []itoolabs.Account) roster {
	r := roster{byLogin: map[string]itoolabs.Account{}, byExt: map[string]string{}}
	for _, a := range all {
		a.Ext = extension(a.Ext)
		r.byLogin[itoolabs.Login(a.Login)] = a
		if a.Ext != "" {
			r.byExt[a.Ext] = a.Login
		}
	}
	return r
}

// known is the list as it was last seen; a node that has just begun looks at what the others know.
func (s *staff) known() roster {
	s.mu.Lock()
	first := s.lookAt.IsZero()
	s.mu.Unlock()
	if first {
		s.look()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.roster
}

// look reads what the nodes share, at most once in lookEvery.
func (s *staff) look() {
	s.mu.Lock()
	if s.shared == nil || s.looking || !s.lookAt.IsZero() && s.now().Sub(s.lookAt) < lookEvery {
		s.mu.Unlock()
		return
	}
	s.looking = true
	s.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), staffWait)
	defer cancel()
	raw, err := s.shared.Read(ctx, staffName)
	var all []itoolabs.Account
	if err == nil && len(raw) > 0 {
		err = json.Unmarshal(raw, &all)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.looking, s.lookAt = false, s.now()
	if err != nil {
		slog.Warn("the PBX's employees could not be looked up", "err", err)
		return
	}
	if len(all) > 0 {
		s.roster = newRoster(all)
	}
}

// keep takes a list that was read, and shares it.
func (s *staff) keep(ctx context.Context, all []itoolabs.Account) error {
	s.mu.Lock()
	s.roster, s.lookAt = newRoster(all), s.now()
	s.mu.Unlock()
	if s.shared == nil {
		return nil
	}
	raw, err := json.Marshal(all)
	if err != nil {
		return fmt.Errorf("encoding the employees: %w", err)
	}
	if err := s.shared.Change(ctx, staffName, func([]byte) []byte { return raw }); err != nil {
		return fmt.Errorf("sharing the employees: %w", err)
	}
	return nil
}

// byLogin finds an employee by login, also one whom another node has read of a moment ago.
func (s *staff) byLogin(login string) (itoolabs.Account, bool) {
	if a, ok := s.known().byLogin[itoolabs.Login(login)]; ok {
		return a, true
	}
	s.look()
	a, ok := s.known().byLogin[itoolabs.Login(login)]
	return a, ok
}

// readStaff asks the PBX for its employees and keeps them.
func (p *Provider) readStaff(ctx context.Context) ([]itoolabs.Account, error) {
	all, err := p.accounts(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the PBX's employees: %w", err)
	}
	return all, p.staff.keep(ctx, all)
}

// Extensions lists the PBX's employees that have an internal number.
func (p *Provider) Extensions(ctx context.Context) ([]pbx.Extension, error) {
	accounts, err := p.readStaff(ctx)
	if err != nil {
		return nil, err
	}
	all := []pbx.Extension{}
	for _, a := range accounts {
		if ext := extension(a.Ext); ext != "" {
			all = append(all, pbx.Extension{Number: ext, Name: a.Name, ID: a.Login, Phone: a.Telnum})
		}
	}
	return all, nil
}
