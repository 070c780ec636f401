package imports_test

import (
	"strings"
	"testing"

	"dozvon/app/server/imports"
	"dozvon/app/server/texts"
	"dozvon/client"
)

const (
	googleOld = "Name,Given Name,Additional Name,Family Name,Yomi Name,Given Name Yomi,Name Prefix,Name Suffix,Initials,Nickname,Birthday,Gender,Notes,Group Membership," +
		"E-mail 1 - Type,E-mail 1 - Value,E-mail 2 - Type,E-mail 2 - Value,Phone 1 - Type,Phone 1 - Value,Phone 2 - Type,Phone 2 - Value,Organization 1 - Name"
	googleNew = "First Name,Middle Name,Last Name,Phonetic First Name,Phonetic Last Name,Name Prefix,Nickname,File As,Organization Name,Birthday,Notes,Photo,Labels," +
		"E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value,Address 1 - Label,Address 1 - City,Event 1 - Label,Event 1 - Value"
	outlook = "Title,First Name,Middle Name,Last Name,Suffix,Company,Department,Business Street,Business Fax,Business Phone,Company Main Phone,Home Phone,Mobile Phone," +
		"Assistant's Phone,Pager,Telex,Birthday,Categories,E-mail Address,E-mail Type,E-mail 2 Address,Manager's Name,Notes,Web Page"
	outlookRussian = "Обращение,Имя,Отчество,Фамилия,Организация,Рабочий факс,Рабочий телефон,Телефон раб. 2,Телефон переносной,Телекс,Адрес эл. почты,Тип эл. почты,Краткое имя эл. почты,День рождения,Заметки,Категории"
	amo            = "ID;Тип;Наименование;Имя;Фамилия;Компания;Ответственный;Дата создания;Кем создан;Теги;Примечание 1;Рабочий телефон;Мобильный телефон;Факс;Рабочий email;Личный email;Должность"
	bitrix         = "ID;Обращение;Имя;Фамилия;Отчество;Дата рождения;Компания;Должность;Комментарий;Рабочий телефон;Мобильный телефон;Телефон для рассылок;Рабочий e-mail;Тип контакта;Ответственный;Дата создания;Кто создал"
	oneC           = "Код;Наименование;Контактное лицо;ИНН;КПП;Телефон;Адрес;Адрес электронной почты;Менеджер"
	schools        = "№;Договор №;ФИО ученика;Дата рождения;Паспорт;СНИЛС;Телефон ученика;ФИО родителя;Телефон родителя;Категория;Дата заключения договора;Дата окончания обучения;Дата экзамена;Сумма договора;Статус оплаты;Группа"
	birthday       = "№ договора;ФИО ученика;Дата рождения;Телефон;Дата договора;Категория"
)

// TestGuess_readsOtherPrograms: every column that looks like a field of ours and is none stays out.
func TestGuess_readsOtherPrograms(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		kind    client.SubjectKind
		heading string
		want    string
	}{
		{"Google, old", client.KindClient, googleOld, "name first_name middle_name last_name - - - - - - - - note tags - email - email - phone - phone -"},
		{"Google, new", client.KindClient, googleNew, "first_name middle_name last_name - - - - - - - note - tags - email - phone - - - -"},
		{"Outlook", client.KindClient, outlook, "- first_name middle_name last_name - - - - - phone - phone phone - - - - tags email - email - note -"},
		{"Outlook in Russian", client.KindClient, outlookRussian, "- first_name middle_name last_name - - phone phone phone - email - - - note tags"},
		{"amoCRM", client.KindClient, amo, "external_id kind name first_name last_name - responsible - - tags note phone phone - email email -"},
		{"Bitrix24", client.KindClient, bitrix, "external_id - first_name last_name middle_name - - - note phone phone phone email kind responsible - -"},
		{"1C", client.KindClient, oneC, "external_id name - - - phone - email responsible"},
		{"a school's list", client.KindContract, schools, "- number name - - - phone - phone category signed_on - - - - group"},
		{"the date of birth first", client.KindContract, birthday, "number name - phone signed_on category"},
		{"the date of birth behind it", client.KindContract, "№ договора;Дата договора;Д.р.;ФИО", "number signed_on - name"},
		{"only a date of birth", client.KindContract, "№ договора;ФИО;Дата рождения", "number name -"},
		{"a plain date", client.KindContract, "Номер;Дата;ФИО;День рождения", "number signed_on name -"},
		{"names in three columns", client.KindClient, "Имя;Отчество;Фамилия;Тел.", "first_name middle_name last_name phone"},
		{"an American list", client.KindClient, "First;Last;Cell;Email", "first_name last_name phone email"},
		{"several telephones", client.KindClient, "ФИО;Телефон 1;Телефон 2;Моб. тел. мамы;WhatsApp", "name phone phone phone phone"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			sign := ";"
			if !strings.Contains(tt.heading, sign) {
				sign = ","
			}
			if got, doubts := imports.Guess(tt.kind, strings.Split(tt.heading, sign), nil); fields(got) != tt.want || len(doubts) != 0 {
				t.Errorf("\n got %s\nwant %s\ndoubts %v", fields(got), tt.want, doubts)
			}
		})
	}
}

// TestGuess_knowsOurOwnNames: what an export or a question of ours calls a field is that field, in both
// languages; an «имя» alone is a whole name.
func TestGuess_knowsOurOwnNames(t *testing.T) {
	t.Parallel()
	for _, kind := range []client.SubjectKind{client.KindClient, client.KindContract} {
		for _, f := range imports.Fields(kind) {
			for _, code := range []string{"column." + string(f), "field." + string(f)} {
				if !texts.Has(code) || f == imports.FirstName {
					continue
				}
				words := texts.Of(code).Both()
				for _, heading := range []string{words.RU, words.EN} {
					if got, _ := imports.Guess(kind, []string{heading}, nil); got[0] != f {
						t.Errorf("%s: «%s» is taken for %q, want %s", kind, heading, got[0], f)
					}
				}
			}
		}
	}
}

func TestGuess_asksWhereColumnsFitAlike(t *testing.T) {
	t.Parallel()
	born := [][]string{{"1", "Иванов Иван", "01.02.2008"}}
	two := [][]string{{"1", "24.11.2026", "25.11.2026"}}
	tests := []struct {
		name    string
		kind    client.SubjectKind
		heading string
		sample  [][]string
		want    string
		doubts  string
	}{
		{"two plain dates", client.KindContract, "№;Дата;ФИО;Дата", nil, "number - name -", "signed_on: «Дата», «Дата»"},
		{"two dates of the contract", client.KindContract, "№;Дата договора;Дата заключения;ФИО", nil, "number - - name", "signed_on: «Дата договора», «Дата заключения»"},
		{"a date of something else", client.KindContract, "№;ФИО;Дата записи", nil, "number name -", "signed_on: «Дата записи»"},
		{"a better date beside it", client.KindContract, "№;ФИО;Дата записи;Дата договора", nil, "number name - signed_on", ""},
		{"a date without a heading that may be of birth", client.KindContract, "№;ФИО;", born, "number name -", "signed_on: «C»"},
		{"two dates without headings", client.KindContract, "№;;", two, "number - -", "signed_on: «B», «C»"},
		{"two names", client.KindClient, "ФИО;ФИО;Телефон", nil, "- - phone", "name: «ФИО», «ФИО»"},
		{"two people without headings", client.KindClient, ";;Телефон", [][]string{{"Иванов Иван", "Петров Пётр", "1"}}, "- - phone", "name: «A», «B»"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, doubts := imports.Guess(tt.kind, strings.Split(tt.heading, ";"), tt.sample)
			if fields(got) != tt.want {
				t.Errorf("got %s, want %s", fields(got), tt.want)
			}
			told := ""
			for _, d := range doubts {
				words := d.Text.Both()
				told += string(d.Field) + ": " + words.RU
				if words.EN == words.RU {
					t.Errorf("not told in English: %+v", d)
				}
			}
			field, columns, _ := strings.Cut(tt.doubts, ": ")
			if (tt.doubts == "") != (told == "") || !strings.HasPrefix(told, field) || !strings.Contains(told, columns) {
				t.Errorf("doubts %q, want %q", told, tt.doubts)
			}
		})
	}
}

func TestHeading_isFoundBelowTitlesAndOverTwoRows(t *testing.T) {
	t.Parallel()
	rows := func(lines ...string) [][]string {
		var all [][]string
		for _, l := range lines {
			all = append(all, strings.Split(l, ";"))
		}
		return all
	}
	tests := []struct {
		name  string
		rows  [][]string
		want  string
		above int
	}{
		{"on top", rows("ФИО;Телефон", "Иванов Иван;89145550141"), "ФИО;Телефон", 1},
		{"below a title", rows("Список договоров за 2026 год", "Автошкола, тел. 8 (423) 255-02-08", "№ договора;ФИО;Телефон", "1;Иванов Иван;89145550141"), "№ договора;ФИО;Телефон", 3},
		{"over two rows, under merged cells", rows("№ договора;ФИО;Контакты;", ";;Телефон;Почта", "1;Иванов;89145550141;a@b.ru"), "№ договора;ФИО;Телефон;Почта", 2},
		{"none", rows("Иванов Иван;89145550141", "Петров Пётр;89145550142"), "", 0},
		{"words that nobody knows", rows("Кто;Куда", "Иванов;89145550141"), "Кто;Куда", 1},
	}
	for _, tt := range tests {
		names, above := imports.Heading(client.KindContract, tt.rows)
		if got := strings.Join(names, ";"); got != tt.want || above != tt.above {
			t.Errorf("%s: got %q, %d rows above; want %q, %d", tt.name, got, above, tt.want, tt.above)
		}
	}
}
