package imports

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"dozvon/app/phone"
	"dozvon/app/server/crm"
	"dozvon/app/server/plaintext"
	"dozvon/app/server/table"
	"dozvon/app/server/texts"
	"dozvon/client"
)

// Draft is what a row says. An empty cell says nothing: it never takes away what a card has.
type Draft struct {
	Line int
	Kind client.SubjectKind
	// Input has the fields of plain text; those that no cell told are absent.
	Input       crm.Input
	Phones      []crm.Phone
	Tags        []string
	Responsible string // a name as it was written
	// Numbers are Phones that can be called, in E.164.
	Numbers []string
	// Faults are why the row cannot be taken.
	Faults []texts.Message
	// Remarks are what was left out or read with a doubt; PhoneRemarks those of its telephones.
	Remarks, PhoneRemarks []texts.Message
	// Missing is what a new card must have; a row that changes a card can do without.
	Missing []texts.Message
	reader  phone.Reader
	// named says that a cell told the name; else it is the number.
	named bool
	// phoneText and tagText are the cells themselves: what an export of ours wrote means what the card has.
	phoneText, tagText string
}

// Named tells whether the row itself says a name.
func (d Draft) Named() bool { return d.named }

// Reader turns rows into drafts.
type Reader struct {
	Kind   client.SubjectKind
	Fields Mapping
	Dates  Dates
	// Numbers reads the telephones; it knows the school's city.
	Numbers phone.Reader
}

// Mapping says what each column holds.
type Mapping []Field

// Dates are the columns that hold days.
func (m Mapping) Dates(kind client.SubjectKind) []int {
	var columns []int
	for _, f := range crm.Fields(kind) {
		if at := slices.Index(m, Field(f.Name)); f.Date && at >= 0 {
			columns = append(columns, at)
		}
	}
	return columns
}

// Check tells what is wrong with a mapping as a whole.
func (m Mapping) Check(kind client.SubjectKind) []texts.Message {
	var bad []texts.Message
	has, allowed := map[Field]int{}, map[Field]bool{Ignored: true}
	for _, f := range Fields(kind) {
		allowed[f] = true
	}
	for i, f := range m {
		if !allowed[f] {
			bad = append(bad, texts.Of("mapping.no_field", texts.Args{"column": i + 1, "field": string(f)}))
		}
		has[f]++
	}
	for _, f := range Fields(kind) {
		if has[f] > 1 && !slices.Contains(several, f) {
			bad = append(bad, texts.Of("mapping.field_twice", texts.Args{"field": f.Name()}))
		}
	}
	if kind == client.KindContract && has[Number] == 0 {
		bad = append(bad, texts.Of("mapping.number_missing"))
	}
	if has[Name]+has[LastName]+has[FirstName]+has[Phone] == 0 {
		bad = append(bad, texts.Of("mapping.name_missing"))
	}
	return bad
}

// excelError is what a formula that failed shows.
var excelError = regexp.MustCompile(`^#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|Н/Д|ССЫЛКА!|ЗНАЧ!|ДЕЛ/0!|ИМЯ\?|ЧИСЛО!|ПУСТО!)$`)

// totals begin what a printed list ends with.
var totals = regexp.MustCompile(`(?i)^(итого|всего|total)( *:|$| +\d)|^(итого|всего) +(по|за) `)

// totalsOf gives what says that a row only sums up: its name, or its first cell, whatever column that is.
func totalsOf(row table.Row, name string) string {
	for _, cell := range append([]string{name}, row.Cells...) {
		if cell = strings.TrimSpace(cell); totals.MatchString(cell) {
			return cell
		}
		if cell != "" && cell != name {
			break
		}
	}
	return ""
}

// Draft reads a row.
func (r Reader) Draft(row table.Row) Draft {
	d := Draft{Line: row.Line, Kind: r.Kind, reader: r.Numbers}
	values := map[Field]string{}
	for i, f := range r.Fields {
		if i >= len(row.Cells) || row.Cells[i] == "" || f == Ignored {
			continue
		}
		cell := plaintext.Text(row.Cells[i])
		if excelError.MatchString(cell) {
			d.remark(texts.Of("row.excel_error", texts.Args{"cell": cell}))
			continue
		}
		if f == Phone {
			cell = plaintext.Text(row.Value(i))
		}
		d.take(values, f, cell)
	}
	for _, f := range crm.Fields(r.Kind) {
		field := Field(f.Name)
		if n := utf8.RuneCountInString(values[field]); f.Limit > 0 && n > f.Limit {
			d.fault(texts.Of("row.too_long", texts.Args{"field": field.Name(), "have": n, "limit": f.Limit}))
		}
	}
	if sums := totalsOf(row, values[Name]); sums != "" && len(d.Phones) == 0 {
		d.fault(texts.Of("row.totals", texts.Args{"cell": sums}))
	}
	d.name(values)
	d.fill(values, r.Dates)
	if r.Kind == client.KindContract && values[Number] == "" {
		d.Missing = append(d.Missing, texts.Of("row.no_number"))
	}
	return d
}

func (d *Draft) fault(text texts.Message) { d.Faults = append(d.Faults, text) }

func (d *Draft) remark(text texts.Message) { d.Remarks = append(d.Remarks, text) }

// take puts a cell among the values, or reads it at once when several columns may hold the field.
func (d *Draft) take(values map[Field]string, f Field, cell string) {
	switch f {
	case Phone:
		d.takePhones(values, cell)
	case Tags:
		d.Tags = append(d.Tags, readTags(cell)...)
		d.tagText = joined(d.tagText, cell, ", ")
	case Note:
		values[Note] = joined(values[Note], cell, "\n")
	case Email:
		d.email(values, cell)
	default:
		values[f] = plaintext.Line(cell)
	}
}

func joined(had, more, by string) string {
	if had == "" {
		return more
	}
	return had + by + more
}

// email takes the first address; a card has one, so the others are told.
func (d *Draft) email(values map[Field]string, cell string) {
	for _, address := range readEmails(cell) {
		switch {
		case !isAddress(address):
			d.remark(texts.Of("row.no_address", texts.Args{"cell": address}))
		case values[Email] == "":
			values[Email] = address
		case values[Email] != address:
			d.remark(texts.Of("row.second_address", texts.Args{"cell": address}))
		}
	}
}

func (d *Draft) name(values map[Field]string) {
	whole := strings.Join(strings.Fields(strings.Join([]string{values[LastName], values[FirstName], values[MiddleName]}, " ")), " ")
	// A last and a first name apart say more than «Анна Лаптева»: which is which.
	if values[Name] == "" || values[LastName] != "" && values[FirstName] != "" {
		values[Name] = whole
	}
	d.named = values[Name] != ""
	// A lead of whom only the number is known is found by it.
	if values[Name] == "" && len(d.Numbers) > 0 && d.Kind == client.KindClient {
		values[Name] = phone.Number(d.Numbers[0]).Pretty()
	}
	if values[Name] == "" {
		d.Missing = append(d.Missing, texts.Of("row.no_name"))
	}
}

func (d *Draft) fill(values map[Field]string, days Dates) {
	d.Responsible = values[Responsible]
	d.Input.Texts = map[string]*string{}
	for _, f := range crm.Fields(d.Kind) {
		value := values[Field(f.Name)]
		if f.Text == nil || !f.Imported || value == "" {
			continue
		}
		if read := d.read(f, value, days); read != nil {
			d.Input.Texts[f.Name] = read
		}
	}
}

// read turns a cell into the value of a field; nil, with a remark, when it makes none.
func (d *Draft) read(f crm.Field, cell string, days Dates) *string {
	switch {
	case f.Name == crm.FieldStatus:
		return d.status(cell)
	case f.Name == crm.FieldKind:
		return d.kind(&cell)
	case f.Date:
		return d.date(&cell, days)
	}
	return &cell
}

func (d *Draft) status(cell string) *string {
	read, ok := readStatus(d.Kind, cell)
	if !ok {
		d.remark(texts.Of("row.unknown_status", texts.Args{"cell": cell}))
		return nil
	}
	return &read
}

func (d *Draft) kind(text *string) *string {
	if text == nil {
		return nil
	}
	switch read, told := readKind(*text); {
	case read != "":
		return &read
	case !told:
		d.remark(texts.Of("row.unknown_kind", texts.Args{"cell": *text}))
	}
	return nil
}

func (d *Draft) date(text *string, days Dates) *string {
	if text == nil {
		return nil
	}
	read, ok := days.read(*text)
	if !ok {
		d.remark(texts.Of("row.unreadable_date", texts.Args{"cell": *text}))
		return nil
	}
	return &read
}
