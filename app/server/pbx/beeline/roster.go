package beeline

import (
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"sync"
	"time"

	"dozvon/app/beeline"
	"dozvon/app/phone"
	"dozvon/app/server/pbx"
)

// person is an employee as events and commands name them.
type person struct {
	UserID    string       `json:"user_id"`
	Extension string       `json:"extension"`
	Name      string       `json:"name,omitempty"`
	Phone     phone.Number `json:"phone,omitempty"` // the SIM
}

// directory is who is who at the PBX.
type directory struct {
	People []person `json:"people"`
	// Lines are the userIds of multichannel numbers, by the number.
	Lines map[string]phone.Number `json:"lines"`
}

// roster keeps the directory in memory and, for other nodes and for a restart, where they all read it.
type roster struct {
	shared pbx.Shared
	now    func() time.Time

	// reading lets one look up the shared one at a time: who asks meanwhile waits for what is found. Otherwise of two
	// events right after a start one would name nobody.
	reading sync.Mutex

	mu     sync.Mutex // guards what follows
	known  bool
	dir    directory
	byID   map[string]person
	byExt  map[string]person
	byCell map[phone.Number]person
	looked time.Time // when the shared one was read last
}

const (
	// rosterName is under what the directory is shared.
	rosterName = "directory"
	// rosterWait bounds how long it is looked up.
	rosterWait = 3 * time.Second
	// lookEvery bounds how often an unknown abonent has it looked up: another node may have read it.
	lookEvery = 10 * time.Second
)

func (r *roster) set(d directory) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.known, r.dir = true, d
	r.byID, r.byExt, r.byCell = map[string]person{}, map[string]person{}, map[phone.Number]person{}
	for _, who := range d.People {
		r.byID[who.UserID] = who
		r.byExt[who.Extension] = who
		if who.Phone != "" {
			r.byCell[who.Phone] = who
		}
	}
}

// save keeps a directory that was read.
func (r *roster) save(ctx context.Context, d directory) error {
	r.set(d)
	if r.shared == nil {
		return nil
	}
	raw, err := json.Marshal(d)
	if err != nil {
		return err
	}
	return r.shared.Change(ctx, rosterName, func([]byte) []byte { return raw })
}

// look reads what the nodes know together: at the first event after a start, and when somebody is named
// whom this one does not know.
func (r *roster) look() {
	r.reading.Lock()
	defer r.reading.Unlock()
	if !r.due() {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), rosterWait)
	defer cancel()
	raw, err := r.shared.Read(ctx, rosterName)
	var d directory
	if err == nil && len(raw) > 0 {
		err = json.Unmarshal(raw, &d)
	}
	if err != nil {
		slog.Warn("the PBX's directory is not known", "err", err)
		return
	}
	if len(raw) > 0 {
		r.set(d)
	}
}

// due reports whether the shared one may be read now, and notes that it is.
func (r *roster) due() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	if r.shared == nil || !r.looked.IsZero() && now.Sub(r.looked) < lookEvery {
		return false
	}
	r.looked = now
	return true
}

func (r *roster) isKnown() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.known
}

// find tells who or what a userId is.
func (r *roster) find(userID string) (who person, line phone.Number, ok bool) {
	if !r.isKnown() {
		r.look()
	}
	if who, line, ok = r.get(userID); ok {
		return who, line, ok
	}
	r.look()
	return r.get(userID)
}

func (r *roster) get(userID string) (person, phone.Number, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if who, ok := r.byID[userID]; ok {
		return who, "", true
	}
	line, ok := r.dir.Lines[userID]
	return person{}, line, ok
}

// withExtension is whose an extension is, withPhone whose a mobile is.
func (r *roster) withExtension(ext string) (person, bool) {
	if !r.isKnown() {
		r.look()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	who, ok := r.byExt[ext]
	return who, ok
}

func (r *roster) withPhone(n phone.Number) (person, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	who, ok := r.byCell[n]
	return who, ok
}

// personOf reads an abonent. Who has no extension is known by the local part of their userId, as they
// are before the directory is read.
func personOf(a beeline.Abonent) person {
	ext := strings.TrimSpace(string(a.Extension))
	if ext == "" {
		ext = beeline.LocalPart(string(a.UserID))
	}
	return person{UserID: string(a.UserID), Extension: ext, Name: a.Name(), Phone: numberOf(string(a.Phone))}
}
