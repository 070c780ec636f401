package settings

import (
	"slices"

	"dozvon/client"
)

func has(tabs []tab, t tab) bool { return slices.Contains(tabs, t) }

func samePeople(a, b []client.Employee) bool { return slices.Equal(a, b) }
