package practice

import (
	"slices"
	"strings"

	"dozvon/app/mango"
)

// Product is the number of this PBX inside ids; domain is where its SIP accounts live.
const (
	product = 10045678
	domain  = "vpbx400045678.mangosip.ru"
	// groupID is the group's internal number in the configuration answers.
	groupID = 10048964
)

// Employee is one person at the practice PBX.
type Employee struct {
	Extension, Name, Department, Position string
	UserID                                int64
}

// employees and lines are the whole cast. All numbers are fictional.
var (
	employees = []Employee{
		{"101", "Киреева Анна Сергеевна", "Учебная часть", "Администратор", 300040101},
		{"102", "Борисов Борис Петрович", "Учебная часть", "Менеджер", 300040102},
		{"103", "Лебедева Ольга Игоревна", "Бухгалтерия", "Бухгалтер", 300040103},
		{"104", "Соколов Павел Андреевич", "Автодром", "Старший инструктор", 300040104},
		{"105", "Миронова Дарья Олеговна", "Учебная часть", "Директор", 300040105},
	}
	lines = []struct{ Number, Comment string }{
		{"74951234567", "Основной номер"},
		{"74957654321", "Реклама"},
		{"74950000010", "Автодром"},
	}
	groupMembers = []string{"101", "102", "103"}
)

// GroupExtension is the internal number of the only group.
const GroupExtension = "900"

// Employees returns the people of the practice PBX.
func Employees() []Employee { return slices.Clone(employees) }

func employee(extension string) (Employee, bool) {
	i := slices.IndexFunc(employees, func(e Employee) bool { return e.Extension == extension })
	if i < 0 {
		return Employee{}, false
	}
	return employees[i], true
}

func device(extension string) mango.Text {
	return mango.Text("sip:user" + extension + "@" + domain)
}

// destination is who rings: employees, perhaps as a group, or one outside number.
type destination struct {
	extensions []string
	group      string
	outside    string
}

// resolve reads a number that a person or a command dialled.
func resolve(number string) (destination, bool) {
	if number == GroupExtension {
		return destination{extensions: groupMembers, group: GroupExtension}, true
	}
	if _, ok := employee(number); ok {
		return destination{extensions: []string{number}}, true
	}
	if user, ok := strings.CutPrefix(number, "sip:user"); ok {
		extension, _, _ := strings.Cut(user, "@")
		if _, ok := employee(extension); ok {
			return destination{extensions: []string{extension}}, true
		}
	}
	if digits := mango.Digits(number); len(digits) >= 5 && len(digits) <= 15 {
		return destination{outside: digits}, true
	}
	return destination{}, false
}
