package imports

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"dozvon/app/phone"
	"dozvon/app/server/texts"
	"dozvon/client"
)

// several are the fields that more than one column may hold.
var several = []Field{Phone, Email, Tags, Note}

// Doubt is a field that no column or more than one may hold; a person decides.
type Doubt struct {
	Field Field
	Text  texts.Message
}

// Guess tells what each column holds, by its heading and, where that says nothing, by its cells. The
// column that fits best gets a field; where two fit alike none does, and a doubt asks.
func Guess(kind client.SubjectKind, names []string, sample [][]string) ([]Field, []Doubt) {
	g := guess{kind: kind, names: names, fields: Fields(kind), out: make([]Field, len(names)), best: map[Field]int{}, asked: map[Field][]int{}}
	var silent []int
	for i, text := range names {
		f, weight := byHeading(g.fields, text)
		switch {
		case weight == 0:
			silent = append(silent, i)
		case f == Ignored:
		default:
			g.offer(f, i, weight)
		}
	}
	g.settle()
	g.firstNames()
	g.byCells(silent, sample)
	return g.out, g.doubts()
}

// guess is what is known so far of a file's columns.
type guess struct {
	kind   client.SubjectKind
	names  []string
	fields []Field
	out    []Field
	best   map[Field]int   // the best weight for a field so far
	asked  map[Field][]int // the columns that have it
}

func (g *guess) offer(f Field, column, weight int) {
	switch {
	case slices.Contains(several, f):
		g.out[column] = f
	case weight > g.best[f]:
		g.best[f], g.asked[f] = weight, []int{column}
	case weight == g.best[f]:
		g.asked[f] = append(g.asked[f], column)
	}
}

// settle gives each field to its column, when it is one and fits surely.
func (g *guess) settle() {
	for f, columns := range g.asked {
		if len(columns) == 1 && g.best[f] > perhaps {
			g.out[columns[0]] = f
			delete(g.asked, f)
		}
	}
}

// firstNames: beside «Фамилия» an «Имя» is the first name alone.
func (g *guess) firstNames() {
	if !slices.Contains(g.out, LastName) || slices.Contains(g.out, FirstName) {
		return
	}
	for i, f := range g.out {
		if f == Name && strings.HasPrefix(plain(g.names[i]), "имя") {
			g.out[i] = FirstName
			return
		}
	}
	// «ФИО» took the name, so that a plain «Имя» came second.
	for i, text := range g.names {
		if g.out[i] == Ignored && strings.HasPrefix(plain(text), "имя") {
			if f, _ := byHeading(g.fields, text); f == Name {
				g.out[i] = FirstName
				return
			}
		}
	}
}

// byCells looks into the columns whose headings say nothing.
func (g *guess) byCells(silent []int, sample [][]string) {
	found := map[Field][]int{}
	for _, i := range silent {
		cells := column(sample, i)
		f := byCells(g.fields, cells)
		switch {
		case f == Ignored, g.has(f):
		case slices.Contains(several, f):
			g.out[i] = f
		case f == SignedOn && !recent(cells):
			g.asked[f] = append(g.asked[f], i) // a date of birth looks the same
		default:
			found[f] = append(found[f], i)
		}
	}
	for f, columns := range found {
		if len(columns) == 1 && len(g.asked[f]) == 0 {
			g.out[columns[0]] = f
			continue
		}
		g.asked[f] = append(g.asked[f], columns...)
	}
}

// has tells whether a field is told already; a name may be told in parts.
func (g *guess) has(f Field) bool {
	if slices.Contains(several, f) {
		return false
	}
	if f == Name && (slices.Contains(g.out, LastName) || slices.Contains(g.out, FirstName)) {
		return true
	}
	return slices.Contains(g.out, f)
}

// doubts are the questions that are left, in the order of the fields.
func (g *guess) doubts() []Doubt {
	var all []Doubt
	for _, f := range g.fields {
		columns := g.asked[f]
		if len(columns) == 0 || g.has(f) {
			continue
		}
		slices.Sort(columns)
		var names []string
		for _, i := range columns {
			names = append(names, "«"+g.columnName(i)+"»")
		}
		told := texts.Args{"columns": strings.Join(names, ", "), "field": f.Name()}
		text := texts.Of("doubt.which_column", told)
		if len(columns) == 1 {
			text = texts.Of("doubt.is_this", told)
		}
		all = append(all, Doubt{f, text})
	}
	return all
}

func (g *guess) columnName(i int) string {
	if name := strings.Join(strings.Fields(g.names[i]), " "); name != "" {
		return name
	}
	return columnLetters(i)
}

// columnLetters are how spreadsheets name a column without a heading: A, B … AA.
func columnLetters(i int) string {
	text := ""
	for i++; i > 0; i = (i - 1) / 26 {
		text = string(rune('A'+(i-1)%26)) + text
	}
	return text
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
func byCells(fields []Field, cells []string) Field {
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
		if n > 0 && n*3 >= len(cells)*2 && slices.Contains(fields, l.field) {
			return l.field
		}
	}
	return Ignored
}

// phoneLike is a telephone as people in Russia write it: other long numbers (SNILS, passports, accounts)
// are telephones of some country, too.
var phoneLike = regexp.MustCompile(`^[^\d]*(\+|00|[78]?[ (-]*[3489]\d{2})`)

func isPhone(text string) bool {
	digits, letters := 0, 0
	for _, r := range text {
		switch {
		case unicode.IsDigit(r):
			digits++
		case unicode.IsLetter(r):
			letters++
		}
	}
	// A note that mentions a telephone is no telephone.
	if digits < letters || !phoneLike.MatchString(text) {
		return false
	}
	for _, e := range (phone.Reader{}).Read(text) {
		if e.Number != "" {
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
	_, ok := Dates{}.read(text)
	return ok && len(text) > len("46000")
}

// recentSince parts dates of contracts from dates of birth where no heading does: nobody who learns to
// drive was born after it.
const recentSince = "2013-01-01"

func recent(cells []string) bool {
	for _, c := range cells {
		if day, ok := (Dates{}).read(c); ok && day < recentSince {
			return false
		}
	}
	return true
}
