package store

import (
	"reflect"
	"strings"
	"unicode/utf8"
)

// bound makes every text one that both databases keep alike: PostgreSQL refuses NUL and what is no
// UTF-8. People's input is refused before it comes here; what a PBX, a file or an old row tells is
// kept with the mark � where it cannot be read, rather than not at all.
func bound(args []any) []any {
	for i, arg := range args {
		text, ok := arg.(string)
		if !ok {
			v := reflect.ValueOf(arg)
			if v.Kind() != reflect.String {
				continue
			}
			text = v.String() // a number, an id, a role
		}
		if !utf8.ValidString(text) || strings.IndexByte(text, 0) >= 0 {
			args[i] = Clean(text)
		}
	}
	return args
}

// Clean puts the mark � in the place of every NUL and every byte that is no UTF-8.
func Clean(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "\uFFFD")
}
