package uitest

import (
	"testing"
)

// LongNames gives everybody of the made-up school the longest names that people have, until the test ends.
func LongNames(t *testing.T) {
	t.Helper()
	shangutov, zaitseva, kuznetsov, kireeva, borisov, schetova := Shangutov, Zaitseva, Kuznetsov, Kireeva, Borisov, Schetova
	t.Cleanup(func() {
		Shangutov, Zaitseva, Kuznetsov, Kireeva, Borisov, Schetova = shangutov, zaitseva, kuznetsov, kireeva, borisov, schetova
	})
	Kireeva.Name = "Мусина-Белозерская Екатерина Константиновна"
	Borisov.Name = "Прокопенко-Александровский Станислав Вячеславович"
	Schetova.Name = "Рождественская-Крижановская Валентина Аркадьевна"
	Shangutov.Name = "Константинопольская-Преображенская Александра Вячеславовна"
	Shangutov.Detail = "Договор № ПР-2026/0123-ВЕЧ · кат. B · группа 14 (вечерняя, Эгершельд)"
	Shangutov.Responsible = Person(Kireeva)
	Zaitseva.Name = "Нижегородцева-Краснопольская Ольга Всеволодовна"
	Kuznetsov.Name = "Кузнецов-Вознесенский Дмитрий Александрович"
}
