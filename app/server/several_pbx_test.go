package server_test

import (
	"context"
	"strings"
	"testing"

	"dozvon/app/bilingual"
	"dozvon/app/server"
	"dozvon/app/server/pbx"
	"dozvon/client"
)

// mute is a PBX that dials nobody.
type mute struct{ p *plain }

func (m mute) Decode(r pbx.Request) (pbx.Delivery, error) { return m.p.Decode(r) }
func (m mute) Explain(code int) bilingual.Text            { return m.p.Explain(code) }

// loud is plain that sends messages, too.
type loud struct{ *plain }

func (loud) Text(context.Context, pbx.TextOrder) error { return nil }

// An employee with extensions on several PBXs dials over the first that can, or over the one that they name.
func TestDial_firstPBXThatCan(t *testing.T) {
	t.Parallel()
	first, second, third := mute{&plain{}}, &plain{}, loud{&plain{}}
	rename := func(name string) func(*pbx.Kind) {
		return func(k *pbx.Kind) { k.Name, k.Shared = name, nil }
	}
	s := openPlainAt(t, server.Config{}, plainKind(first, nil), plainKind(second, rename("second")), plainKind(third, rename("third")))
	ids := map[string]string{}
	for _, kind := range []string{"second", "third"} {
		i, err := s.parts.Directory.SaveIntegration(t.Context(), client.Employee{}, "", client.IntegrationInput{Kind: ptr(kind), Active: ptr(true), APIKey: ptr(kind)})
		if err != nil {
			t.Fatal(err)
		}
		rows := []client.ExtensionRow{{EmployeeID: s.staff["101"].ID, Extension: map[string]string{"second": "702", "third": "703"}[kind]}}
		if _, err := s.parts.Directory.SetExtensions(t.Context(), client.Employee{}, i.ID, rows); err != nil {
			t.Fatal(err)
		}
		ids[kind] = i.ID
	}
	var dialled []string
	second.onDial(func(o pbx.DialOrder) (string, error) {
		dialled = append(dialled, "second "+o.Extension)
		return "", nil
	})
	third.onDial(func(o pbx.DialOrder) (string, error) { dialled = append(dialled, "third "+o.Extension); return "", nil })
	api := s.api("101")
	if _, err := api.Dial(t.Context(), client.Dial{Phone: "+79145550148"}); err != nil {
		t.Fatal(err)
	}
	if _, err := api.Dial(t.Context(), client.Dial{Phone: "+79145550149", IntegrationID: ids["third"]}); err != nil {
		t.Fatal(err)
	}
	if len(dialled) != 2 || dialled[0] != "second 702" || dialled[1] != "third 703" {
		t.Errorf("dialled %q", dialled)
	}
	var problem *client.Problem
	if _, err := api.Dial(t.Context(), client.Dial{Phone: "+79145550150", IntegrationID: s.pbx.ID}); !asProblem(err, &problem) || problem.Code != "no_integration" {
		t.Errorf("over a PBX that cannot: %v", err)
	} else if !strings.Contains(problem.Detail, "этого не умеет") { // it is connected, and switched on
		t.Errorf("a PBX that cannot is told as %q", problem.Detail)
	}
	if _, err := s.api("102").Dial(t.Context(), client.Dial{Phone: "+79145550150"}); !asProblem(err, &problem) || problem.Code != "no_extension" {
		t.Errorf("without an extension on one that can: %v", err)
	}
	if _, err := api.SendSMS(t.Context(), client.SMSInput{Phone: "+79145550148", Text: "до встречи"}); err != nil {
		t.Errorf("a message over the one that can: %v", err)
	}
}
