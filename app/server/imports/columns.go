// Package imports turns rows of a table into cards: which column holds what, what a cell says, and
// what a row that is there already does to the card. Plain functions: it reads no file, knows no
// SQL and no HTTP, and what it cannot take it tells in words.
package imports

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"dozvon/app/phone"
	"dozvon/client"
)

// Field is what a column may hold.
type Field string

// The fields of a card; Ignored columns are left out.
const (
	Ignored     Field = ""
	Name        Field = "name"
	LastName    Field = "last_name"
	FirstName   Field = "first_name"
	MiddleName  Field = "middle_name"
	Phone       Field = "phone"
	Number      Field = "number"
	Category    Field = "category"
	Group       Field = "group"
	SignedOn    Field = "signed_on"
	Kind        Field = "kind"
	Email       Field = "email"
	Status      Field = "status"
	Tags        Field = "tags"
	Responsible Field = "responsible"
	Note        Field = "note"
	ExternalID  Field = "external_id"
)

// Fields lists what a column may hold for a kind of card, in the order in which people are asked.
func Fields(kind client.SubjectKind) []Field {
	shared := []Field{Status, Tags, Responsible, Note, ExternalID}
	names := []Field{Name, LastName, FirstName, MiddleName, Phone}
	if kind == client.KindContract {
		return slices.Concat([]Field{Number}, names, []Field{Category, Group, SignedOn}, shared)
	}
	return slices.Concat(names, []Field{Kind, Email}, shared)
}

// headings tells a field by its heading, in lower case, letters and digits only. The first that
// fits wins, so «номер телефона» stands before «номер».
var headings = []struct {
	field Field
	like  *regexp.Regexp
}{
	{Ignored, regexp.MustCompile(`^(n|no|номер)? ?п ?п$|^row$|^строка$`)},
	{ExternalID, regexp.MustCompile(`внешн|external|^(crm )?id$|^ид$|код (клиента|договора|в )|^код$`)},
	{SignedOn, regexp.MustCompile(`^дата|договор от|заключен|signed|^date`)},
	{Email, regexp.MustCompile(`почт|e ?mail|мейл`)},
	{Phone, regexp.MustCompile(`(^| )(тел|моб)|phone|mobile|сотов|контактный номер|whatsapp`)},
	{LastName, regexp.MustCompile(`^фамилия( ученика| клиента| студента)?$|^(last ?name|surname|family name)$`)},
	{MiddleName, regexp.MustCompile(`^отчество|^(middle ?name|patronymic)$`)},
	{FirstName, regexp.MustCompile(`^(first|given) ?name$`)},
	{Responsible, regexp.MustCompile(`ответств|менеджер|^(manager|responsible|owner)`)},
	{Name, regexp.MustCompile(`фио|^ф и о|^имя|полное имя|фамилия|^(full )?name|^(ученик|клиент|студент|курсант|слушатель|student|client|customer)$|contact name`)},
	{Category, regexp.MustCompile(`^кат|categor`)},
	{Group, regexp.MustCompile(`групп|^group`)},
	{Number, regexp.MustCompile(`договор|^номер|^n$|^no$|contract|^number`)},
	{Status, regexp.MustCompile(`статус|состояние|^stat(us|e)$|стадия|этап`)},
	{Tags, regexp.MustCompile(`(^| )(метк|тег|тэг)|^tags?$|labels?`)},
	{Note, regexp.MustCompile(`примеч|коммент|заметк|^(notes?|comments?)$|описание`)},
	{Kind, regexp.MustCompile(`^(тип|вид)|^(kind|type)$`)},
}

// several are the fields that more than one column may hold.
var several = []Field{Phone, Tags, Note}

// Guess tells what each column holds, by its heading and, where that says nothing, by its cells.
func Guess(kind client.SubjectKind, heading []string, sample [][]string) []Field {
	out := make([]Field, len(heading))
	known := Fields(kind)
	free := func(f Field) bool {
		return slices.Contains(known, f) && (slices.Contains(several, f) || !slices.Contains(out, f))
	}
	silent := []int{}
	for i, text := range heading {
		f, told := byHeading(text)
		switch {
		case !told:
			silent = append(silent, i)
		case f != Ignored && free(f):
			out[i] = f
		}
	}
	// «Фамилия», «Имя», «Отчество»: then a name is the first name alone.
	if i := slices.Index(out, Name); i >= 0 && slices.Contains(out, LastName) && strings.HasPrefix(plain(heading[i]), "имя") {
		out[i] = FirstName
	}
	for _, i := range silent {
		if f := byCells(kind, column(sample, i)); f != Ignored && free(f) {
			out[i] = f
		}
	}
	return out
}

func byHeading(text string) (f Field, told bool) {
	text = plain(text)
	if text == "" {
		return Ignored, false
	}
	for _, h := range headings {
		if h.like.MatchString(text) {
			return h.field, true
		}
	}
	return Ignored, false
}

// plain is a heading without what differs from school to school: case, dots, № and ё.
func plain(text string) string {
	text = strings.NewReplacer("ё", "е", "№", " n ").Replace(strings.ToLower(text))
	text = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return ' '
	}, text)
	return strings.Join(strings.Fields(text), " ")
}

// HasHeading tells whether the first row names the columns: some heading is known, or nothing in
// it looks like a number, a date or an address of a person.
func HasHeading(first []string) bool {
	data := false
	for _, text := range first {
		if f, told := byHeading(text); told && f != Ignored && !isPhone(text) {
			return true
		}
		data = data || isPhone(text) || isEmail(text) || isDate(text)
	}
	return !data
}

func column(sample [][]string, i int) []string {
	var cells []string
	for _, row := range sample {
		if i < len(row) && row[i] != "" {
			cells = append(cells, row[i])
		}
	}
	return cells
}

var (
	personLike   = regexp.MustCompile(`^\p{Lu}[\p{L}-]+( \p{Lu}[\p{L}-]*\.?){1,3}$`)
	categoryLike = regexp.MustCompile(`^([ABCDEMАВСЕМ]1?E?)([,/ ]+[ABCDEMАВСЕМ]1?E?)*$`)
)

// byCells tells a field that most of the cells look like.
func byCells(kind client.SubjectKind, cells []string) Field {
	looks := []struct {
		field Field
		like  func(string) bool
	}{
		{Email, isEmail},
		{SignedOn, isDate},
		{Phone, isPhone},
		{Category, categoryLike.MatchString},
		{Name, personLike.MatchString},
	}
	for _, l := range looks {
		n := 0
		for _, c := range cells {
			if l.like(c) {
				n++
			}
		}
		// Two of three: a column of telephones has its empty and spoiled ones.
		if n > 0 && n*3 >= len(cells)*2 && slices.Contains(Fields(kind), l.field) {
			return l.field
		}
	}
	return Ignored
}

func isPhone(text string) bool {
	digits, signs := 0, 0
	for _, r := range text {
		switch {
		case unicode.IsDigit(r):
			digits++
		case unicode.IsLetter(r):
			signs++
		}
	}
	// A note that mentions a telephone is no telephone.
	if digits < signs {
		return false
	}
	for _, e := range (phone.Reader{}).Read(text) {
		if e.Number != "" || e.Doubt == phone.CityCodeMissing {
			return true
		}
	}
	return false
}

func isEmail(text string) bool {
	at := strings.IndexByte(text, '@')
	return at > 0 && strings.Contains(text[at:], ".") && !strings.Contains(text, " ")
}

func isDate(text string) bool {
	_, ok := readDate(text)
	return ok && len(text) > len("46000")
}
