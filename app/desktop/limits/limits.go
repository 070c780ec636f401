// Package limits tells how many signs the server takes in a field, as the API's types say it themselves.
package limits

import (
	"fmt"
	"reflect"
	"strconv"
)

// Of is how many characters a text field of a type of the API may have, by its name in Go, e.g.
// Of[client.CallNote]("Text"). A field without a bound is a mistake of whoever asks.
func Of[T any](field string) int {
	kind := reflect.TypeFor[T]()
	f, ok := kind.FieldByName(field)
	if !ok {
		panic(fmt.Sprintf("%s has no field %s", kind, field))
	}
	most, err := strconv.Atoi(f.Tag.Get("maxLength"))
	if err != nil {
		panic(fmt.Sprintf("%s.%s has no bound: %v", kind, field, err))
	}
	return most
}
