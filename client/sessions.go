package client

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// SignIn is the body of POST /sessions.
type SignIn struct {
	Login    string `json:"login" minLength:"1" maxLength:"200"`
	Password string `json:"password" minLength:"1" maxLength:"1000"`
	Device   string `json:"device,omitempty" maxLength:"200"`
	// School says which one, where an installation holds several; where there is one it is ignored.
	School string `json:"school,omitempty" maxLength:"200"`
}

// SignedIn is its answer; the token is shown this once.
type SignedIn struct {
	Token    string   `json:"token"`
	Employee Employee `json:"employee"`
}

// Session is one sign-in that is still valid: a device on which somebody need not type the
// password. Its token is not told.
type Session struct {
	ID         string `json:"id"`
	EmployeeID string `json:"employee_id"`
	Device     string `json:"device,omitempty" doc:"As the app called it when signing in"`
	// Address is where the sign-in came from; empty for sessions of before it was kept.
	Address   string    `json:"address,omitempty"`
	CreatedAt time.Time `json:"created_at"`
	// LastUsedAt is right to some minutes; absent for a session that was never used since an update.
	LastUsedAt *time.Time `json:"last_used_at,omitempty"`
	ExpiresAt  time.Time  `json:"expires_at" doc:"When it ends by itself if it is not used until then"`
	Current    bool       `json:"current,omitempty" doc:"The one that asks"`
}

// OwnPassword changes one's own password. All other sessions of oneself end, this one stays.
type OwnPassword struct {
	Password    string `json:"password" minLength:"1" maxLength:"1000"`
	OldPassword string `json:"old_password" minLength:"1" maxLength:"1000"`
}

// SignIn opens a session; its token is what New wants.
func (a *API) SignIn(ctx context.Context, in SignIn) (SignedIn, error) {
	out, err := send[SignedIn](ctx, a, http.MethodPost, "/sessions", in)
	if err == nil && out.Token == "" {
		return out, &ForeignAnswer{Status: http.StatusOK}
	}
	return out, err
}

// SignOut kills the token at once.
func (a *API) SignOut(ctx context.Context) error {
	_, err := send[struct{}](ctx, a, http.MethodDelete, "/sessions/current", nil)
	return err
}

// Me tells whose token it is.
func (a *API) Me(ctx context.Context) (Employee, error) {
	me, err := send[Employee](ctx, a, http.MethodGet, "/me", nil)
	if err == nil && me.ID == "" {
		return me, &ForeignAnswer{Status: http.StatusOK}
	}
	return me, err
}

// Sessions lists one's own sessions, or those of another employee (directors); newest first.
func (a *API) Sessions(ctx context.Context, employeeID string) ([]Session, error) {
	path := "/sessions"
	if employeeID != "" {
		path += "?employee=" + url.QueryEscape(employeeID)
	}
	page, err := send[Page[Session]](ctx, a, http.MethodGet, path, nil)
	return page.Items, err
}

// EndSession ends a session: its token and its stream are dead.
func (a *API) EndSession(ctx context.Context, id string) error {
	_, err := send[struct{}](ctx, a, http.MethodDelete, "/sessions/"+url.PathEscape(id), nil)
	return err
}

// ChangePassword changes one's own password.
func (a *API) ChangePassword(ctx context.Context, in OwnPassword) (Employee, error) {
	return send[Employee](ctx, a, http.MethodPatch, "/me", in)
}
