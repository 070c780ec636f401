package hearing_test

import (
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"dozvon/app/desktop/hearing"
	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/model"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui/uitest"
	"dozvon/app/server"
	"dozvon/client"
)

// cheap are hashes that cost nothing.
var cheap = &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// desk is an operator at a real server who talks with a client.
type desk struct {
	*uitest.Host
	t     *testing.T
	parts *server.Parts
	ear   *hearing.Ear
	talk  present.Card
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	parts, err := server.Build(t.Context(), server.Config{Listen: "127.0.0.1:0", Data: t.TempDir(), Version: "test", PasswordCost: cheap})
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(parts.API.Handler())
	t.Cleanup(func() {
		parts.API.CloseStreams()
		web.Close()
		parts.Close()
	})
	e, role, password := uitest.Kireeva, client.RoleOperator, uitest.OfficePassword
	if _, err = parts.Staff.SaveEmployee(t.Context(), "", client.EmployeeInput{Name: &e.Name, Login: &e.Login, Password: &password, Role: &role}); err != nil {
		t.Fatal(err)
	}
	in, err := client.New(web.URL, "").SignIn(t.Context(), client.SignIn{Login: e.Login, Password: password, Device: "test"})
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{Host: uitest.NewHost(t, i18n.Russian), t: t, parts: parts}
	d.API, d.Clock = client.New(web.URL, in.Token), time.Now()
	d.ear = hearing.New(d)
	c := d.lead("Шангутов Александр", "+79645550190")
	d.talk = present.Card{ID: "call", State: model.CardTalking, Phone: "+79645550190", Known: true, Subject: &client.Subject{Kind: client.KindClient, ID: c.ID, Name: c.Name}}
	return d
}

func (d *desk) lead(name string, phones ...string) client.Client {
	d.t.Helper()
	c, err := d.API.CreateClient(d.t.Context(), client.ClientInput{Name: &name, Phones: &phones})
	if err != nil {
		d.t.Fatal(err)
	}
	return c
}

// hears is what is offered for a note.
func (d *desk) hears(note string) (out *present.HeardOffer) {
	d.t.Helper()
	told := 0
	d.ear.Hear(d.talk, note, func(offer *present.HeardOffer) { out = offer; told++ })
	if told != 1 {
		d.t.Fatalf("%q was answered %d times", note, told)
	}
	return out
}

func (d *desk) phones() []client.Phone {
	d.t.Helper()
	c, err := d.API.Client(d.t.Context(), d.talk.Subject.ID)
	if err != nil {
		d.t.Fatal(err)
	}
	return c.PhoneList
}

// takes lets the operator take an offer.
func (d *desk) takes(offer *present.HeardOffer) (done *present.HeardDone) {
	d.t.Helper()
	d.ear.Add(d.talk, *offer, func(got *present.HeardDone, refused string) {
		if done = got; refused != "" {
			d.t.Errorf("refused: %s", refused)
		}
	})
	return done
}

func TestEar_addsASecondNumberAndTakesItBack(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	offer := d.hears("просил на автомат, жена 8-914-555-01-33")
	if offer == nil || offer.Title != "Добавить +7 914 555-01-33 в карточку как «жена»" {
		t.Fatalf("offered %+v", offer)
	}
	done := d.takes(offer)
	if done == nil || done.Title != "Номер добавлен: «жена»" || done.Undo == "" {
		t.Fatalf("told %+v", done)
	}
	want := []client.Phone{{Number: "+79645550190"}, {Number: "+79145550133", Label: "жена"}}
	if got := d.phones(); !slices.Equal(got, want) {
		t.Errorf("the card has %+v, want %+v", got, want)
	}
	if again := d.hears("жена 8-914-555-01-33"); again != nil {
		t.Errorf("offered again: %+v", again)
	}
	d.ear.TakeBack(*done, func(words string, ok bool) {
		if !ok {
			t.Errorf("not taken back: %s", words)
		}
	})
	if got := d.phones(); !slices.Equal(got, want[:1]) {
		t.Errorf("after taking back the card has %+v, want %+v", got, want[:1])
	}
}

func TestEar_offersWhatMakesSenseAlone(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.lead("Егоров Александр", "+79140001007")
	for note, why := range map[string]string{
		"перезвонить на 8 964 555-01-90": "it is the number one talks with",
		"жена 8-914-555":                 "it is not whole",
	} {
		if offer := d.hears(note); offer != nil {
			t.Errorf("%q: offered %+v, though %s", note, offer, why)
		}
	}
	taken := d.hears("брат 8 914 000-10-07")
	if taken == nil || !taken.Anyway || taken.Title != "Номер уже в карточке «Егоров Александр»" {
		t.Errorf("of another's number: offered %+v", taken)
	}
	offer := d.hears("жена 8-914-555-01-33")
	if offer == nil {
		t.Fatal("nothing offered")
	}
	d.ear.Refuse(d.talk, *offer)
	if offer := d.hears("жена 8-914-555-01-33"); offer != nil {
		t.Errorf("offered once more after ×: %+v", offer)
	}
	d.talk.ID = "another call"
	if offer := d.hears("жена 8-914-555-01-33"); offer == nil {
		t.Error("in another call it is not offered")
	}
	d.talk.Subject = nil
	if offer := d.hears("жена 8-914-555-01-33"); offer != nil {
		t.Errorf("without a card to add it to: offered %+v", offer)
	}
}

func TestEar_addsBesideWhatAColleagueChanges(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	offer := d.hears("жена 8-914-555-01-33")
	phones := []string{"+79645550190", "+79035550152"} // saved between the offer and the click
	if _, err := d.API.UpdateClient(t.Context(), d.talk.Subject.ID, client.ClientInput{Phones: &phones}); err != nil {
		t.Fatal(err)
	}
	d.takes(offer)
	if got := d.phones(); len(got) != 3 || got[1].Number != "+79035550152" || got[2].Number != "+79145550133" {
		t.Errorf("the card has %+v", got)
	}
}
