package staff_test

import (
	"slices"
	"strings"
	"testing"

	"dozvon/app/practice/staff"
)

func office() *staff.Staff {
	return staff.New(staff.Config{
		People: []staff.Employee{{Extension: "101", Mobile: "79000001101"}, {Extension: "102"}, {Extension: "106"}, {Extension: "108"}},
		Group:  "900", Members: []string{"102", "106"},
		Make: func(extension string) staff.Employee { return staff.Employee{Extension: extension, Name: "made"} },
		Own:  func(number string) (string, bool) { return strings.CutPrefix(number, "sip:user") },
	})
}

func TestResolve_readsWhatSomebodyDials(t *testing.T) {
	t.Parallel()
	s := office()
	for number, want := range map[string]staff.Destination{
		"101":              {Extensions: []string{"101"}},
		"sip:user102":      {Extensions: []string{"102"}},
		"900":              {Extensions: []string{"102", "106"}, Group: "900"},
		"8 (900) 000-01-0": {Outside: "8900000010"},
		"89000000101":      {Outside: "79000000101"},
		"+81 3 1234 5678":  {Outside: "81312345678"},
	} {
		got, ok := s.Resolve(number)
		if !ok || !slices.Equal(got.Extensions, want.Extensions) || got.Group != want.Group || got.Outside != want.Outside {
			t.Errorf("%s is %+v %v, want %+v", number, got, ok, want)
		}
	}
	for _, number := range []string{"", "77", "sip:user999", "ivan@example.com", "1234567890123456"} {
		if got, ok := s.Resolve(number); ok {
			t.Errorf("%q is %+v", number, got)
		}
	}
}

func TestEnsure_makesTheMissingBesideThoseThatAreThere(t *testing.T) {
	t.Parallel()
	s := office()
	s.Ensure(3)
	s.Ensure(6)
	var extensions []string
	for _, e := range s.All() {
		extensions = append(extensions, e.Extension)
	}
	if want := []string{"101", "102", "106", "108", "107", "109"}; !slices.Equal(extensions, want) {
		t.Errorf("%v, want %v", extensions, want)
	}
}

func TestOwner_isFoundByEveryNumberOfHis(t *testing.T) {
	t.Parallel()
	s := office()
	for _, value := range []string{"101", "sip:user101", "79000001101"} {
		if e, ok := s.Owner(value); !ok || e.Extension != "101" {
			t.Errorf("%s is %+v", value, e)
		}
	}
	if _, ok := s.Owner("79000009999"); ok {
		t.Error("a stranger's number has an owner")
	}
}

func TestNew_groupOfTheFirstWhenItsMembersAreNotThere(t *testing.T) {
	t.Parallel()
	s := staff.New(staff.Config{People: []staff.Employee{{Extension: "1"}, {Extension: "2"}, {Extension: "3"}, {Extension: "4"}}, Members: []string{"9"}})
	if got := s.Members(); !slices.Equal(got, []string{"1", "2", "3"}) {
		t.Errorf("members %v", got)
	}
}
