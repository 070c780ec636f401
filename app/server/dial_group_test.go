package server_test

import (
	"context"
	"slices"
	"testing"

	practice "dozvon/app/practice/mango"
	"dozvon/app/server"
	"dozvon/app/server/pbx"
	"dozvon/client"
)

// TestDial_aGroupThatNobodyHasIsNotDialled: the PBX is not told to, because it would count that and close
// its API to everybody at the second time.
func TestDial_aGroupThatNobodyHasIsNotDialled(t *testing.T) {
	t.Parallel()
	s, pbx := withPBXOf(t, server.Config{}, practice.Config{NoLimits: true})
	api := s.api("101")
	for _, group := range []string{"999", "Отдел продаж", "101", " ", "12345678901234567890", "900\u0661"} {
		for _, id := range []string{"", s.pbx.ID} {
			_, err := api.Dial(t.Context(), client.Dial{Phone: "+79145550148", Group: group, IntegrationID: id})
			var p *client.Problem
			if !asProblem(err, &p) || p.Code != "no_group" || p.Status != 422 || p.Detail == "" {
				t.Errorf("group %q by %q: %v", group, id, err)
			}
		}
	}
	if n := len(pbx.Calls()); n != 0 {
		t.Errorf("%d calls came of refused orders", n)
	}
	if _, err := api.Dial(t.Context(), client.Dial{Phone: "+79145550148", Group: "900"}); err != nil {
		t.Errorf("the group that is there: %v", err)
	}
}

// grouped is a PBX with groups.
type grouped struct {
	*plain
	groups []string
	rung   []string
	silent bool
}

func (g *grouped) HasGroup(_ context.Context, group string) (bool, error) {
	if g.silent {
		return false, pbx.ErrUnreachable
	}
	return slices.Contains(g.groups, group), nil
}

func (g *grouped) DialGroup(_ context.Context, _ pbx.DialOrder, group string) (string, error) {
	g.rung = append(g.rung, group)
	return "", nil
}

// TestDial_aGroupIsRungByThePBXThatHasIt, with nobody saying over which.
func TestDial_aGroupIsRungByThePBXThatHasIt(t *testing.T) {
	t.Parallel()
	first, second := &grouped{plain: &plain{}, groups: []string{"900"}}, &grouped{plain: &plain{}, groups: []string{"910"}}
	s := openPlainAt(t, server.Config{}, plainKind(first, nil), plainKind(second, func(k *pbx.Kind) { k.Name, k.Shared = "second", nil }))
	i, err := s.parts.Directory.SaveIntegration(t.Context(), client.Employee{}, "", client.IntegrationInput{Kind: ptr("second"), Active: ptr(true), APIKey: ptr("second")})
	if err == nil {
		_, err = s.parts.Directory.SetExtensions(t.Context(), client.Employee{}, i.ID, []client.ExtensionRow{{EmployeeID: s.staff["101"].ID, Extension: "702"}})
	}
	if err != nil {
		t.Fatal(err)
	}
	api := s.api("101")
	code := func(number, group, over string) string {
		_, err := api.Dial(t.Context(), client.Dial{Phone: number, Group: group, IntegrationID: over})
		var p *client.Problem
		if asProblem(err, &p) {
			return p.Code
		}
		return ""
	}
	for _, tt := range []struct{ number, group, over, want string }{
		{"+79145550141", "910", "", ""},
		{"+79145550142", "900", "", ""},
		{"+79145550143", "920", "", "no_group"},
		{"+79145550144", "910", s.pbx.ID, "no_group"},
		{"+79145550145", "910", i.ID, ""},
	} {
		if got := code(tt.number, tt.group, tt.over); got != tt.want {
			t.Errorf("%s over %q: %q, want %q", tt.group, tt.over, got, tt.want)
		}
	}
	if !slices.Equal(first.rung, []string{"900"}) || !slices.Equal(second.rung, []string{"910", "910"}) {
		t.Errorf("rung %v and %v", first.rung, second.rung)
	}
	first.silent = true
	if got := code("+79145550146", "920", ""); got != "pbx_unreachable" {
		t.Errorf("a PBX that does not answer may have the group: %q", got)
	}
	if got := code("+79145550147", "910", ""); got != "" {
		t.Errorf("one that does not answer keeps nobody from the one that has it: %q", got)
	}
}
