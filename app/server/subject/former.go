package subject

import (
	"strings"

	"dozvon/app/bilingual"
	"dozvon/client"
)

// What former versions have stored of why a call is shown as it is.

// oldNames begin the sentence of a name in what a former version has stored, where it was part of
// the rest.
var oldNames = []string{"Имя ", "Номера нет", "Номер скрыт", "The name ", "The number "}

// Beginnings of the sentence that tells to whom a call was sent, as former versions have stored it.
const (
	formerSentTo   = "переведён на "
	formerSentToEN = "sent to "
)

// FormerWhyRouted is what a former version told of where a call was sent: it did not note why, so its
// words stay.
func FormerWhyRouted(was client.Call) (bilingual.Text, bool) {
	text := bilingual.Text{RU: partOf(was.Why, formerSentTo), EN: partOf(was.WhyEN, formerSentToEN)}
	return text, text.RU != "" && text.EN != ""
}

// partOf finds the part of why that begins with the given words.
func partOf(why, begins string) string {
	for part := range strings.SplitSeq(why, "; ") {
		if strings.HasPrefix(part, begins) {
			return part
		}
	}
	return ""
}
