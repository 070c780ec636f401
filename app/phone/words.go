package phone

import (
	"regexp"
	"strings"
	"unicode"
)

// twins are letters that look alike on a Russian and a Latin keyboard; the Latin one stands for both.
var twins = map[rune]rune{
	'а': 'a', 'в': 'b', 'е': 'e', 'ё': 'e', 'к': 'k', 'м': 'm', 'н': 'h', 'о': 'o', 'р': 'p', 'с': 'c', 'т': 't', 'у': 'y', 'х': 'x', 'і': 'i',
}

// skeleton is a text by which words are known whatever keyboard their letters came from. It has a
// rune for each of the text.
func skeleton(text []rune) string {
	var b strings.Builder
	for _, r := range text {
		r = unicode.ToLower(r)
		if t, ok := twins[r]; ok {
			r = t
		}
		b.WriteRune(r)
	}
	return b.String()
}

// words is a pattern of words, any of them, as skeletons.
func words(all string) string { return "(?:" + skeleton([]rune(all)) + ")" }

// Words that call what stands behind them an extension.
var (
	extensionWord = words(`добавочн[а-яa-z]*|добав|доб|внутренн[а-яa-z]*|внутр|вн|extension|extn|ext|тональн[а-яa-z]*|тон`)
	// extensionNamed may stand anywhere behind the number.
	extensionNamed = regexp.MustCompile(`(?:^|[^\p{L}])` + extensionWord + `[\s.:№#,=-]*(?:` + words("номер") + `[\s.:№#-]*)?(\d{1,8})#?(?:\D|$)`)
	// extensionSign stands at once behind the number: x104, #104, ,,104#, ;104, *104.
	extensionSign = regexp.MustCompile(`^(?:\s*\(?\s*[x#*]\s*\.?|\s*,\s*,[,\s]*|\s*;[\s,]*|[,\s]*[pw])\s*(\d{1,5})#?(?:[\s),;#]|$)|^,\s*(\d{3,5})#?$`)
	// extensionBefore stands at the beginning, before the number.
	extensionBefore = regexp.MustCompile(`^[\s(]*` + extensionWord + `[\s.:№#-]*(\d{1,8})[\s)]*[,;:–—\s-]*$`)
)

// identity are words that call the digits behind them something else than a telephone, with how
// many digits it has; none: one group.
var identity = []struct {
	word   *regexp.Regexp
	digits int
}{
	{behind(`инн`), 12},
	{behind(`кпп|бик`), 9},
	{behind(`огрн|огрнип`), 15},
	{behind(`снилс`), 11},
	{behind(`паспорт[а-я]*|пасп|серия|серии|в/у|ву|вод[.\s]*уд[а-я.]*|удостоверени[а-я]*|права`), 10},
	{behind(`сч[её]т[а-я]*|р/сч?|к/сч?|л/сч?|полис[а-я]*|омс|осаго|каско|iban`), 20},
	{behind(`птс|стс|vin`), 17},
	{behind(`договор[а-я]*|дог|контракт[а-я]*|заказ[а-я]*|заявк[а-я]*|id|ид|код|индекс|штраф[а-я]*|штрихкод|артикул`), 0},
}

// behind is a pattern of words that end a text; signs and "номер" may follow.
func behind(all string) *regexp.Regexp {
	return regexp.MustCompile(`(?:^|[^\p{L}])` + words(all) + `(?:[\s.:#=(-]|№|` + words(`номер|номера|серия|карты|банка|клиента|№|n`) + `)*$`)
}

// unit are words that make the digits before them an amount.
var unit = regexp.MustCompile(`^\s*(?:` + words(`руб[а-я]*|р|тыс[а-я]*|млн|км|кг|шт|usd|eur`) + `(?:[^\p{L}]|$)|₽|\$|€|%|°)`)

// noise are words that say no more than that a telephone follows.
var noise = regexp.MustCompile(`^(?:` + words(`телефон[а-я]*|телеф|тел|т|мобильн[а-я]*|моб|сотов[а-я]*|сот|номер[а-я]*|контактн[а-я]*|контакт[а-я]*|phone|tel|mobile|mob|cell|callto|number`) + `|№|#|\+)(?:[\s.:,;№#=–—-]+|$)`)

// noiseBehind is the same where a number follows.
var noiseBehind = regexp.MustCompile(`[\s.,;]` + words(`телефон|телеф|тел|мобильный|моб|сотовый|сот|phone|tel|mobile|mob|cell`) + `$`)

// joining are words between two numbers.
var joining = regexp.MustCompile(`^(?:и|или|либо|а также|and|or)(?:[\s,;:]+|$)|(?:^|[\s,;:]+)(?:и|или|либо|а также|and|or)$`)

// Numbers in the addresses of pages are none of people; but a chat's address holds a telephone.
var (
	hyperlink = regexp.MustCompile(`^(?:https?://|www\.|[a-z0-9-]+\.(?:ru|com|me|рф|org|net)/)`)
	chatLink  = regexp.MustCompile(`^(?:https?://)?(?:wa\.me/|t\.me/\+|api\.whatsapp\.com/|viber://)`)
)

// labelSigns are cut from the ends of a label.
const labelSigns = " \r\n,;:.-/|+=*#"

// tidyLabel is a label without the signs and words that part numbers.
func tidyLabel(text string) string {
	text = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || plainRune(r) == ignored }), " ")
	for {
		before := text
		text = strings.TrimFunc(text, func(r rune) bool { return strings.ContainsRune(labelSigns, plainRune(r)) })
		text = unbracketed(text)
		if m := noise.FindStringIndex(skeleton([]rune(text))); m != nil {
			text = string([]rune(text)[runesIn(skeleton([]rune(text)), m[1]):])
		}
		if m := noiseBehind.FindStringIndex(skeleton([]rune(text))); m != nil {
			text = string([]rune(text)[:runesIn(skeleton([]rune(text)), m[0])])
		}
		text = joining.ReplaceAllString(text, "")
		if text == before {
			return text
		}
	}
}

// unbracketed takes brackets away that stand around the whole, or alone at an end.
func unbracketed(text string) string {
	for _, pair := range []string{"()", "[]", "«»", `""`, "''", "<>", "{}"} {
		opening, closing := []rune(pair)[0], []rune(pair)[1]
		runes := []rune(text)
		if len(runes) == 0 {
			return ""
		}
		first, last := runes[0] == opening, runes[len(runes)-1] == closing
		inside := string(runes[1:max(1, len(runes)-1)])
		switch {
		case first && last && len(runes) > 1 && !strings.ContainsRune(inside, opening):
			text = inside
		case first && !strings.ContainsRune(string(runes[1:]), closing):
			text = string(runes[1:])
		case last && !strings.ContainsRune(string(runes[:len(runes)-1]), opening):
			text = string(runes[:len(runes)-1])
		}
	}
	return text
}

// runesIn is how many runes the first bytes of a text are.
func runesIn(text string, bytes int) int { return len([]rune(text[:bytes])) }
