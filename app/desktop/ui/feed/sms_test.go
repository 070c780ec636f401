package feed_test

import (
	"testing"

	"dozvon/app/desktop/ui/uitest"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/present"
	"dozvon/client"
)

func TestSMS_theFeedShowsWhatBecameOfIt(t *testing.T) {
	t.Parallel()
	for state, want := range map[client.SMSState]string{
		client.SMSSending: "hold отправляется · Ждём вас", client.SMSSent: "hold отправлено · Ждём вас",
		client.SMSDelivered: "hold доставлено · Ждём вас", client.SMSFailed: "miss не доставлено · Ждём вас",
	} {
		row := present.RowOf(client.FeedEntry{Type: client.EntrySMS, Delivery: state, Description: "SMS: Ждём вас"}, i18n.New(i18n.Russian), uitest.Now)
		if got := row.Tone + " " + row.WhatAbout; got != want {
			t.Errorf("%s: got %q, want %q", state, got, want)
		}
	}
}
