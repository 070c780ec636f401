package server_test

import (
	"fmt"
	"testing"

	"dozvon/client"
)

// What is typed into a search is a name and a number as they stand on a sheet of paper: together,
// in any order, with brackets and dashes, in part.
func TestSearch_findsByNameAndNumberTogether(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s := openSchool(t, url, "")
		api := s.api("105")
		add := func(number, name, phone string) {
			if _, err := api.CreateContract(t.Context(), client.ContractInput{Number: ptr(number), Name: ptr(name), Phones: &[]string{phone}}); err != nil {
				t.Fatal(err)
			}
			if _, err := api.CreateClient(t.Context(), client.ClientInput{Name: ptr(name), Phones: &[]string{phone}}); err != nil {
				t.Fatal(err)
			}
		}
		add("77/26", "Гусёва Анна", "+79145550261")
		add("78/26", "Гусева Вера", "+79145550262")
		add("79/26", "Петрова Анна", "+79145550263")
		// So many numbers have this in common that they are not looked for one by one.
		for n := range 70 {
			add(fmt.Sprint("т", n), fmt.Sprintf("Толпин %d", n), fmt.Sprintf("+7914777%04d", n))
		}
		for n, phone := range []string{"79145550261", "79145550262", "79145550263"} {
			s.ring(n+1, phone, "101", false)
		}
		if err := s.parts.Indexer.Index(t.Context()); err != nil {
			t.Fatal(err)
		}
		for typed, want := range map[string]int{
			"Гусева 89145550261": 1, "89145550261 Гусева": 1, "гусева анна 8 (914) 555-02-61": 1, "+7 914 555-02-61 анна гусева": 1,
			"Гусева 0261": 1, "гусева  55502": 2, "ГУСЁВА 914 555": 2, "Гусева89145550261": 1, "анна 914555": 2, "гусева, 555-02-62": 1,
			"гусева 89145550263": 0, "иванова 89145550261": 0, "89145550261": 1, "толпин 8914777": 50, "толпин 7 7770": 50, "толпин 914-777-0069": 1,
		} {
			contracts, err := api.Contracts(t.Context(), typed, "")
			if err != nil || len(contracts.Items) != want {
				t.Errorf("contracts by %q: %d, %v; want %d", typed, len(contracts.Items), err, want)
			}
			clients, err := api.Clients(t.Context(), typed, "")
			if err != nil || len(clients.Items) != want {
				t.Errorf("clients by %q: %d, %v; want %d", typed, len(clients.Items), err, want)
			}
			if want == 50 {
				continue
			}
			feed, err := api.Feed(t.Context(), client.FeedQuery{Q: typed, Type: "call_missed"})
			if calls := min(want, 3) - len(feed.Items); err != nil || calls != 0 && typed != "толпин 914-777-0069" {
				t.Errorf("calls by %q: %d, %v; want %d", typed, len(feed.Items), err, want)
			}
		}
		for typed, want := range map[string]int{"77/26 гусева": 1, "гусева 77/26": 1, "Гусева №77/26": 1, "78/26 8 914 555 02 62": 1, "77/26 89145550262": 0} {
			contracts, err := api.Contracts(t.Context(), typed, "")
			if err != nil || len(contracts.Items) != want {
				t.Errorf("contracts by %q: %d, %v; want %d", typed, len(contracts.Items), err, want)
			}
		}
	})
}
