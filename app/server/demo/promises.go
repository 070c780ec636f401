package demo

import (
	"context"
	"fmt"
	"time"

	"dozvon/client"
)

// promises are what the operators have told clients they would do. None is due while somebody looks
// at the demo: reminders would lie over what it shows.
func promises(ctx context.Context, in Rooms, staff []client.Employee) error {
	day := time.Now().AddDate(0, 0, 1)
	tomorrow := time.Date(day.Year(), day.Month(), day.Day(), 10, 0, 0, 0, day.Location())
	for _, task := range []client.NewTask{
		{Phone: "+79030001010", Note: "Прислать расписание вождения", DueAt: &tomorrow},
		{Phone: "+79030001012", Note: "Рассказать о рассрочке", AssigneeID: staff[1].ID},
	} {
		if _, err := in.Followup.AddTask(ctx, staff[0], task); err != nil {
			return fmt.Errorf("promising a call: %w", err)
		}
	}
	return nil
}
