package recordings

import (
	"fmt"

	"dozvon/client"
)

// FileName is what a person can find again: «2026-11-24 14-32 Шангутов Александр.mp3».
func FileName(c client.Call, part int) string {
	name := c.Phone
	if c.Subject != nil {
		name = c.Subject.Name
	}
	if len(c.Recordings) > 1 {
		name = fmt.Sprintf("%s (%d)", name, part)
	}
	return fmt.Sprintf("%s %s.mp3", c.StartedAt.Local().Format("2006-01-02 15-04"), name)
}
