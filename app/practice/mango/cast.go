package mango

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"dozvon/app/mango"
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

// Employee is one person at the practice PBX.
type Employee struct {
	Extension, Name, Department, Position string
	// UserID is general.user_id, which record/added and the statistics name.
	UserID int64
	// Mobile is where calls are forwarded to in the scenario forwarded-mobile; digits with the country code.
	Mobile string
	// NoEmail leaves email, department and position null, as the live PBX does for some.
	NoEmail bool
}

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
func dialledLines() []line { return lines[:len(lines)-1] }

func castMember(extension, name, department, position string) Employee {
	n, _ := strconv.ParseInt(extension, 10, 64) // the cast's extensions are digits
	return Employee{
		Extension: extension, Name: name, Department: department, Position: position,
		UserID: 300040000 + n, Mobile: fmt.Sprintf("7900000%04d", 1000+n),
	}
}

// extras returns operators with extensions from 106 on, enough to make have into want people.
func extras(have []Employee, want int) []Employee {
	var more []Employee
	for n := 106; len(have)+len(more) < want && n < 900; n++ {
		extension := strconv.Itoa(n)
		if slices.ContainsFunc(have, func(e Employee) bool { return e.Extension == extension }) {
			continue
		}
		name := extraNames[n%len(extraNames)]
		more = append(more, castMember(extension, name, "Учебная часть", "Оператор"))
	}
	return more
}

// Employees returns the people of a PBX whose Config names none.
func Employees() []Employee { return slices.Clone(cast) }

// destination is who rings: employees, perhaps as a group, or one outside number.
type destination struct {
	extensions []string
	group      string
	outside    string
}

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
