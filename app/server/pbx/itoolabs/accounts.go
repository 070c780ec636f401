package itoolabs

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"dozvon/app/itoolabs"
	"dozvon/app/server/pbx"
)

const (
	// accountsPage is how many employees one request of the new API brings.
	accountsPage = 100
	// accountsPages bounds how many are read; no school comes near.
	accountsPages = 50
)

// accounts reads the PBX's employees. Where it is not known which API there is, this finds it out.
func (a *client) accounts(ctx context.Context) ([]itoolabs.Account, error) {
	generation, err := a.which(ctx)
	if err != nil {
		return nil, err
	}
	all, err := a.accountsBy(ctx, generation)
	if a.cfg.Generation == unknownAPI && isOtherAPI(err) {
		a.generation.Store(unknownAPI)
	}
	return all, err
}

// accountsBy reads the employees by one API, and remembers that it is there.
func (a *client) accountsBy(ctx context.Context, g generation) ([]itoolabs.Account, error) {
	read := a.oldAccounts
	if g == newAPI {
		read = a.newAccounts
	}
	list, err := read(ctx)
	if err == nil {
		a.generation.Store(g)
	}
	return list, err
}

func (a *client) oldAccounts(ctx context.Context) ([]itoolabs.Account, error) {
	body, err := a.send(ctx, oldAPI, command{name: itoolabs.OldAccounts})
	if err != nil {
		return nil, err
	}
	return readAccounts(body)
}

// newAccounts reads page by page, also of a PBX that gives the whole list however it is asked.
func (a *client) newAccounts(ctx context.Context) ([]itoolabs.Account, error) {
	all, seen := []itoolabs.Account{}, map[string]bool{}
	for range accountsPages {
		body, err := a.send(ctx, newAPI, command{
			method: http.MethodGet, path: itoolabs.NewAccounts,
			query: url.Values{"start": {strconv.Itoa(len(all))}, "limit": {strconv.Itoa(accountsPage)}},
		})
		if err != nil {
			return nil, err
		}
		page, err := readAccounts(body)
		if err != nil {
			return nil, err
		}
		fresh := 0
		for _, one := range page {
			if !seen[one.Login] {
				seen[one.Login], fresh = true, fresh+1
				all = append(all, one)
			}
		}
		if len(page) < accountsPage || fresh == 0 {
			break
		}
	}
	return all, nil
}

func readAccounts(body []byte) ([]itoolabs.Account, error) {
	list, err := itoolabs.ReadAccounts(body)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", pbx.ErrUnclear, err)
	}
	return list, nil
}
