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
func (p *Provider) accounts(ctx context.Context) ([]itoolabs.Account, error) {
	generation, err := p.which(ctx)
	if err != nil {
		return nil, err
	}
	all, err := p.accountsBy(ctx, generation)
	if p.cfg.Generation == unknownAPI && isOtherAPI(err) {
		p.generation.Store(unknownAPI)
	}
	return all, err
}

// accountsBy reads the employees by one API, and remembers that it is there.
func (p *Provider) accountsBy(ctx context.Context, g generation) ([]itoolabs.Account, error) {
	read := p.oldAccounts
	if g == newAPI {
		read = p.newAccounts
	}
	list, err := read(ctx)
	if err == nil {
		p.generation.Store(g)
	}
	return list, err
}

func (p *Provider) oldAccounts(ctx context.Context) ([]itoolabs.Account, error) {
	body, err := p.send(ctx, oldAPI, command{name: itoolabs.OldAccounts})
	if err != nil {
		return nil, err
	}
	return readAccounts(body)
}

// newAccounts reads page by page, also of a PBX that gives the whole list however it is asked.
func (p *Provider) newAccounts(ctx context.Context) ([]itoolabs.Account, error) {
	all, seen := []itoolabs.Account{}, map[string]bool{}
	for range accountsPages {
		body, err := p.send(ctx, newAPI, command{
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
		for _, a := range page {
			if !seen[a.Login] {
				seen[a.Login], fresh = true, fresh+1
				all = append(all, a)
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
