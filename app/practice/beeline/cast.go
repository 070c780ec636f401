package beeline

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"dozvon/app/practice/beeline/portal"
	"dozvon/app/practice/beeline/xsi"
	"dozvon/app/practice/staff"
)

// Internal numbers that are nobody's.
const (
	// GroupExtension is the internal number of the only group; its telephones ring at once.
	GroupExtension = "700"
	// QueueExtension is the call centre's, which rings the same people one after another.
	QueueExtension = "710"
	menuExtension  = "720"

	groupName = "Учебная часть"
	queueName = "Колл-центр"
	menuName  = "Меню"

	// companyID is whose a subscription without a pattern is.
	companyID = "400100"
)

// Lines are our multichannel numbers, digits with the country code. All numbers here are fictional.
func Lines() []string { return []string{"79610000010", "79610000020"} }

const (
	// usualFirst is the extension of the first of the usual cast, which has usualPeople; the scenarios
	// name their people by it.
	usualFirst  = 101
	usualPeople = 5
)

// people are the usual cast, with extensions from first on. The third has no SIM.
func people(first int) []staff.Employee {
	list := []staff.Employee{
		{Name: "Киреева Анна Сергеевна", Department: "Учебная часть"},
		{Name: "Борисов Борис Петрович", Department: "Учебная часть"},
		{Name: "Лебедева Ольга Игоревна", Department: "Бухгалтерия", NoEmail: true},
		{Name: "Соколов Павел Андреевич", Department: "Автодром"},
		{Name: "Миронова Дарья Олеговна", Department: "Учебная часть"},
	}
	for i := range list {
		list[i].Extension = strconv.Itoa(first + i)
		if i != 2 {
			list[i].Mobile = mobileOf(list[i].Extension)
		}
	}
	return list
}

// mobileOf is the number of an extension's SIM.
func mobileOf(extension string) string { return fmt.Sprintf("7960000%04s", extension) }

// extraNames are for operators beyond the cast, who only fill a day.
var extraNames = []string{
	"Алексеева Вера Павловна", "Власов Глеб Ильич", "Данилова Ева Романовна",
	"Жуков Захар Ильич", "Климова Лидия Марковна", "Носов Олег Петрович",
}

// extraMember is an operator beyond the cast.
func extraMember(extension string) staff.Employee {
	n, _ := strconv.Atoi(extension) // the staff's extensions are digits
	return staff.Employee{
		Extension: extension, Name: extraNames[n%len(extraNames)], Department: "Учебная часть", Mobile: mobileOf(extension),
	}
}

// directory is who has which id at this PBX.
type directory struct {
	*staff.Staff
	domain, sipDomain string
}

func newDirectory(c Config) *directory {
	d := &directory{domain: "msk.ims.mnc099.mcc250.3gppnetwork.org", sipDomain: "ip.beeline.ru"}
	if c.Domains == DomainsOld {
		d.domain, d.sipDomain = "mpbx.sip.beeline.ru", "mpbx.sip.beeline.ru"
	}
	everybody := c.Employees
	if len(everybody) == 0 {
		everybody = people(cmp.Or(c.FirstExtension, usualFirst))
	}
	var members []string
	for _, e := range everybody[:min(3, len(everybody))] {
		members = append(members, e.Extension)
	}
	d.Staff = staff.New(staff.Config{People: everybody, Group: GroupExtension, Members: members, Make: extraMember})
	d.Ensure(c.Operators)
	return d
}

// userID is the id of an abonent: his SIM's number, or that of his SIP account.
func (d *directory) userID(e staff.Employee) string {
	if e.Mobile == "" {
		return "SIP0000PU0" + e.Extension + "@" + d.sipDomain
	}
	return portal.Ten(e.Mobile) + "@" + d.domain
}

func (d *directory) userIDOf(extension string) string {
	e, _ := d.Employee(extension)
	return d.userID(e)
}

// LineID is the id of a multichannel number, and the stem of the ids of what stands behind it.
func (d *directory) LineID(line string) string  { return portal.Ten(line) + "@" + d.domain }
func (d *directory) menuID(line string) string  { return portal.Ten(line) + "_vxml_1@" + d.domain }
func (d *directory) groupID(line string) string { return portal.Ten(line) + "_hg_1@" + d.domain }
func (d *directory) queueID() string            { return "MPBX_SYS_" + companyID + "_CC1@" + d.domain }

// abonent finds an employee by a pattern: his userId, his number or his extension.
func (d *directory) abonent(pattern string) (staff.Employee, bool) {
	for _, e := range d.All() {
		if pattern == d.userID(e) || pattern == e.Extension || e.Mobile != "" && staff.Digits(pattern) == e.Mobile {
			return e, true
		}
	}
	return staff.Employee{}, false
}

// HasExtension reports whether somebody has an extension.
func (d *directory) HasExtension(extension string) bool {
	_, ok := d.Employee(extension)
	return ok
}

// ExtensionOf finds an abonent by a pattern.
func (d *directory) ExtensionOf(pattern string) (string, bool) {
	e, ok := d.abonent(pattern)
	return e.Extension, ok
}

// AbonentInfo is the employee of an extension as the portal writes him.
func (d *directory) AbonentInfo(extension string) any {
	e, _ := d.Employee(extension)
	return d.abonentOf(e, portal.Ten)
}

// Line finds a multichannel number by a pattern: its id or itself.
func (d *directory) Line(pattern string) (string, bool) {
	for _, line := range Lines() {
		if pattern == d.LineID(line) || staff.Digits(pattern) == line {
			return line, true
		}
	}
	return "", false
}

// colleague is an employee as a party.
func (d *directory) colleague(extension string) xsi.Party {
	e, _ := d.Employee(extension)
	last, first := names(e)
	return xsi.Party{
		Name: last + " " + first, Extension: extension, UserID: d.userID(e), DN: e.Mobile, CallType: xsi.Group,
	}
}

// lineParty is a multichannel number as the last redirection of a call: its name is the number twice.
func (d *directory) lineParty(line string) xsi.Party {
	return xsi.Party{
		Name: portal.Ten(line) + " " + portal.Ten(line), Number: line, UserID: d.LineID(line), CallType: xsi.Group,
	}
}

// resolve reads what somebody dials: an employee, the group, the call centre, or an outside number.
func (d *directory) resolve(number string) (staff.Destination, bool) {
	if number == QueueExtension {
		return staff.Destination{Extensions: d.Members(), Group: QueueExtension}, true
	}
	if e, ok := d.abonent(number); ok {
		return staff.Destination{Extensions: []string{e.Extension}}, true
	}
	return d.Resolve(number)
}

// names parts "Last First Patronymic".
func names(e staff.Employee) (last, first string) {
	parts := strings.Fields(e.Name)
	parts = slices.Concat(parts, []string{"", ""})
	return parts[0], parts[1]
}
