package client

import (
	"context"
	"net/http"
)

// Welcome is what a server tells anybody, before they have signed in.
type Welcome struct {
	// Product is ProductName; else something other than Dozvon answers at this address.
	Product string `json:"product"`
	// School is how the school calls itself; empty when it has chosen no name.
	School string `json:"school,omitempty"`
	// FirstAccount tells that nobody has an account yet: the server waits for its first administrator.
	FirstAccount bool `json:"first_account"`
}

// ProductName is how Dozvon's server calls itself.
const ProductName = "dozvon"

// FirstAccount is the body of POST /welcome: the first administrator of a new server.
type FirstAccount struct {
	// Code is the one-time code that `dozvon-server serve` and `dozvon-server account code` print as
	// long as nobody has an account; blanks and dashes in it mean nothing.
	Code     string `json:"code" minLength:"1" maxLength:"40"`
	Name     string `json:"name" minLength:"1" maxLength:"200"`
	Login    string `json:"login" minLength:"1" maxLength:"200"`
	Password string `json:"password" minLength:"1" maxLength:"1000"`
	Device   string `json:"device,omitempty" maxLength:"200"`
}

// Welcome asks whose server this is; it needs no token.
func (a *API) Welcome(ctx context.Context) (Welcome, error) {
	out, err := send[Welcome](ctx, a, http.MethodGet, "/welcome", nil)
	if err == nil && out.Product != ProductName {
		return out, &ForeignAnswer{Status: http.StatusOK}
	}
	return out, err
}

// CreateFirstAccount makes the first administrator and signs them in; it needs no token.
func (a *API) CreateFirstAccount(ctx context.Context, in FirstAccount) (SignedIn, error) {
	out, err := send[SignedIn](ctx, a, http.MethodPost, "/welcome", in)
	if err == nil && out.Token == "" {
		return out, &ForeignAnswer{Status: http.StatusCreated}
	}
	return out, err
}
