package present

import (
	"net/url"
	"strings"

	"dozvon/app/phone"
	"dozvon/client"
)

// WhatsAppLink opens a chat with a number; empty for what is no number.
func WhatsAppLink(number string) string {
	n, err := phone.Parse(number)
	if err != nil {
		return ""
	}
	return "https://wa.me/" + strings.TrimPrefix(string(n), "+")
}

// CRMCard is what a link to another CRM can be filled with.
type CRMCard struct{ ID, ExternalID, Number, Phone string }

// CRMLink is the address of a card in another CRM. It is empty when the school has none for this
// kind, when the template is no http address, or when the card lacks what it asks for: an address with
// a hole in it would open somebody else's card.
func CRMLink(links client.CRMLink, kind client.SubjectKind, card CRMCard) string {
	template := links.Client
	if kind == client.KindContract {
		template = links.Contract
	}
	values := map[string]string{"{id}": card.ID, "{external_id}": card.ExternalID, "{number}": card.Number, "{phone}": card.Phone}
	head, query, asks := strings.Cut(template, "?")
	query, fragment, marks := strings.Cut(query, "#")
	if !asks {
		head, fragment, marks = strings.Cut(template, "#")
	}
	for name, value := range values {
		if value == "" && strings.Contains(template, name) {
			return ""
		}
		head = strings.ReplaceAll(head, name, url.PathEscape(value))
		query = strings.ReplaceAll(query, name, url.QueryEscape(value))
		fragment = strings.ReplaceAll(fragment, name, url.PathEscape(value))
	}
	out := head
	if asks {
		out += "?" + query
	}
	if marks {
		out += "#" + fragment
	}
	address, err := url.Parse(out)
	if err != nil || address.Host == "" || address.Scheme != "http" && address.Scheme != "https" {
		return ""
	}
	return out
}

// HasCRMLink tells whether the school has a link for a kind of cards.
func HasCRMLink(links client.CRMLink, kind client.SubjectKind) bool {
	if kind == client.KindContract {
		return links.Contract != ""
	}
	return links.Client != ""
}

// CRMCardOfContract is what finds a contract in another CRM.
func CRMCardOfContract(c client.Contract) CRMCard {
	return CRMCard{ID: c.ID, ExternalID: c.ExternalID, Number: c.Number, Phone: firstOf(c.Phones)}
}

// CRMCardOfClient is what finds a client in another CRM; clients have no number.
func CRMCardOfClient(c client.Client) CRMCard {
	return CRMCard{ID: c.ID, ExternalID: c.ExternalID, Phone: firstOf(c.Phones)}
}

func firstOf(phones []string) string {
	if len(phones) == 0 {
		return ""
	}
	return phones[0]
}
