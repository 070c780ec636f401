package bench

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"dozvon/app/phone"
)

const lookups = 5000

// lookup asks whose a number is; every tenth number is nobody's.
func lookup(t *testing.T, b *bench) {
	s := openSchool(t, b, "lookup")
	fill(t, s, *benchCards)
	db, err := sql.Open("sqlite", "file:"+s.file+"?_pragma=busy_timeout(10000)&_pragma=query_only(ON)")
	if err != nil {
		t.Fatal(err)
	}
	closing(t, db)
	one, err := db.Prepare("SELECT subject_id FROM phones WHERE number = ?")
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	var taken, floor times
	for i := range lookups {
		number, known := phone.Number(cardPhone(r.IntN(*benchCards))), i%10 != 0
		if !known {
			number = "+79990000000"
		}
		began := time.Now()
		contracts, clients, err := s.parts.Store.Owners(t.Context(), number)
		taken = append(taken, time.Since(began))
		if err != nil || (len(contracts)+len(clients) == 1) != known {
			t.Fatalf("%s has %d owners: %v", number, len(contracts)+len(clients), err)
		}
		began = time.Now()
		var id string
		if err := one.QueryRow(string(number)).Scan(&id); (err == nil) != known {
			t.Fatalf("the floor's query of %s: %v", number, err)
		}
		floor = append(floor, time.Since(began))
	}
	b.add(t, row{
		fmt.Sprintf("a number looked up among %d cards, SQLite", *benchCards), taken.String(),
		"one prepared SELECT of one row: " + floor.String(), factor(over(taken.p99(), floor.p99())), "p99 ≤ 1 ms", taken.p99() <= time.Millisecond,
	})
}
