package mainwin_test

import (
	"strings"
	"testing"

	"dozvon/app/desktop/ui/uitest"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/mainwin"
)

// TestOffer_isTakenOnceAndGivesWayToWhatCameAfter: the bar of «Отменить».
func TestOffer_isTakenOnceAndGivesWayToWhatCameAfter(t *testing.T) {
	uitest.LightApp(t)
	frame := mainwin.New(i18n.New(i18n.Russian), []mainwin.Page{{Name: "feed", Object: uitest.Window(uitest.NewHost(t, i18n.Russian), "missed")}}, func() {})
	uitest.WindowOf(t, frame, fyne.NewSize(1180, 760))
	taken := ""
	first := frame.Offer("Заметка изменена", "Отменить", func() { taken += "note " })
	frame.Offer("Карточка удалена: Зайцева Ольга", "Отменить", func() { taken += "card " })
	first() // its ten seconds are over, but another stands there by now
	if !strings.Contains(uitest.Readable(frame), "Карточка удалена") {
		t.Fatal("the newer offer went with the older one")
	}
	if !frame.PressOffer() || taken != "card " {
		t.Fatalf("pressed, it took back %q", taken)
	}
	if frame.PressOffer() || strings.Contains(uitest.Readable(frame), "Карточка удалена") {
		t.Error("it can be taken back twice")
	}
	withdraw := frame.Offer("Взято себе", "Отменить", func() { taken += "queue " })
	withdraw()
	if strings.Contains(uitest.Readable(frame), "Взято себе") || frame.PressOffer() {
		t.Error("it is still offered after its time")
	}
	frame.Offer("Взято себе", "Отменить", func() { taken += "queue " })
	frame.Tell("Нет связи с сервером")
	if frame.PressOffer() || taken != "card " {
		t.Errorf("a sentence was pressed as an offer: %q", taken)
	}
}
