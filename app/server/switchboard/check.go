package switchboard

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"dozvon/app/server/pbx"
	"dozvon/app/server/store"
	"dozvon/client"
)

// Check tells in words what of an integration works and what does not, and what to do.
func (s *Switchboard) Check(ctx context.Context, id string) ([]client.Check, error) {
	t := s.office.Load().byID[id]
	if t == nil {
		return nil, fmt.Errorf("integration %s: %w", id, store.ErrNotFound)
	}
	var out []client.Check
	dir, ok := t.provider.(pbx.Directory)
	if ok {
		out = append(out, s.checkDirectory(ctx, t, dir)...)
	}
	out = append(out, s.checkEvents(t), s.checkTable(t))
	return out, nil
}

func (s *Switchboard) checkDirectory(ctx context.Context, t *trunk, dir pbx.Directory) []client.Check {
	const name = "Код и ключ подписи"
	extensions, err := dir.Extensions(ctx)
	if err != nil {
		return []client.Check{{Name: name, State: "failed", Text: inWords(err)}}
	}
	lines, err := dir.Lines(ctx)
	if err != nil {
		return []client.Check{{Name: name, State: "failed", Text: inWords(err)}}
	}
	out := []client.Check{{Name: name, State: "ok", Text: fmt.Sprintf("АТС приняла подпись: сотрудников с номером — %d, линий — %d", len(extensions), len(lines))}}
	var unknown []string
	for _, e := range extensions {
		if t.owners[e.Number] == "" {
			unknown = append(unknown, e.Number)
		}
	}
	if len(unknown) > 0 {
		out = append(out, client.Check{
			Name: "Внутренние номера", State: "warning",
			Text: "Есть в АТС, но ни с кем не связаны: " + strings.Join(unknown, ", ") + ". Добавьте их в таблицу сотрудников.",
		})
	}
	return out
}

func inWords(err error) string {
	var refused *pbx.Refused
	if errors.As(err, &refused) {
		return fmt.Sprintf("АТС ответила %d: %s. Скопируйте код и ключ из кабинета ещё раз: Интеграции → API коннектор.", refused.Code, refused.Words.RU)
	}
	return "АТС не отвечает. Проверьте адрес API и интернет на сервере."
}

func (s *Switchboard) checkEvents(t *trunk) client.Check {
	c := client.Check{Name: "События доходят до нас", State: "ok"}
	last := t.LastEvent
	if at, ok := s.seen.Load(t.ID); ok {
		c.Text = "Последнее — только что"
		_ = at
		return c
	}
	if last == nil {
		c.State = "warning"
		c.Text = "Ещё ни одного. Вставьте адрес из шага 2 в кабинет: Интеграции → API коннектор → «Адрес внешней системы»."
		return c
	}
	c.Text = "Последнее — " + s.Now().Sub(*last).Truncate(1e9).String() + " назад"
	return c
}

func (s *Switchboard) checkTable(t *trunk) client.Check {
	if len(t.owners) == 0 {
		return client.Check{Name: "Таблица сотрудников", State: "failed", Text: "Пуста: карточка не появится ни у кого. Добавьте сотрудника и его внутренний номер."}
	}
	return client.Check{Name: "Таблица сотрудников", State: "ok", Text: fmt.Sprintf("Строк: %d", len(t.owners))}
}
