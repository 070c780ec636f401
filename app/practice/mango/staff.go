package mango

import (
	"slices"
	"sync"

	"dozvon/app/mango"
)

// staff is who works at one PBX. A day may add people to it, so it has a lock of its own.
type staff struct {
	mu     sync.Mutex // guards what follows
	people []Employee
	group  []string // extensions of the group's members
}

func newStaff(c Config) *staff {
	s := &staff{people: slices.Clone(c.Employees)}
	if len(s.people) == 0 {
		s.people = slices.Clone(cast)
	}
	s.people = append(s.people, extras(s.people, c.Operators)...)
	if c.Odd {
		s.people = append(s.people, oddEmployee)
	}
	for _, e := range s.people {
		if slices.Contains(groupMembers, e.Extension) {
			s.group = append(s.group, e.Extension)
		}
	}
	if len(s.group) == 0 {
		for _, e := range s.people[:min(len(groupMembers), len(s.people))] {
			s.group = append(s.group, e.Extension)
		}
	}
	return s
}

// Employees returns the people of this PBX.
func (p *PBX) Employees() []Employee { return p.staff.all() }

func (s *staff) all() []Employee {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.people)
}

// ensure makes them at least n people.
func (s *staff) ensure(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.people = append(s.people, extras(s.people, n)...)
}

func (s *staff) members() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.group)
}

func (s *staff) employee(extension string) (Employee, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.people, func(e Employee) bool { return e.Extension == extension })
	if i < 0 {
		return Employee{}, false
	}
	return s.people[i], true
}

// owner finds the employee of an extension, a device or a mobile.
func (s *staff) owner(value string) (Employee, bool) {
	if e, ok := s.employee(value); ok {
		return e, true
	}
	if extension, ok := deviceOwner(value); ok {
		return s.employee(extension)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.people, func(e Employee) bool { return e.Mobile != "" && e.Mobile == value })
	if i < 0 {
		return Employee{}, false
	}
	return s.people[i], true
}

// resolve reads a number that a person or a command dialled.
func (s *staff) resolve(number string) (destination, bool) {
	if number == GroupExtension {
		return destination{extensions: s.members(), group: GroupExtension}, true
	}
	if e, ok := s.employee(number); ok {
		return destination{extensions: []string{e.Extension}}, true
	}
	if extension, ok := deviceOwner(number); ok {
		if _, ok := s.employee(extension); ok {
			return destination{extensions: []string{extension}}, true
		}
	}
	if digits := mango.Digits(number); len(digits) >= 5 && len(digits) <= 15 {
		return destination{outside: digits}, true
	}
	return destination{}, false
}
