package sandbox

import "strings"

// mark begins every id of a practice. The real school's ids never do.
const mark = "practice-"

// ID makes an id of a practice of another one.
func ID(id string) string { return mark + id }

// Is tells whether an id is a practice's.
func Is(id string) bool { return strings.HasPrefix(id, mark) }
