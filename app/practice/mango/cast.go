package mango

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"dozvon/app/mango"
	"dozvon/app/practice/staff"
)

// Product is the number of this PBX inside ids; domain is where its SIP accounts live.
const (
	product = 10045678
	domain  = "vpbx400045678.mangosip.ru"
	// groupID is the group's internal number in the configuration answers.
	groupID   = 10048964
	groupName = "Учебная часть"
)

// GroupExtension is the internal number of the only group.
const GroupExtension = "900"

// SIPLine is the address of the line that is no telephone number; incominglines lists it last.
const SIPLine = "sip:line01@" + domain

// line is one of the numbers that clients dial.
type line struct {
	ID              int64
	Number, Comment string
	Region          string
}

// cast and lines are the whole default cast, never written to. All numbers are fictional.
var (
	cast = []Employee{
		castMember("101", "Киреева Анна Сергеевна", "Учебная часть", "Администратор"),
		castMember("102", "Борисов Борис Петрович", "Учебная часть", "Менеджер"),
		castMember("103", "Лебедева Ольга Игоревна", "Бухгалтерия", "Бухгалтер"),
		castMember("104", "Соколов Павел Андреевич", "Автодром", "Старший инструктор"),
		castMember("105", "Миронова Дарья Олеговна", "Учебная часть", "Директор"),
	}
	lines = []line{
		{300024487, "74951234567", "Основной номер", "2"},
		{300024488, "74957654321", "Реклама", "2"},
		{300024489, "74950000010", "Автодром", "2"},
		{300024490, SIPLine, "SIP-линия", "sip"},
	}
	groupMembers = []string{"101", "102", "103"}
	// extraNames are for operators beyond the cast, who only fill a day.
	extraNames = []string{
		"Алексеева Вера Павловна", "Власов Глеб Ильич", "Данилова Ева Романовна",
		"Жуков Захар Ильич", "Климова Лидия Марковна", "Носов Олег Петрович",
	}
)

// oddEmployee is what Config.Odd adds: an extension with a leading zero, and null where others have text.
var oddEmployee = Employee{
	Extension: "0511", Name: "Стажёр", UserID: 300040511, Mobile: "79000000511", NoEmail: true,
}

// dialledLines are the lines that a plain call may come to.
func dialledLines() []string {
	var numbers []string
	for _, l := range lines[:len(lines)-1] {
		numbers = append(numbers, l.Number)
	}
	return numbers
}

func castMember(extension, name, department, position string) Employee {
	n, _ := strconv.ParseInt(extension, 10, 64) // the cast's extensions are digits
	return Employee{
		Extension: extension, Name: name, Department: department, Position: position,
		UserID: 300040000 + n, Mobile: fmt.Sprintf("7900000%04d", 1000+n),
	}
}

// newStaff are the people of a PBX.
func newStaff(c Config) *staff.Staff {
	people := c.Employees
	if len(people) == 0 {
		people = cast
	}
	if c.Odd {
		people = append(slices.Clone(people), oddEmployee)
	}
	s := staff.New(staff.Config{
		People: people, Group: GroupExtension, Members: groupMembers, Own: deviceOwner, Make: extraMember,
	})
	s.Ensure(operatorsOf(c))
	return s
}

// operatorsOf is how many people there are at least; the odd one is beyond them.
func operatorsOf(c Config) int {
	if c.Odd && c.Operators > 0 {
		return c.Operators + 1
	}
	return c.Operators
}

// extraMember is an operator beyond the cast.
func extraMember(extension string) Employee {
	n, _ := strconv.Atoi(extension) // the staff's extensions are digits
	return castMember(extension, extraNames[n%len(extraNames)], "Учебная часть", "Оператор")
}

// Employees returns the people of a PBX whose Config names none.
func Employees() []Employee { return slices.Clone(cast) }

func device(extension string) mango.Text {
	return mango.Text("sip:user" + extension + "@" + domain)
}

// deviceOwner returns the extension of a device's address.
func deviceOwner(number string) (extension string, ok bool) {
	user, ok := strings.CutPrefix(number, "sip:user")
	if !ok {
		return "", false
	}
	extension, _, _ = strings.Cut(user, "@")
	return extension, true
}
