package shell

import (
	"context"
	"errors"
	"fmt"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/session"
	"dozvon/app/desktop/ui"
)

// SignIn signs in without the program running; the token must reach the keyring, as
// nothing else would keep it.
func SignIn(ctx context.Context, text *i18n.Text, server, login, password string) error {
	s := session.New(statePath(), nil)
	s.SetLanguage(string(text.Lang()))
	err := s.SignIn(ctx, server, login, password)
	switch {
	case err != nil:
		return errors.New(ui.Explain(err, text))
	case !s.State().InKeyring:
		return fmt.Errorf("signed in, but the system's keyring keeps nothing; start dozvon first and sign in again")
	}
	return nil
}
