package imports

import (
	"net/mail"
	"strings"
	"unicode"

	"dozvon/client"
)

// statusWords are the statuses in people's words; by their beginnings.
var statusWords = map[client.SubjectKind][]struct{ begins, status string }{
	client.KindClient: {
		{"нов", client.StatusNew},
		{"new", client.StatusNew},
		{"связ", client.StatusContacted},
		{"созвон", client.StatusContacted},
		{"contacted", client.StatusContacted},
		{"дум", client.StatusThinking},
		{"thinking", client.StatusThinking},
		{"запис", client.StatusEnrolled},
		{"зачисл", client.StatusEnrolled},
		{"учится", client.StatusEnrolled},
		{"enrolled", client.StatusEnrolled},
		{"отказ", client.StatusRefused},
		{"refused", client.StatusRefused},
	},
	client.KindContract: {
		{"действ", client.StatusActive},
		{"актив", client.StatusActive},
		{"учится", client.StatusActive},
		{"открыт", client.StatusActive},
		{"active", client.StatusActive},
		{"заверш", client.StatusFinished},
		{"законч", client.StatusFinished},
		{"выпу", client.StatusFinished},
		{"исполн", client.StatusFinished},
		{"finished", client.StatusFinished},
		{"расторг", client.StatusCancelled},
		{"отмен", client.StatusCancelled},
		{"отчисл", client.StatusCancelled},
		{"cancelled", client.StatusCancelled},
	},
}

func readStatus(kind client.SubjectKind, text string) (string, bool) {
	text = plain(text)
	for _, w := range statusWords[kind] {
		if strings.HasPrefix(text, w.begins) {
			return w.status, true
		}
	}
	return "", false
}

// readKind tells a lead from a client. Other programs' «Контакт» and «Компания» are told, and neither.
func readKind(text string) (kind string, told bool) {
	text = plain(text)
	for _, w := range []struct{ begins, kind string }{
		{"лид", "lead"},
		{"lead", "lead"},
		{"клиент", "client"},
		{"client", "client"},
		{"customer", "client"},
		{"контакт", ""},
		{"компани", ""},
		{"contact", ""},
		{"company", ""},
		{"физ", ""},
		{"юр", ""},
		{"person", ""},
	} {
		if strings.HasPrefix(text, w.begins) {
			return w.kind, true
		}
	}
	return "", false
}

// readTags leaves out Google's own groups, which begin with a star: «* myContacts».
func readTags(cell string) []string {
	var tags []string
	for part := range strings.FieldsFuncSeq(strings.ReplaceAll(cell, ":::", ","), func(r rune) bool { return r == ',' || r == ';' || r == '\n' || r == '#' }) {
		if part = strings.TrimSpace(part); part != "" && !strings.HasPrefix(part, "*") {
			tags = append(tags, part)
		}
	}
	return tags
}

// readEmails parts a cell into addresses.
func readEmails(cell string) []string {
	if isAddress(cell) {
		return []string{cell}
	}
	return strings.FieldsFunc(strings.ReplaceAll(cell, ":::", ","), func(r rune) bool { return unicode.IsSpace(r) || r == ',' || r == ';' || r == '|' })
}

func isAddress(text string) bool {
	_, err := mail.ParseAddress(text)
	return err == nil
}
