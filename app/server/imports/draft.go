package imports

import (
	"fmt"
	"net/mail"
	"strings"
	"unicode/utf8"

	"dozvon/app/phone"
	"dozvon/client"
)

// Words tell a person something, in both languages.
type Words struct{ RU, EN string }

// In is the words in "ru" or "en".
func (w Words) In(language string) string {
	if language == "en" {
		return w.EN
	}
	return w.RU
}

func say(ru, en string, args ...any) Words {
	return Words{RU: fmt.Sprintf(ru, args...), EN: fmt.Sprintf(en, args...)}
}

// Draft is what a row says. An empty cell says nothing: it never takes away what a card has.
type Draft struct {
	Line int
	Kind client.SubjectKind
	// Client or Contract is set, as Kind says; fields that no cell told stay nil.
	Client      client.ClientInput
	Contract    client.ContractInput
	Phones      []client.Phone
	Tags        []string
	Responsible string // a name as it was written
	// Numbers are Phones that can be called, in E.164.
	Numbers []string
	// Faults are why the row cannot be taken.
	Faults []Words
	// Missing is what a new card must have; a row that changes a card can do without.
	Missing []Words
	// Remarks are what a person should look at although the row was taken.
	Remarks []Words
	reader  phone.Reader
	// named says that a cell told the name; else it is the number.
	named bool
}

// Mapping says what each column holds.
type Mapping []Field

// Check tells what is wrong with a mapping as a whole.
func (m Mapping) Check(kind client.SubjectKind) []Words {
	var bad []Words
	has, allowed := map[Field]int{}, map[Field]bool{Ignored: true}
	for _, f := range Fields(kind) {
		allowed[f] = true
	}
	for i, f := range m {
		if !allowed[f] {
			bad = append(bad, say("Столбец %d: поля «%s» нет.", "Column %d: there is no field “%s”.", i+1, f))
		}
		has[f]++
	}
	for _, f := range Fields(kind) {
		if has[f] > 1 && f != Phone && f != Tags && f != Note {
			bad = append(bad, say("Поле «%s» выбрано для нескольких столбцов.", "The field “%s” is chosen for several columns.", f))
		}
	}
	if kind == client.KindContract && has[Number] == 0 {
		bad = append(bad, say("Укажите, в каком столбце номер договора.", "Say which column has the contract's number."))
	}
	if has[Name]+has[LastName]+has[FirstName]+has[Phone] == 0 {
		bad = append(bad, say("Укажите, в каком столбце имя или телефон.", "Say which column has the name or the telephone."))
	}
	return bad
}

// limits are in characters, the same as those of the API.
var limits = map[Field]int{
	Name: 300, Number: 64, Category: 32, Group: 64, Email: 300, Note: 10_000, ExternalID: 200,
}

// Draft reads a row of a school that has told no city code.
func (m Mapping) Draft(kind client.SubjectKind, line int, cells []string) Draft {
	return m.DraftOf(phone.Reader{}, kind, line, cells)
}

// DraftOf reads a row; numbers reads its telephones.
func (m Mapping) DraftOf(numbers phone.Reader, kind client.SubjectKind, line int, cells []string) Draft {
	d := Draft{Line: line, Kind: kind, reader: numbers}
	values := map[Field]string{}
	for i, f := range m {
		if i >= len(cells) || cells[i] == "" || f == Ignored {
			continue
		}
		d.take(values, f, strings.TrimSpace(cells[i]))
	}
	for f, limit := range limits {
		if n := utf8.RuneCountInString(values[f]); n > limit {
			d.fault("%s: %d знаков, можно %d", "%s: %d characters, %d are allowed", f, n, limit)
		}
	}
	d.name(values)
	d.fill(values)
	if kind == client.KindContract && values[Number] == "" {
		d.Missing = append(d.Missing, say("нет номера договора", "there is no contract number"))
	}
	return d
}

func (d *Draft) fault(ru, en string, args ...any) { d.Faults = append(d.Faults, say(ru, en, args...)) }

// take puts a cell among the values, or reads it at once when several columns may hold the field.
func (d *Draft) take(values map[Field]string, f Field, cell string) {
	switch f {
	case Phone:
		d.takePhones(values, cell)
	case Tags:
		d.Tags = append(d.Tags, readTags(cell)...)
	case Note:
		values[Note] = strings.TrimSpace(values[Note] + "\n" + cell)
	default:
		values[f] = cell
	}
}

func (d *Draft) name(values map[Field]string) {
	whole := strings.Join(strings.Fields(strings.Join([]string{values[LastName], values[FirstName], values[MiddleName]}, " ")), " ")
	if values[Name] == "" {
		values[Name] = whole
	}
	for _, p := range d.Phones {
		if p.Number != "" {
			d.Numbers = append(d.Numbers, p.Number)
		}
	}
	d.named = values[Name] != ""
	// A lead of whom only the number is known is found by it.
	if values[Name] == "" && len(d.Numbers) > 0 && d.Kind == client.KindClient {
		values[Name] = phone.Number(d.Numbers[0]).Pretty()
	}
	if values[Name] == "" {
		d.Missing = append(d.Missing, say("нет имени", "there is no name"))
	}
}

func (d *Draft) fill(values map[Field]string) {
	text := func(f Field) *string {
		if v := values[f]; v != "" {
			return &v
		}
		return nil
	}
	d.Responsible = values[Responsible]
	status := text(Status)
	if status != nil {
		read, ok := readStatus(d.Kind, *status)
		if !ok {
			d.fault("статус «%s» неизвестен", "the status “%s” is not known", *status)
		}
		status = &read
	}
	if d.Kind == client.KindContract {
		d.Contract = client.ContractInput{
			Number: text(Number), Name: text(Name), Category: text(Category), Group: text(Group),
			SignedOn: d.date(text(SignedOn)), Note: text(Note), Status: status, ExternalID: text(ExternalID),
		}
		return
	}
	kind := text(Kind)
	if kind != nil {
		read, ok := readKind(*kind)
		if !ok {
			d.fault("тип «%s» неизвестен: бывают «лид» и «клиент»", "the kind “%s” is not known: there are “lead” and “client”", *kind)
		}
		kind = &read
	}
	if email := values[Email]; email != "" {
		if _, err := mail.ParseAddress(email); err != nil {
			d.fault("«%s» не похоже на адрес почты", "“%s” does not look like an e-mail address", email)
		}
	}
	d.Client = client.ClientInput{Kind: kind, Name: text(Name), Email: text(Email), Note: text(Note), Status: status, ExternalID: text(ExternalID)}
}

func (d *Draft) date(text *string) *string {
	if text == nil {
		return nil
	}
	read, ok := readDate(*text)
	if !ok {
		d.fault("дата «%s» не читается, нужна вида 24.11.2026", "the date “%s” cannot be read, one like 24.11.2026 is needed", *text)
	}
	return &read
}
