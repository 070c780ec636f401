// Package staff is who works at a practice PBX, and what a number that somebody dials means there.
package staff

import (
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Employee is one person at the practice PBX.
type Employee struct {
	Extension, Name, Department, Position string
	// UserID is the PBX's own number for him, where the kind has numbers for people.
	UserID int64
	// Mobile is his own telephone, to which calls may be forwarded; digits with the country code.
	Mobile string
	// NoEmail leaves e-mail, department and position empty, as real PBXs do for some.
	NoEmail bool
}

// Config is the cast of a kind of PBX.
type Config struct {
	// People work here; Group is the internal number of the only group and Members are its
	// extensions (the first of People if none of them is there).
	People  []Employee
	Group   string
	Members []string
	// Make returns a person for one more extension, who only fills a day.
	Make func(extension string) Employee
	// Own reads the kind's own address of an extension, such as its device's; nil if there is none.
	Own func(number string) (extension string, ok bool)
}

// Staff is who works at one PBX. A day may add people to it.
type Staff struct {
	config Config

	mu     sync.Mutex // guards what follows
	people []Employee
	group  []string // extensions of the group's members
}

// Destination is who rings: employees, perhaps as a group, or one outside number.
type Destination struct {
	Extensions []string
	Group      string
	Outside    string
}

// groupSize is how many people a group has whose members are not there.
const groupSize = 3

// New returns the staff of a PBX.
func New(c Config) *Staff {
	s := &Staff{config: c, people: slices.Clone(c.People)}
	for _, e := range s.people {
		if slices.Contains(c.Members, e.Extension) {
			s.group = append(s.group, e.Extension)
		}
	}
	if len(s.group) == 0 {
		for _, e := range s.people[:min(groupSize, len(s.people))] {
			s.group = append(s.group, e.Extension)
		}
	}
	return s
}

// All returns everybody.
func (s *Staff) All() []Employee {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.people)
}

// Ensure makes them at least n people, from extension 106 on.
func (s *Staff) Ensure(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for next := 106; len(s.people) < n && next < 900; next++ {
		extension := strconv.Itoa(next)
		if !slices.ContainsFunc(s.people, func(e Employee) bool { return e.Extension == extension }) {
			s.people = append(s.people, s.config.Make(extension))
		}
	}
}

// Group is the internal number of the only group.
func (s *Staff) Group() string { return s.config.Group }

// Members are the extensions of the group.
func (s *Staff) Members() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.group)
}

// Employee finds who has an extension.
func (s *Staff) Employee(extension string) (Employee, bool) {
	return s.find(func(e Employee) bool { return e.Extension == extension })
}

// Owner finds the employee of an extension, an own address or a mobile.
func (s *Staff) Owner(value string) (Employee, bool) {
	if e, ok := s.Employee(value); ok {
		return e, true
	}
	if extension, ok := s.own(value); ok {
		return s.Employee(extension)
	}
	return s.find(func(e Employee) bool { return e.Mobile != "" && e.Mobile == value })
}

func (s *Staff) find(is func(Employee) bool) (Employee, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.people, is)
	if i < 0 {
		return Employee{}, false
	}
	return s.people[i], true
}

func (s *Staff) own(number string) (string, bool) {
	if s.config.Own == nil {
		return "", false
	}
	return s.config.Own(number)
}

// Resolve reads a number that a person or a command dialled.
func (s *Staff) Resolve(number string) (Destination, bool) {
	if number == s.config.Group && number != "" {
		return Destination{Extensions: s.Members(), Group: number}, true
	}
	if e, ok := s.Employee(number); ok {
		return Destination{Extensions: []string{e.Extension}}, true
	}
	if extension, ok := s.own(number); ok {
		if _, ok := s.Employee(extension); ok {
			return Destination{Extensions: []string{extension}}, true
		}
	}
	if digits := Digits(number); len(digits) >= 5 && len(digits) <= 15 {
		return Destination{Outside: digits}, true
	}
	return Destination{}, false
}

// Digits writes an outside number as digits with the country code. "" is no number, such as an
// address with letters before an @.
func Digits(s string) string {
	if strings.Contains(s, "@") || strings.HasPrefix(strings.ToLower(strings.TrimSpace(s)), "sip:") {
		return ""
	}
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
	switch {
	case strings.HasPrefix(strings.TrimSpace(s), "+"):
		return digits
	case len(digits) == 11 && digits[0] == '8':
		return "7" + digits[1:]
	case len(digits) > 11 && strings.HasPrefix(digits, "810"):
		return digits[3:]
	case len(digits) == 10 && digits[0] == '9':
		return "7" + digits
	}
	return digits
}
