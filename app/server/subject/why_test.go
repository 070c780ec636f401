package subject_test

import (
	"testing"

	"dozvon/app/server/subject"
)

func TestReplaceWhy_dropsAFormerName(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ rest, want string }{
		{"", "Имя из договора"},
		{"дополнено сверкой с АТС", "Имя из договора; дополнено сверкой с АТС"},
		{"Имя из карточки клиента", "Имя из договора"},
		{"Номер скрыт; АТС: занято (1111)", "Имя из договора; АТС: занято (1111)"},
	} {
		if got := subject.ReplaceWhy("Имя из договора", tt.rest); got != tt.want {
			t.Errorf("before %q: %q, want %q", tt.rest, got, tt.want)
		}
	}
	if got := subject.RestOfWhy("Имя из договора; АТС: занято (1111)"); got != "АТС: занято (1111)" {
		t.Errorf("the rest is %q", got)
	}
}
