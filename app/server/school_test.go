package server_test

import (
	"context"
	"slices"
	"testing"

	"dozvon/client"
)

func TestSettings_aChangeReachesEverybodyAndStays(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s := openSchool(t, url, "")
		operator, admin := s.api("101"), s.api("105")
		before, err := operator.Settings(t.Context())
		if err != nil || before.MissedLimitMinutes != 15 || !before.WhatsApp || len(before.SMSTemplates) != 3 {
			t.Fatalf("a new school has %+v, %v", before, err)
		}
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		heard, live := make(chan client.School, 1), make(chan struct{})
		go operator.Stream(ctx, client.StreamConfig{Handle: func(e client.StreamEvent) {
			switch data := e.Data.(type) {
			case *client.Hello:
				close(live)
			case *client.School:
				heard <- *data
			}
		}})
		<-live
		after, err := admin.UpdateSettings(t.Context(), client.SchoolInput{
			MissedLimitMinutes: ptr(30), WhatsApp: ptr(false), SMSTemplates: &[]client.SMSTemplate{},
			CRMLink: &client.CRMLink{Contract: "https://crm.school.ru/{external_id}", Instead: true},
		})
		if err != nil || after.MissedLimitMinutes != 30 || after.WhatsApp || !after.CRMLink.Instead {
			t.Fatalf("changed to %+v, %v", after, err)
		}
		if got := <-heard; got.MissedLimitMinutes != 30 || got.WhatsApp || len(got.SMSTemplates) != 0 {
			t.Errorf("the stream told %+v", got)
		}
		if got := s.parts.Directory.School(); got.MissedLimitMinutes != 30 || got.CRMLink != after.CRMLink {
			t.Errorf("the directory knows %+v", got)
		}
		if _, err := admin.UpdateSettings(t.Context(), client.SchoolInput{Name: ptr("Автошкола «Старт»")}); err != nil {
			t.Fatal(err)
		}
		if err := s.parts.Directory.Reload(t.Context()); err != nil {
			t.Fatal(err)
		}
		got, err := operator.Settings(t.Context())
		if err != nil || got.Name != "Автошкола «Старт»" || got.MissedLimitMinutes != 30 || !slices.Equal(got.SMSTemplates, []client.SMSTemplate{}) {
			t.Errorf("after all there is %+v, %v", got, err)
		}
	})
}

func TestSettings_aFaultChangesNothing(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	admin := s.api("105")
	var p *client.Problem
	_, err := admin.UpdateSettings(t.Context(), client.SchoolInput{WhatsApp: ptr(false), CRMLink: &client.CRMLink{Client: "file:///bin/sh"}})
	if !asProblem(err, &p) || p.Code != "invalid" || len(p.Fields) != 1 {
		t.Fatalf("got %v, want an invalid field", err)
	}
	if got := s.parts.Directory.School(); !got.WhatsApp || got.CRMLink.Client != "" {
		t.Errorf("the school is changed: %+v", got)
	}
}
