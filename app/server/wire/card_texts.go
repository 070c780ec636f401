package wire

import (
	"reflect"
	"strings"

	"dozvon/app/server/crm"
	"dozvon/client"
)

// cardTexts are the fields of plain text that a type of the API has of a kind of card, by JSON name.
type cardTexts[T any] []cardText

type cardText struct {
	field crm.Field
	at    int // the place in T
}

var (
	clientTexts        = textsOf[client.Client](client.KindClient)
	contractTexts      = textsOf[client.Contract](client.KindContract)
	clientInputTexts   = textsOf[client.ClientInput](client.KindClient)
	contractInputTexts = textsOf[client.ContractInput](client.KindContract)
)

// textsOf finds them once, so that a card costs no search.
func textsOf[T any](kind client.SubjectKind) cardTexts[T] {
	places, of := map[string]int{}, reflect.TypeFor[T]()
	for i := range of.NumField() {
		name, _, _ := strings.Cut(of.Field(i).Tag.Get("json"), ",")
		places[name] = i
	}
	var all cardTexts[T]
	for _, f := range crm.Fields(kind) {
		if at, ok := places[f.Name]; ok && f.Text != nil {
			all = append(all, cardText{f, at})
		}
	}
	return all
}

// put writes a card's texts into what is sent.
func (all cardTexts[T]) put(c crm.Card, out *T) {
	v := reflect.ValueOf(out).Elem()
	for _, t := range all {
		v.Field(t.at).SetString(*t.field.Text(&c))
	}
}

// take reads the texts of an input, by the names of the fields; nil: the field stays.
func (all cardTexts[T]) take(in T) map[string]*string {
	v, out := reflect.ValueOf(in), make(map[string]*string, len(all))
	for _, t := range all {
		out[t.field.Name], _ = v.Field(t.at).Interface().(*string)
	}
	return out
}
