//go:build linux

package bench

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"iter"
	"math/rand/v2"
	"strings"
	"time"

	"dozvon/app/server/entry"

	"dozvon/app/server/call"
	"dozvon/app/server/crm"
	"dozvon/app/server/indexer"
	"dozvon/app/server/store/textindex"
	"dozvon/client"
)

// scaleVersion changes whenever the same sizes would give other rows.
const scaleVersion = 3

// scale is ten years of a large school, made up the same each time: entries and cards.
type scale struct{ entries, cards int }

const (
	scaleYears = 10
	// strangers are numbers that call and have no card, one for so many cards.
	strangersShare = 0.6
	hotCard        = 0    // a partner: every thousandth entry is theirs
	warmCards      = 1000 // call often
)

var (
	scaleEnd   = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	scaleBegan = scaleEnd.AddDate(-scaleYears, 0, 0)
)

// The staff: ten who stay all the time, thirty who work three years each, and one who wrote
// nothing after the first days. The lines: one that was given up after a year, and one that the
// first employee never speaks on.
const (
	scaleStaff = 41
	goneStaff  = 40
	scaleLines = 6
	goneLine   = 5
	keptLine   = 0 // the only one of employee 0
)

func scaleEmployee(n int) client.Person {
	return client.Person{ID: fmt.Sprintf("0195aaaa-0000-7000-8000-%012d", n), Name: personName(1000 + n*37)}
}

func scaleLine(n int) string { return fmt.Sprintf("+749512345%02d", n) }

var (
	lastNames   = strings.Fields("Иванов Смирнов Кузнецов Попов Васильев Петров Соколов Михайлов Новиков Фёдоров Морозов Волков Алексеев Лебедев Семёнов Егоров Павлов Козлов Степанов Николаев Орлов Андреев Макаров Никитин Захаров Зайцев Соловьёв Борисов Яковлев Григорьев Романов Воробьёв Сергеев Кузьмин Фролов Александров Дмитриев Королёв Гусев Киселёв Ильин Максимов Поляков Сорокин Виноградов Ковалёв Белов Медведев Антонов Тарасов Жуков Баранов Филиппов Комаров Давыдов Беляев Герасимов Богданов Осипов Сидоров Матвеев Титов Марков Миронов Крылов Куликов Карпов Власов Мельников Денисов Гаврилов Тихонов Казаков Афанасьев Данилов Савельев Тимофеев Фомин Чернов Абрамов Мартынов Ефимов Федотов Щербаков Назаров Калинин Исаев Чернышёв Быков Маслов Родионов Коновалов Лазарев Воронин Климов Филатов Пономарёв Голубев Кудрявцев Прохоров Наумов Потапов Журавлёв Овчинников Трофимов Леонов Соболев Ермаков Колесников Гончаров Емельянов Никифоров Грачёв Котов Гришин Ефремов Архипов Громов Кириллов Малышев Панов Моисеев Румянцев Акимов Кондратьев Бирюков Горбунов Анисимов Еремин Тихомиров Галкин Лукьянов Михеев Скворцов Юдин Белоусов Нестеров Симонов Прокофьев Харитонов Князев Цветков Левин Митрофанов Воронов Аксёнов Софронов Мальцев Логинов Горшков Савин Краснов Майоров Демидов Елисеев Рыбаков Сафонов Плотников Демин Хохлов Фадеев Молчанов Игнатов Литвинов Ершов Ушаков Дементьев Рябов Мухин Калашников Леонтьев Лобанов Кузин Корнеев Евдокимов Бородин Платонов Некрасов Балашов Бобров Жданов Блинов Игнатьев Коротков Муравьёв Крюков Беляков Богомолов Дроздов Лавров Зуев Петухов Ларин Никулин Серов Терентьев Зотов Устинов Фокин Самойлов Константинов Сахаров Шишкин Самсонов Черкасов Чистяков Носов Спиридонов Карасёв Авдеев Воронцов Зверев Владимиров Селезнёв Нечаев Кудряшов Седов Фирсов Андрианов Панфилов Головин Терехов Ульянов Шестаков Агеев Никонов Селиванов Баженов Гордеев Кожевников Пахомов Зимин Костин Широков Филимонов Ларионов Овсянников Сазонов Суворов Нефёдов Корнилов Любимов Львов Горбачёв Копылов Лукин Токарев Кулешов Шилов Большаков Панкратов Родин Шаповалов Покровский Бочаров Никольский Маркин Горелов Агафонов Берёзин Ермолаев Зубков Куприянов Трифонов Масленников Круглов Третьяков Колосов Рожков Артамонов Шмелёв Лаптев Лапшин Федосеев Зиновьев Зорин Уткин Столяров Зубов Ткачёв Дорофеев Антипов Завьялов Свиридов Золотарёв Кулаков Мещеряков Макеев Дьяконов Гуляев Петровский Бондарев Поздняков Панин Кочетков Суханов Рыжов Старостин Калмыков Колесов Золотов Кравцов Субботин Шубин Щукин Лосев Винокуров Лапин Парфёнов Исаков Голованов Коровин Ростов Артёмов Козырев Русаков Алёшин Крючков Булгаков Кошелев Сычёв Синицын Черных Рогов Кононов Лаврентьев Евсеев Пименов Пантелеев Горячев Аникин Лопатин Рудаков Одинцов Серебряков Панков Дегтярёв Винокур Шангутов")
	firstNames  = strings.Fields("Александр Сергей Дмитрий Андрей Алексей Максим Евгений Иван Михаил Артём Николай Владимир Виктор Роман Олег Павел Константин Игорь Юрий Денис Антон Илья Кирилл Никита Егор Анна Мария Елена Ольга Наталья Екатерина Татьяна Ирина Светлана Юлия Анастасия Дарья Вера Ксения Полина")
	middleNames = strings.Fields("Александрович Сергеевич Дмитриевич Андреевич Алексеевич Викторович Евгеньевич Иванович Михайлович Николаевич Александровна Сергеевна Дмитриевна Андреевна Алексеевна Викторовна Евгеньевна Ивановна Михайловна Николаевна")
	noteWords   = strings.Fields("просил перезвонить вечером завтра утром после обеда оплатил рассрочка категория механика автомат экзамен теория площадка город инструктор перенёс занятие справка медкомиссия документы паспорт фотография договор скидка студент группа выходного дня вождение ГИБДД пересдача маршрут записал жена муж мама брат сестра номер сменил уехал вернётся понедельник вторник среда четверг пятница суббота воскресенье январь февраль март апрель май июнь думает сравнивает цена дорого согласен отказался перезвонит сам")
)

// personName is one of half a million, the first ones of each list more often.
func personName(n int) string {
	h := scatter(uint64(n))
	last := int(h % uint64(len(lastNames)))
	if h>>60 < 6 {
		last %= 30
	}
	return lastNames[last] + " " + firstNames[h>>20%uint64(len(firstNames))] + " " + middleNames[h>>40%uint64(len(middleNames))]
}

// scatter spreads neighbouring numbers (splitmix64).
func scatter(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

func (s scale) stranger(n int) string { return fmt.Sprintf("+7916%07d", n) }
func (s scale) strangers() int        { return max(1, int(strangersShare*float64(s.cards))) }

func scaleID(at time.Time, n int, kind uint64) string {
	h := scatter(uint64(n)<<3 | kind)
	ms := at.UnixMilli()
	return fmt.Sprintf("%08x-%04x-7%03x-%04x-%012x", ms>>16, ms&0xffff, h&0xfff, 0x8000|h>>12&0x3fff, h>>16)
}

func (s scale) cardRef(n int) client.SubjectRef {
	ref := client.SubjectRef{Kind: client.KindClient, ID: scaleID(s.cardAt(n), n, 1)}
	if n%2 == 0 {
		ref.Kind = client.KindContract
	}
	return ref
}

func (s scale) cardAt(n int) time.Time {
	return scaleBegan.Add(time.Duration(n) * (scaleEnd.Sub(scaleBegan) / time.Duration(s.cards))).Truncate(time.Millisecond)
}

func (s scale) card(n int) crm.Card {
	ref, at := s.cardRef(n), s.cardAt(n)
	c := crm.Card{
		Kind: ref.Kind, ID: ref.ID, Version: 1, Name: personName(n), PhoneList: []crm.Phone{{Number: cardPhone(n)}}, Tags: []string{},
		CreatedAt: at, UpdatedAt: at,
	}
	if ref.Kind == client.KindContract {
		c.Number, c.Category, c.Group, c.Status = fmt.Sprintf("%d/%d", n/2, at.Year()), "B", fmt.Sprint(n%400), client.StatusActive
		return c
	}
	c.ClientKind, c.Status = crm.Client, client.StatusNew
	return c
}

// scaleRow is an entry with its card, as the server's own writing and indexing would leave it.
type scaleRow struct {
	entry.Entry
	ref client.SubjectRef
	ord int64
}

func (r scaleRow) view() string {
	kept := r.Entry
	kept.Subject = nil
	raw, _ := json.Marshal(kept) // an entry always has a JSON form
	return string(raw)
}

// document is the entry as the server's indexer takes it in.
func (r scaleRow) document() textindex.Document { return indexer.Entry(r.Entry) }

// ordOf is a document's place in the full-text index, as the store gives it.
func ordOf(id string, at time.Time) int64 {
	h := fnv.New32a()
	h.Write([]byte(id))
	return at.UnixMilli()<<20 | int64(h.Sum32())&(1<<20-1)
}

func (s scale) at(n int) time.Time {
	step := scaleEnd.Sub(scaleBegan) / time.Duration(s.entries)
	jitter := time.Duration(scatter(uint64(n)) % uint64(max(step, 1)))
	return scaleBegan.Add(time.Duration(n)*step + jitter).Truncate(time.Millisecond)
}

// rows gives every entry, oldest first.
func (s scale) rows() iter.Seq[scaleRow] {
	return func(yield func(scaleRow) bool) {
		r := rand.New(rand.NewPCG(7, scaleVersion))
		for n := range s.entries {
			if !yield(s.row(n, r)) {
				return
			}
		}
	}
}

func (s scale) row(n int, r *rand.Rand) scaleRow {
	at := s.at(n)
	row := scaleRow{Entry: entry.Entry{ID: scaleID(at, n, 0), At: at}}
	row.ord = ordOf(row.ID, at)
	s.whose(&row, r)
	year := n * scaleYears / s.entries
	who := scaleEmployee(s.who(n, year, r))
	row.Employee = &who
	switch x := r.IntN(1000); {
	case x < 460:
		s.call(&row, entry.CallIn, client.Answered, year, r)
	case x < 580:
		s.call(&row, entry.CallOut, client.NoAnswer, year, r)
	case x < 760:
		s.call(&row, entry.CallOut, client.Answered, year, r)
	case x < 790:
		s.call(&row, entry.CallOut, client.Busy, year, r)
	case x < 793:
		s.call(&row, entry.CallOut, client.Failed, year, r)
	case x < 890:
		s.call(&row, entry.CallMissed, client.Missed, year, r)
	case x < 910:
		s.call(&row, entry.CallMissed, client.Declined, year, r)
	case x < 965:
		row.Type, row.Description = entry.Note, note(r)
	case x < 995:
		row.Type, row.Description, row.DescriptionEN, row.Delivery = entry.SMS, "SMS: "+note(r), "", entry.Delivered
	default:
		row.Type, row.Description, row.DescriptionEN = entry.ClientCreated, "Создана карточка: "+personName(n), "Card made: "+personName(n)
	}
	if row.Type == entry.Note || row.Type == entry.ClientCreated {
		row.Phone = ""
	}
	return row
}

func (s scale) whose(row *scaleRow, r *rand.Rand) {
	card := -1
	switch x := r.IntN(1000); {
	case x < 1:
		card = hotCard
	case x < 60:
		card = r.IntN(min(warmCards, s.cards))
	case x < 750:
		card = r.IntN(s.cards)
	}
	if card < 0 {
		row.Phone = s.stranger(r.IntN(s.strangers()))
		return
	}
	row.Phone, row.ref = cardPhone(card), s.cardRef(card)
	subject := s.card(card).Subject()
	row.Subject = &subject
}

func (s scale) who(n, year int, r *rand.Rand) int {
	if n < s.entries/5000 && n%2 == 0 {
		return goneStaff
	}
	if r.IntN(2) == 0 {
		return r.IntN(10)
	}
	// Ten of the thirty are there at a time.
	return 10 + (year/3*10+r.IntN(10))%30
}

func (s scale) call(row *scaleRow, kind entry.Type, result client.Result, year int, r *rand.Rand) {
	line := min(r.IntN(10), goneLine)
	switch {
	case line == goneLine && year > 0:
		line = 1
	case row.Employee.ID == scaleEmployee(0).ID:
		line = keptLine
	}
	seconds := 5 + r.IntN(200)
	row.Type, row.Result, row.Line, row.CallID = kind, call.Result(result), scaleLine(line), row.ID
	row.Source, row.SourceName = "mango", "Mango Office"
	ru, en := "Исходящий вызов: ", "Outgoing call: "
	switch kind {
	case entry.CallIn:
		ru, en = "Входящий вызов: ", "Incoming call: "
	case entry.CallMissed:
		ru, en, row.Employee = "Пропущенный вызов: ", "Missed call: ", nil
	}
	row.Description, row.DescriptionEN = ru+row.Phone, en+row.Phone
	if result == client.Answered {
		rang := seconds / 10
		row.TalkSeconds, row.AnswerSeconds = &seconds, &rang
	} else {
		row.WaitSeconds = &seconds
	}
}

func note(r *rand.Rand) string {
	words := make([]string, 5+r.IntN(15))
	for i := range words {
		// The first words of the list are the commonest.
		words[i] = noteWords[r.IntN(1+r.IntN(len(noteWords)))]
	}
	if r.IntN(20) == 0 {
		words = append(words, fmt.Sprintf("квитанция%d", r.IntN(1_000_000)))
	}
	return strings.Join(words, " ")
}
