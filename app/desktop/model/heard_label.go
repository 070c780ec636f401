package model

import (
	"slices"
	"strings"
	"unicode"
)

// labelMost is how long a word that says whose number it is may be.
const labelMost = 30

var (
	// passing are words that say no more than that a number follows.
	passing = strings.Fields("телефон телефона телефоны тел т мобильный мобильник моб сотовый сот номер номера ном ее его их " +
		"phone tel mobile mob cell number no is s")
	// openers begin sentences with a capital and are no names.
	openers = strings.Fields("и или а но с со от у на по для через это есть вот еще после до вечером утром днем завтра сегодня потом лучше " +
		"звонить звоните звонил звонила звонили позвонить позвоните позвонил позвонила перезвонить перезвоните перезвонил перезвонила " +
		"набрать наберите связь связаться писать пишите напишите написать запиши запишите записать записал смс вотсап ватсап " +
		"просил просила просит просили дал дала дали сказал сказала сказали оставил оставила оставили новый другой второй срочно только " +
		"and or at on to call ring back dial use by new another please ask asked gave left after before whatsapp viber telegram")
	// kin are words that say whose number it is, by any of their cases: the first form of each line is the label.
	kin = byForm(`
		жена жены жене жену женой женою
		муж мужа мужу мужем муже
		мама мамы маме маму мамой
		папа папы папе папу папой
		мать матери матерью
		отец отца отцу отцом отце
		сын сына сыну сыном сыне
		дочь дочери дочерью
		дочка дочки дочке дочку дочкой
		брат брата брату братом брате
		сестра сестры сестре сестру сестрой
		бабушка бабушки бабушке бабушку бабушкой
		дедушка дедушки дедушке дедушку дедушкой
		дед деда деду дедом
		внук внука внуку внуком
		внучка внучки внучке внучку внучкой
		тётя тёти тёте тётю тётей
		дядя дяди дяде дядю дядей
		тёща тёщи тёще тёщу тёщей
		тесть тестя тестю тестем
		свекровь свекрови свекровью
		зять зятя зятю зятем
		невеста невесты невесте невесту невестой
		жених жениха жениху женихом
		друг друга другу другом друге
		подруга подруги подруге подругу подругой
		сосед соседа соседу соседом
		соседка соседки соседке соседку соседкой
		родители родителей родителям родителями
		опекун опекуна опекуну опекуном
		няня няни няне няню няней
		коллега коллеги коллеге коллегу коллегой
		начальник начальника начальнику начальником
		директор директора директору директором
		бухгалтер бухгалтера бухгалтеру бухгалтером
		секретарь секретаря секретарю секретарём
		инструктор инструктора инструктору инструктором
		работа работы работе работу работой
		рабочий рабочего рабочему рабочим рабочем
		домашний домашнего домашнему домашним домашнем
		дом дома дому домом
		офис офиса офису офисом офисе
		дача дачи даче дачу дачей
		wife
		husband
		mother mom mum
		father dad
		son
		daughter
		brother
		sister
		grandmother grandma
		grandfather grandpa
		aunt
		uncle
		friend
		parents parent
		work
		office
		home
		boss`)
)

// byForm reads lines of a word's forms into the first form of each.
func byForm(lines string) map[string]string {
	out := map[string]string{}
	for line := range strings.Lines(strings.TrimSpace(lines)) {
		forms := strings.Fields(line)
		for _, form := range forms {
			out[folded(form)] = forms[0]
		}
	}
	// English ones are labels as they are said.
	for _, said := range []string{"mom", "mum", "dad", "grandma", "grandpa", "parent"} {
		out[said] = said
	}
	return out
}

// folded is a word as it is looked for: е and ё are one.
func folded(word string) string { return strings.ReplaceAll(strings.ToLower(word), "ё", "е") }

// labelBefore is whose number follows a text, by its last words: one of kin, in the nominative, or a name as
// it is written. Any other word says nothing: what it says would be a guess, in whatever case it stands.
func labelBefore(text string) string {
	text = text[strings.LastIndexAny(text, ",;\n!?")+1:]
	words := strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) && r != '-' })
	name := ""
	for _, word := range slices.Backward(words) {
		if word = strings.Trim(word, "-"); word == "" {
			continue
		}
		form := folded(word)
		who, known := kin[form]
		switch {
		case known && name != "" && form == folded(who):
			return within(who + " " + name)
		case known:
			return who
		case name != "":
			return name
		case slices.Contains(passing, form):
		case isName(word):
			name = within(word)
		default:
			return ""
		}
	}
	return name
}

// isName tells whether a word is a name: it has a capital, no figure, and begins no sentence that says what to do.
func isName(word string) bool {
	return unicode.IsUpper([]rune(word)[0]) && len([]rune(word)) > 1 && !strings.ContainsFunc(word, unicode.IsNumber) && !slices.Contains(openers, folded(word))
}

// within is a label that is not too long, else none.
func within(label string) string {
	if len([]rune(label)) > labelMost {
		return ""
	}
	return label
}
