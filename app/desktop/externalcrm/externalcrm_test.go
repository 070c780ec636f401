package externalcrm_test

import (
	"errors"
	"testing"

	"dozvon/app/desktop/externalcrm"
	"dozvon/app/desktop/present"
	"dozvon/client"
)

func TestExternalCRM_opensTheOtherCRMOnlyWhereItCan(t *testing.T) {
	t.Parallel()
	away := errors.New("the server is away")
	links := client.CRMLink{Contract: "https://crm.school.ru/deal/{external_id}", Instead: true}
	beside := links
	beside.Instead = false
	for _, tt := range []struct {
		name  string
		links client.CRMLink
		kind  client.SubjectKind
		card  client.Contract
		fails error
		want  string
	}{
		{"a contract that is there", links, client.KindContract, client.Contract{ExternalID: "77"}, nil, "https://crm.school.ru/deal/77"},
		{"a contract that never was there", links, client.KindContract, client.Contract{}, nil, ""},
		{"a kind without a link", links, client.KindClient, client.Contract{ExternalID: "77"}, nil, ""},
		{"a link that stands beside ours", beside, client.KindContract, client.Contract{ExternalID: "77"}, nil, ""},
		{"a card that cannot be read", links, client.KindContract, client.Contract{}, away, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := externalcrm.Address(tt.links, tt.kind, func() (present.CRMCard, error) { return present.CRMCardOfContract(tt.card), tt.fails })
			if got != tt.want || !errors.Is(err, tt.fails) {
				t.Errorf("got %q and %v, want %q and %v", got, err, tt.want, tt.fails)
			}
		})
	}
}
