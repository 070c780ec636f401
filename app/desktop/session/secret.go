package session

import (
	"errors"
	"fmt"
	"time"

	"github.com/zalando/go-keyring"
)

// service is the name under which the token lies in the system's keyring.
const service = "dozvon"

// keyringLimit bounds a keyring call: a locked keyring waits for its prompt without end
// and the library takes no context, so a late goroutine is left behind.
const keyringLimit = 3 * time.Second

// errNoKeyring says that the keyring did not answer in time.
var errNoKeyring = errors.New("the system's keyring did not answer")

func within[T any](do func() (T, error)) (T, error) {
	type answer struct {
		value T
		err   error
	}
	done := make(chan answer, 1)
	go func() {
		value, err := do()
		done <- answer{value, err}
	}()
	select {
	case a := <-done:
		return a.value, a.err
	case <-time.After(keyringLimit):
		var zero T
		return zero, errNoKeyring
	}
}

func account(server, login string) string { return login + "@" + server }

func saveToken(server, login, token string) error {
	_, err := within(func() (struct{}, error) {
		return struct{}{}, keyring.Set(service, account(server, login), token)
	})
	if err != nil {
		return fmt.Errorf("keeping the sign-in in the keyring: %w", err)
	}
	return nil
}

func loadToken(server, login string) (string, error) {
	return within(func() (string, error) { return keyring.Get(service, account(server, login)) })
}

func dropToken(server, login string) error {
	_, err := within(func() (struct{}, error) {
		return struct{}{}, keyring.Delete(service, account(server, login))
	})
	if errors.Is(err, keyring.ErrNotFound) {
		return nil
	}
	return err
}
