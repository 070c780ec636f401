// Package exports turns cards and entries into rows of a table for people. What it writes of cards
// package imports reads back. Plain functions: it writes no file and knows no SQL and no HTTP.
package exports

import (
	"fmt"
	"strings"
	"time"

	"dozvon/app/server/crm"
	"dozvon/client"
)

// in picks a word.
func in(language, ru, en string) string {
	if language == "en" {
		return en
	}
	return ru
}

func pick(language string, ru, en []string) []string {
	if language == "en" {
		return en
	}
	return ru
}

// ContractHeading names the columns of ContractRow.
func ContractHeading(language string) []string {
	return pick(language,
		[]string{"№ договора", "ФИО", "Телефон", "Категория", "Группа", "Дата договора", "Статус", "Ответственный", "Метки", "Примечание", "Внешний код", "Создан"},
		[]string{"Contract No.", "Full name", "Phone", "Category", "Group", "Signed on", "Status", "Responsible", "Tags", "Note", "External id", "Made at"})
}

// ClientHeading names the columns of ClientRow.
func ClientHeading(language string) []string {
	return pick(language,
		[]string{"ФИО", "Телефон", "Почта", "Тип", "Статус", "Ответственный", "Метки", "Примечание", "Внешний код", "Создан"},
		[]string{"Full name", "Phone", "E-mail", "Kind", "Status", "Responsible", "Tags", "Note", "External id", "Made at"})
}

// Row is a card as a row, under the heading of its kind.
func Row(c crm.Card, language string, zone *time.Location) []string {
	if c.Contract != nil {
		return contractRow(*c.Contract, language, zone)
	}
	return clientRow(*c.Client, language, zone)
}

func contractRow(c client.Contract, language string, zone *time.Location) []string {
	return []string{
		c.Number, c.Name, Phones(c.PhoneList), c.Category, c.Group, day(c.SignedOn), status(c.Status, language),
		person(c.Responsible), Tags(c.Tags), c.Note, c.ExternalID, moment(c.CreatedAt, zone),
	}
}

func clientRow(c client.Client, language string, zone *time.Location) []string {
	kind := in(language, "Клиент", "Client")
	if c.Kind == crm.Lead {
		kind = in(language, "Лид", "Lead")
	}
	return []string{
		c.Name, Phones(c.PhoneList), c.Email, kind, status(c.Status, language), person(c.Responsible),
		Tags(c.Tags), c.Note, c.ExternalID, moment(c.CreatedAt, zone),
	}
}

// Tags are all tags in one cell.
func Tags(list []string) string { return strings.Join(list, ", ") }

// Phones are all numbers in one cell, as an import reads them: «+79644399095, +79145550148 (жена)».
func Phones(list []client.Phone) string {
	var all []string
	for _, p := range list {
		text := p.Number
		if text == "" {
			text = p.Typed
		}
		if p.Ext != "" {
			text += " доб. " + p.Ext
		}
		if p.Label != "" {
			text += " (" + p.Label + ")"
		}
		all = append(all, text)
	}
	return strings.Join(all, ", ")
}

func person(p *client.Person) string {
	if p == nil {
		return ""
	}
	return p.Name
}

// day is a date as it is written in Russia, and as an import reads it.
func day(date string) string {
	at, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return date
	}
	return at.Format("02.01.2006")
}

func moment(at time.Time, zone *time.Location) string {
	return at.In(zone).Format("02.01.2006 15:04:05")
}

var words = map[string][2]string{
	client.StatusNew: {"Новый", "New"}, client.StatusContacted: {"Связались", "Contacted"}, client.StatusThinking: {"Думает", "Thinking"},
	client.StatusEnrolled: {"Записан", "Enrolled"}, client.StatusRefused: {"Отказ", "Refused"},
	client.StatusActive: {"Действует", "Active"}, client.StatusFinished: {"Завершён", "Finished"}, client.StatusCancelled: {"Расторгнут", "Cancelled"},

	string(client.EntryCallIn): {"Входящий", "Incoming"}, string(client.EntryCallMissed): {"Пропущенный", "Missed"},
	string(client.EntryCallOut): {"Исходящий", "Outgoing"}, string(client.EntryNote): {"Заметка", "Note"}, string(client.EntrySMS): {"SMS", "SMS"},
	string(client.EntryClientCreated): {"Создан клиент", "Client made"}, string(client.EntryContractCreated): {"Создан договор", "Contract made"},

	"answered": {"Отвечен", "Answered"}, "missed": {"Пропущен", "Missed"}, "no_answer": {"Нет ответа", "No answer"}, "busy": {"Занято", "Busy"},
	"declined": {"Отклонён", "Declined"}, "failed": {"Не удался", "Failed"}, "not_started": {"Не начат", "Not started"},
}

func status(code, language string) string {
	w, ok := words[code]
	if !ok {
		return code
	}
	return in(language, w[0], w[1])
}

// FeedHeading names the columns of FeedRow.
func FeedHeading(language string) []string {
	return pick(language,
		[]string{"Время", "Тип", "Телефон", "Кто", "Карточка", "Сотрудник", "Результат", "Ожидание, с", "Разговор, с", "Линия", "Описание", "Кто перезвонил", "Перезвонили"},
		[]string{"Time", "Type", "Phone", "Who", "Card", "Employee", "Result", "Wait, s", "Talk, s", "Line", "Description", "Called back by", "Called back at"})
}

// FeedRow is an entry of the feed.
func FeedRow(e client.FeedEntry, language string, zone *time.Location) []string {
	who, card := "", ""
	if s := e.Subject; s != nil {
		who, card = s.Name, in(language, s.Detail, s.DetailEN)
	}
	text := e.Description
	if language == "en" && e.DescriptionEN != "" {
		text = e.DescriptionEN
	}
	wait := e.WaitSeconds
	if wait == nil {
		wait = e.AnswerSeconds
	}
	by, at := "", ""
	if e.Settled != nil {
		by, at = person(e.Settled.By), moment(e.Settled.At, zone)
	}
	return []string{
		moment(e.At, zone), status(string(e.Type), language), e.Phone, who, card, person(e.Employee), status(string(e.Result), language),
		seconds(wait), seconds(e.TalkSeconds), e.Line, text, by, at,
	}
}

func seconds(n *int) string {
	if n == nil {
		return ""
	}
	return fmt.Sprint(*n)
}
