package itoolabs

import (
	"strconv"
	"strings"

	"dozvon/app/practice/staff"
)

// GroupExtension is the internal number of the only group; its telephones ring at once.
const GroupExtension = "700"

const (
	groupName  = "Отдел записи"
	groupLogin = "g_0f0e0d0c-0000-4000-8000-000000000001"
	tenant     = "school.example"
)

// Lines are our numbers, digits with the country code. All numbers here are fictional.
func Lines() []string { return []string{"74950000030", "74950000031"} }

// logins are those of the usual cast; whoever else works here is u and his extension.
var logins = map[string]string{"701": "anna", "702": "boris", "703": "vera", "704": "gleb", "705": "darya"}

// people are the usual cast, never written to. 704 has no direct number.
var people = []staff.Employee{
	member("701", "Анна Киреева"), member("702", "Борис Борисов"), member("703", "Вера Лебедева"),
	{Extension: "704", Name: "Глеб Соколов", NoEmail: true},
	member("705", "Дарья Миронова"),
}

// extraNames are for operators beyond the cast, who only fill a day.
var extraNames = []string{"Ева Данилова", "Захар Жуков", "Лидия Климова", "Олег Носов"}

func member(extension, name string) staff.Employee {
	return staff.Employee{Extension: extension, Name: name, Mobile: "79010007" + extension}
}

func extraMember(extension string) staff.Employee {
	n, _ := strconv.Atoi(extension) // the staff's extensions are digits
	return member(extension, extraNames[n%len(extraNames)])
}

// directory is who works here, and by what login.
type directory struct{ *staff.Staff }

func newDirectory(c Config) *directory {
	everybody := c.Employees
	if len(everybody) == 0 {
		everybody = people
	}
	var members []string
	for _, e := range everybody[:min(3, len(everybody))] {
		members = append(members, e.Extension)
	}
	d := &directory{staff.New(staff.Config{People: everybody, Group: GroupExtension, Members: members, Make: extraMember})}
	d.Ensure(c.Operators)
	return d
}

// Login is what the PBX calls the employee of an extension.
func Login(extension string) string {
	if login, ok := logins[extension]; ok {
		return login
	}
	return "u" + extension
}

// user finds an employee by login, with the tenant or without, by extension, or by his number.
func (d *directory) user(text string) (staff.Employee, bool) {
	login, _, _ := strings.Cut(text, "@")
	for _, e := range d.All() {
		if strings.EqualFold(login, Login(e.Extension)) || text == e.Extension || e.Mobile != "" && staff.Digits(text) == e.Mobile {
			return e, true
		}
	}
	return staff.Employee{}, false
}

// spelled is an outside number as the events spell it.
func (c Config) spelled(number string) string {
	rest, russian := strings.CutPrefix(number, "7")
	switch {
	case number == "":
		return "anonymous"
	case c.Numbers == NumbersPlus:
		return "+" + number
	case c.Numbers == NumbersEight && russian && len(rest) == 10:
		return "8" + rest
	}
	return number
}
