package imports

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"

	"dozvon/app/server/texts"
	"dozvon/client"
)

// Weights say how surely a heading names a field. The best match wins, whatever stands first.
const (
	never   = 200 // it is something else, whatever else it looks like
	exact   = 100
	other   = 90 // what we have no field for
	clear   = 80
	likely  = 60
	perhaps = 30 // not taken without a person's word
)

// heading tells a field by its heading, as plain makes it.
type heading struct {
	field  Field
	weight int
	like   *regexp.Regexp
}

func head(field Field, weight int, like string) heading {
	return heading{field, weight, regexp.MustCompile(like)}
}

// headings are those of schools' own tables, and of the exports of Google Contacts (of before and
// after 2024), Outlook in Russian and English, amoCRM, Bitrix24 and 1C.
var headings = []heading{
	head(Ignored, never, `^(n|no|номер)? ?п ?п$|^row$|^строка$`),
	head(Ignored, never, `^(тип|вид|тип \d) .*(тел|почт|mail)|(phone|mail|address|website|relation|event|custom field|^im|date).* (type|label)$|^(кем|кто) (созд|измен|редакт|добав)`),
	head(Ignored, never, `phonetic|yomi|фонетич|транскрип|^name (prefix|suffix)$|^(prefix|suffix|title|initials|nickname|short name|maiden name|file as|обращение|суффикс|псевдоним|девичья фамилия)$|краткое имя`),
	head(Ignored, never, `рожд|birth|^д ?р( |$)|anniversary|годовщин|^event|^событи`),
	head(Ignored, never, `(дата|date|время|time|срок|когда|^last|^посл).*(созд|измен|редакт|обнов|модиф|послед|экзам|оплат|плат|оконч|заверш|истеч|выдач|паспорт|справк|визит|звон|контакт|занят|вожден|рассыл|закры|удал|расторж|выпуск|действ|creat|modif|updat|last|exam|paym|expir|end|issue|due|seen|call)`),
	head(Ignored, never, `^(создан|изменен|обновлен|made at|created|updated|modified|срок|время)|факс|fax|пейджер|pager|телекс|телетайп|telex|tty|isdn|^assistant|^manager s|^referred|^доб(авочный)?$|внутренний номер`),
	head(Ignored, never+1, `(фио|имя|фамилия|отчество|name).*(родител|мам|пап|матер|отц|супруг|инструктор|преподават|parent|instructor|teacher)`),
	head(Ignored, other, `(^| )(адрес|address|улица|street|город|city|индекс|postal|zip|регион|region|страна|country|po box|местоположение)( |$)`),
	head(Ignored, other, `сайт|website|web ?page|(^| )url|skype|icq|telegram|телеграм|(^| )vk|facebook|instagram`),
	head(Ignored, other, `компани|company|организац|organi[sz]ation|должност|job|department|отдел`),
	head(Ignored, other, `паспорт|снилс|(^| )инн($| )|кпп|огрн|сч[её]т|сумм|цен[аы]|стоим|оплат|долг|баланс|бюджет|скидк|price|amount|balance|^(тип|вид|срок) договора`),
	head(ExternalID, exact, `внешн|external|^(crm )?id$|^ид$|^код$`),
	head(ExternalID, clear, `^код (клиента|договора|в )|^(id|ид) (контакта|клиента|сделки|договора)`),
	head(SignedOn, exact, `^дата (заключения |подписания )?договора$|^дата (заключения|подписания)|^договор от$|^заключен|^signed|^contract date$|^date signed`),
	head(SignedOn, clear, `^дата.*договор|^date.*contract`),
	head(SignedOn, likely, `^дата$|^date$`),
	head(SignedOn, perhaps, `^дата|^date|^начало`),
	head(Email, exact, `^(адрес )?(эл|электронн\pL+)? ?(почта|почты|e ?mail|имейл|мейл)( \d+)?( value| address)?$|^адрес( \d+)? эл почты$|^e ?mail address$`),
	head(Email, clear, `почт|e ?mail|мейл|имейл`),
	head(Phone, exact, `^(номер )?(телефон|тел|моб|мобильный|сотовый|телефоны|телефона|phone|mobile)( n?\d+)?( value)?$|^контактный (телефон|номер)$|^phone number$`),
	head(Phone, clear, `(^| )(тел|моб|сот)|phone|mobile|(^| )cell|whatsapp|вотсап|ватсап|viber|вайбер|контактный номер|номер для связи`),
	head(LastName, exact, `^фамилия( ученика| клиента| студента| курсанта| контакта)?$|^(last ?name|last|surname|family name)$`),
	head(MiddleName, exact, `^отчество|^(middle ?name|second ?name|patronymic|additional name)$`),
	head(FirstName, exact, `^(first|given) ?name$|^first$`),
	head(Responsible, never+2, `ответств|менеджер|^(manager|responsible|owner)( user)?$`),
	head(Name, exact, `^(фио|ф и о)( ученика| клиента| студента| курсанта| контакта)?$|^полное имя|^фамилия (и )?имя|^фамилия и о|^(full |display )?name$|^контакт$|^наименование$`),
	head(Name, clear, `фио|^ф и о|^имя|^(ученик|клиент|студент|курсант|слушатель|обучающийся|контрагент|заказчик|student|client|customer|contact)$|contact name`),
	head(Name, likely, `фамилия`),
	head(Category, exact, `^(категория|кат|category)$`),
	head(Category, clear, `^кат|categor`),
	head(Tags, exact, `^(метка|метки|теги?|тэги?|tags?|labels?|group membership|ключевые слова)$`),
	head(Tags, likely, `(^| )(метк|тег|тэг)|^(categories|категории)$|labels?`),
	head(Group, exact, `^(учебная )?группа$|^group$`),
	head(Group, clear, `групп|^group`),
	head(Number, exact+1, `^(n|no|номер) договора$|^договор n$|^contract (no|number|n)$`),
	head(Number, exact, `^договор$|^contract$|^n$|^no$|^номер$|^number$`),
	head(Number, likely, `договор|^номер|contract|^number`),
	head(Status, exact, `^(статус|состояние|status|state)$`),
	head(Status, clear, `статус|состояние|стадия|этап|^stat(us|e) `),
	head(Note, exact, `^(примечани[ея]|комментари[ий]|заметк[аи]|notes?|comments?|описание)( \d+)?$`),
	head(Note, likely, `примеч|коммент|заметк|описани`),
	head(Kind, exact, `^(тип|вид)( (клиента|контакта|карточки))?$|^(kind|type|contact type)$`),
}

// byHeading is what a heading names, of the fields that a kind of card has, and how surely; weight 0
// says that it is unknown.
func byHeading(fields []Field, text string) (best Field, weight int) {
	text = plain(text)
	if text == "" {
		return Ignored, 0
	}
	for _, h := range headings {
		if h.weight > weight && (h.field == Ignored || slices.Contains(fields, h.field)) && h.like.MatchString(text) {
			best, weight = h.field, h.weight
		}
	}
	if best == Ignored {
		if own := ownNames()[text]; slices.Contains(fields, own) && own != Ignored {
			return own, exact
		}
	}
	return best, weight
}

// ownNames are the fields by the words that our own exports and questions have for them, as plain makes
// them: what left as a table is known when it comes back, also where the headings say nothing of a field.
var ownNames = sync.OnceValue(func() map[string]Field {
	names := map[string]Field{}
	for _, kind := range []client.SubjectKind{client.KindClient, client.KindContract} {
		for _, f := range Fields(kind) {
			for _, code := range []string{"column." + string(f), "field." + string(f)} {
				if texts.Has(code) {
					both := texts.Of(code).Both()
					names[plain(both.RU)], names[plain(both.EN)] = f, f
				}
			}
		}
	}
	return names
})

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

// titlesMost is how many rows may stand above the heading: the school's name, the title of the list.
const titlesMost = 10

// Heading finds the row, or the two rows one above the other, that name the columns, among the first of a
// file. It returns the names and how many rows from the top are no data; none when the first row is data.
func Heading(kind client.SubjectKind, rows [][]string) (names []string, above int) {
	all := Fields(kind)
	either := slices.Concat(Fields(client.KindContract), Fields(client.KindClient))
	scores, best := make([]int, min(len(rows), titlesMost+1)), 0
	for i := range scores {
		scores[i] = known(all, rows[i])
		best = max(best, scores[i])
	}
	for i, score := range scores {
		if score < 2 || 2*score < best {
			continue
		}
		names, above = slices.Clone(rows[i]), i+1
		if above < len(rows) && isSecondLevel(either, rows[above]) {
			return underneath(names, rows[above]), above + 1
		}
		return names, above
	}
	if len(rows) > 0 && HasHeading(rows[0]) {
		return slices.Clone(rows[0]), 1
	}
	return nil, 0
}

// known counts the cells of a row that name a column.
func known(fields []Field, row []string) int {
	n := 0
	for _, text := range row {
		if _, weight := byHeading(fields, text); weight > perhaps && !isData(text) {
			n++
		}
	}
	return n
}

// isSecondLevel tells a row that goes on naming the columns under merged cells: «Телефон» and «Почта»
// under «Контакты».
func isSecondLevel(fields []Field, row []string) bool {
	filled := 0
	for _, text := range row {
		if isData(text) {
			return false
		}
		if text != "" {
			filled++
		}
	}
	n := known(fields, row)
	return n > 0 && n == filled
}

func underneath(upper, lower []string) []string {
	names := make([]string, max(len(upper), len(lower)))
	copy(names, upper)
	for i, text := range lower {
		if text != "" {
			names[i] = text
		}
	}
	return names
}

// HasHeading tells whether the first row names the columns: some heading is known, or nothing in
// it looks like a number, a date or an address of a person.
func HasHeading(first []string) bool {
	all := slices.Concat(Fields(client.KindContract), Fields(client.KindClient))
	data := false
	for _, text := range first {
		if f, weight := byHeading(all, text); weight > 0 && f != Ignored && !isData(text) {
			return true
		}
		data = data || isData(text)
	}
	return !data
}

func isData(text string) bool { return isPhone(text) || isEmail(text) || isDate(text) }
