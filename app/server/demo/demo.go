// Package demo fills an empty database with a driving school that does not exist: its
// people, two hundred contracts and clients with plausible Russian names, and numbers that
// are clearly fictional (…555-01-… and …000-…). The same seed gives the same school.
package demo

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"

	"dozvon/app/server/calls"
	"dozvon/app/server/cards"
	"dozvon/app/server/directory"
	"dozvon/app/server/followup"
	"dozvon/app/server/store"
	"dozvon/app/server/wire"
	"dozvon/client"
)

// Config tells which PBXs the school is connected to; without a URL of the second it has one. Password
// is that of every demo account.
type Config struct {
	PBXURL, Key, Salt, Password string
	Second                      Account
	Clock                       *Clock
}

// Rooms are the rooms of the server that the school is put into.
type Rooms struct {
	Store     *store.Store
	Directory *directory.Directory
	Staff     *directory.Staff
	Calls     *calls.Service
	Cards     *cards.Service
	Followup  *followup.Service
}

// Login is the demo operator's.
const Login = "kireeva"

type person struct {
	name, login, extension string
	role                   client.Role
}

var people = []person{
	{"Киреева Анна Сергеевна", Login, "101", client.RoleOperator},
	{"Борисов Борис Петрович", "borisov", "102", client.RoleOperator},
	{"Светлова Ирина Олеговна", "svetlova", "103", client.RoleManager},
	{"Счетова Вера Андреевна", "schetova", "104", client.RoleAccountant},
	{"Громов Павел Ильич", "gromov", "", client.RoleAdmin},
}

// Lines of the school, as the practice PBX has them.
var lines = []client.Line{{Number: "+74951234567", Name: "Сайт"}, {Number: "+74957654321", Name: "Яндекс Карты"}}

// Fill makes the school. It refuses nothing: call it on an empty database only. ErrSilent is told when
// all has been made but the past of the second PBX.
func Fill(ctx context.Context, in Rooms, cfg Config) error {
	kind, on := "mango", true
	name := "Mango Office"
	_, err := in.Directory.SaveIntegration(ctx, client.Employee{}, "", client.IntegrationInput{
		Kind: &kind, Name: &name, Active: &on, APIKey: &cfg.Key, APISalt: &cfg.Salt, APIURL: &cfg.PBXURL, Lines: &lines,
	})
	if err != nil {
		return fmt.Errorf("connecting the practice PBX: %w", err)
	}
	staff, err := hire(ctx, in, cfg.Password)
	if err != nil {
		return err
	}
	var second *beelinePast
	var silent error
	if cfg.Second.URL != "" {
		if second, err = connectBeeline(ctx, in, cfg, staff); errors.Is(err, ErrSilent) {
			silent, err = err, nil
		}
		if err != nil {
			return err
		}
	}
	if err := makeCards(ctx, in, cfg.Clock, staff); err != nil {
		return err
	}
	if err := history(ctx, in, cfg, second); err != nil {
		return err
	}
	if err := second.end(ctx, in); err != nil {
		return err
	}
	if err := promises(ctx, in, staff); err != nil {
		return err
	}
	return silent
}

func hire(ctx context.Context, in Rooms, password string) ([]client.Employee, error) {
	var staff []client.Employee
	for _, p := range people {
		e, err := in.Staff.SaveEmployee(ctx, "", client.EmployeeInput{Name: &p.name, Login: &p.login, Password: &password, Role: &p.role, Extension: &p.extension})
		if err != nil {
			return nil, fmt.Errorf("hiring %s: %w", p.login, err)
		}
		staff = append(staff, e)
	}
	return staff, nil
}

// The first contract is the one that the tour's known caller has.
const (
	// KnownNumber belongs to contract 123.
	KnownNumber = "+79645550190"
	// SharedNumber belongs to a contract and a client.
	SharedNumber = "+79165550167"
	// UnknownNumber belongs to nobody.
	UnknownNumber = "+79145550148"
)

func makeCards(ctx context.Context, in Rooms, clock *Clock, staff []client.Employee) error {
	r := rand.New(rand.NewPCG(1, 2026))
	for i := range 120 {
		clock.step()
		if err := contract(ctx, in, r, staff, i); err != nil {
			return err
		}
	}
	for i := range 80 {
		clock.step()
		kind := "client"
		if i%3 == 0 {
			kind = "lead"
		}
		name, note, who := fullName(r), notes[r.IntN(len(notes))], staff[r.IntN(3)].ID
		phones := []string{fmt.Sprintf("+7903000%04d", 1000+i)}
		if i == 79 {
			name, phones = "Петров Игорь Олегович", []string{SharedNumber}
		}
		_, err := in.Cards.Save(ctx, staff[0], client.SubjectRef{Kind: client.KindClient}, wire.ClientInput(client.ClientInput{Kind: &kind, Name: &name, Phones: &phones, Note: &note, ResponsibleID: &who}))
		if err != nil {
			return fmt.Errorf("making client %d: %w", i, err)
		}
	}
	return nil
}

func contract(ctx context.Context, in Rooms, r *rand.Rand, staff []client.Employee, i int) error {
	number, name, note := fmt.Sprint(i+5), fullName(r), notes[r.IntN(len(notes))]
	category, group := []string{"A1", "B", "B", "B", "C"}[r.IntN(5)], fmt.Sprint(10+r.IntN(8))
	signed, who := fmt.Sprintf("2026-%02d-%02d", 1+r.IntN(11), 1+r.IntN(28)), staff[r.IntN(3)].ID
	phones := []string{fmt.Sprintf("+7916000%04d", 1000+i)}
	switch i {
	case 118:
		number, name, phones = "123", "Шангутов Александр Александрович", []string{KnownNumber, "+79145550122"}
		category, group, note, who = "B", "14", "Перенос вождения только на выходные.", staff[0].ID
	case 119:
		number, name, phones, category, note = "207", "Петрова Мария Игоревна", []string{SharedNumber}, "A1", ""
	}
	_, err := in.Cards.Save(ctx, staff[0], client.SubjectRef{Kind: client.KindContract}, wire.ContractInput(client.ContractInput{
		Number: &number, Name: &name, Phones: &phones, Category: &category,
		Group: &group, SignedOn: &signed, Note: &note, ResponsibleID: &who,
	}))
	if err != nil {
		return fmt.Errorf("making contract %s: %w", number, err)
	}
	return nil
}

func fullName(r *rand.Rand) string {
	surname := surnames[r.IntN(len(surnames))]
	if r.IntN(2) == 0 {
		return surname[0] + " " + maleNames[r.IntN(len(maleNames))] + " " + malePatronymics[r.IntN(len(malePatronymics))]
	}
	return surname[1] + " " + femaleNames[r.IntN(len(femaleNames))] + " " + femalePatronymics[r.IntN(len(femalePatronymics))]
}
