// Package crm holds the rules of the school's cards: whose number it is, what a
// card must have, how its text is folded for search. Plain functions over the wire's
// types; it knows no SQL and no HTTP.
package crm

import (
	"cmp"
	"slices"
	"strings"

	"dozvon/client"
)

// Subjects puts the owners of a number in order: contracts first, then clients, in just this
// order, the newest first in each. The first is whom the call is bound to.
func Subjects(contracts []client.Contract, clients []client.Client) []client.Subject {
	slices.SortFunc(contracts, func(a, b client.Contract) int {
		return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), cmp.Compare(a.ID, b.ID))
	})
	slices.SortFunc(clients, func(a, b client.Client) int {
		return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), cmp.Compare(a.ID, b.ID))
	})
	var all []client.Subject
	for _, c := range contracts {
		all = append(all, OfContract(c))
	}
	for _, c := range clients {
		all = append(all, OfClient(c))
	}
	return all
}

// OfContract is a contract as somebody who calls: «Договор № 123 · кат. B · группа 14».
func OfContract(c client.Contract) client.Subject {
	ru, en := []string{"Договор № " + c.Number}, []string{"Contract No. " + c.Number}
	if c.Category != "" {
		ru, en = append(ru, "кат. "+c.Category), append(en, "cat. "+c.Category)
	}
	if c.Group != "" {
		ru, en = append(ru, "группа "+c.Group), append(en, "group "+c.Group)
	}
	return client.Subject{
		Kind: client.KindContract, ID: c.ID, Name: c.Name, Responsible: c.Responsible,
		Detail: strings.Join(ru, " · "), DetailEN: strings.Join(en, " · "),
	}
}

// OfClient is a client as somebody who calls: «Клиент» or «Клиент · лид».
func OfClient(c client.Client) client.Subject {
	s := client.Subject{Kind: client.KindClient, ID: c.ID, Name: c.Name, Responsible: c.Responsible, Detail: "Клиент", DetailEN: "Client"}
	if c.Kind == Lead {
		since := c.CreatedAt.Format("02.01")
		s.Detail, s.DetailEN = "Клиент · лид от "+since, "Client · lead since "+since
	}
	return s
}

// Fold makes text comparable for search: lower case, ё as е, single spaces. The databases fold
// ASCII only.
func Fold(parts ...string) string {
	text := strings.ToLower(strings.Join(parts, " "))
	return strings.Join(strings.Fields(strings.ReplaceAll(text, "ё", "е")), " ")
}

// FoldNeedle folds what a person types into a search field. A number typed in any spelling
// finds the E.164 that is stored.
func FoldNeedle(text string) string {
	folded := Fold(text)
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		if strings.ContainsRune("+-() ", r) {
			return -1
		}
		return 'x'
	}, folded)
	if len(digits) < 3 || strings.Contains(digits, "x") {
		return folded
	}
	// 8 is how people dial at home what is stored with +7; the beginning of a mobile counts too.
	if digits[0] == '8' && (len(digits) == 11 || digits[1] == '9') {
		digits = "7" + digits[1:]
	}
	return digits
}
