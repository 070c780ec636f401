// Package cast is who and what the practice PBX of Mango has by itself: its people, its group, its
// lines, and the addresses of its telephones. All numbers are fictional.
package cast

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"dozvon/app/mango"
	"dozvon/app/practice/staff"
)

// Product is the number of this PBX inside ids; Domain is where its SIP accounts live.
const (
	Product = 10045678
	Domain  = "vpbx400045678.mangosip.ru"
	// GroupID is the group's internal number in the configuration answers.
	GroupID   = 10048964
	GroupName = "Учебная часть"
)

// GroupExtension is the internal number of the only group.
const GroupExtension = "900"

// SIPLine is the address of the line that is no telephone number; incominglines lists it last.
const SIPLine = "sip:line01@" + Domain

// Line is one of the numbers that clients dial.
type Line struct {
	ID              int64
	Number, Comment string
	Region          string
}

// people and Lines are the whole default cast, never written to.
var (
	people = []staff.Employee{
		member("101", "Киреева Анна Сергеевна", "Учебная часть", "Администратор"),
		member("102", "Борисов Борис Петрович", "Учебная часть", "Менеджер"),
		member("103", "Лебедева Ольга Игоревна", "Бухгалтерия", "Бухгалтер"),
		member("104", "Соколов Павел Андреевич", "Автодром", "Старший инструктор"),
		member("105", "Миронова Дарья Олеговна", "Учебная часть", "Директор"),
	}
	Lines = []Line{
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

// oddEmployee is what odd adds: an extension with a leading zero, and null where others have text.
var oddEmployee = staff.Employee{
	Extension: "0511", Name: "Стажёр", UserID: 300040511, Mobile: "79000000511", NoEmail: true,
}

// DialledLines are the lines that a plain call may come to.
func DialledLines() []string {
	var numbers []string
	for _, l := range Lines[:len(Lines)-1] {
		numbers = append(numbers, l.Number)
	}
	return numbers
}

func member(extension, name, department, position string) staff.Employee {
	n, _ := strconv.ParseInt(extension, 10, 64) // the cast's extensions are digits
	return staff.Employee{
		Extension: extension, Name: name, Department: department, Position: position,
		UserID: 300040000 + n, Mobile: fmt.Sprintf("7900000%04d", 1000+n),
	}
}

// Staff are the people of a PBX: those given or the usual ones, the odd one if he is wanted, and
// more until there are as many as operators says.
func Staff(given []staff.Employee, operators int, odd bool) *staff.Staff {
	everybody := given
	if len(everybody) == 0 {
		everybody = people
	}
	if odd {
		everybody = append(slices.Clone(everybody), oddEmployee)
	}
	s := staff.New(staff.Config{
		People: everybody, Group: GroupExtension, Members: groupMembers, Own: deviceOwner, Make: extraMember,
	})
	if odd && operators > 0 {
		operators++ // the odd one is beyond them
	}
	s.Ensure(operators)
	return s
}

// extraMember is an operator beyond the cast.
func extraMember(extension string) staff.Employee {
	n, _ := strconv.Atoi(extension) // the staff's extensions are digits
	return member(extension, extraNames[n%len(extraNames)], "Учебная часть", "Оператор")
}

// People returns the usual people.
func People() []staff.Employee { return slices.Clone(people) }

// Device is the address of an extension's telephone.
func Device(extension string) mango.Text {
	return mango.Text("sip:user" + extension + "@" + Domain)
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
