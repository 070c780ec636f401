// Package limits tells how many signs the server takes in a field, as the API's types say it themselves.
package limits

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// Of is how many characters a text field of a type of the API may have, by its name in the API, e.g.
// Of[client.CallNote]("text"). A field without a bound is a mistake of whoever asks.
func Of[T any](field string) int {
	kind := reflect.TypeFor[T]()
	for _, f := range reflect.VisibleFields(kind) {
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != field {
			continue
		}
		most, err := strconv.Atoi(f.Tag.Get("maxLength"))
		if err != nil {
			panic(fmt.Sprintf("%s of %s has no bound: %v", field, kind, err))
		}
		return most
	}
	panic(fmt.Sprintf("%s has no %s", kind, field))
}
