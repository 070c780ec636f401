package client

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"time"
)

// Person is an employee named inside another record.
type Person struct {
	ID   string `json:"id" doc:"Employee id"`
	Name string `json:"name" doc:"Full name"`
}

// Role of an account, in ascending order of rights.
type Role string

// Roles: each may do what the ones before it may.
const (
	RoleOperator   Role = "operator"
	RoleManager    Role = "manager"
	RoleAccountant Role = "accountant"
	RoleDirector   Role = "director"
	RoleAdmin      Role = "admin"
)

// PresenceState is what an employee's telephone and app do now.
type PresenceState string

// Presence states; offline means that no app of the employee is connected and the phone is idle.
const (
	PresenceFree    PresenceState = "free"
	PresenceRinging PresenceState = "ringing"
	PresenceTalking PresenceState = "talking"
	PresenceOffline PresenceState = "offline"
)

// Presence is the data of a presence event.
type Presence struct {
	EmployeeID string        `json:"employee_id"`
	State      PresenceState `json:"state"`
	Since      *time.Time    `json:"since,omitempty"`
}

// Employee is somebody of the school; Login is empty for one without an account.
type Employee struct {
	ID        string        `json:"id"`
	Name      string        `json:"name"`
	Login     string        `json:"login,omitempty"`
	Role      Role          `json:"role" enum:"operator,manager,accountant,director,admin"`
	Extension string        `json:"extension,omitempty"`
	Presence  PresenceState `json:"presence,omitempty" enum:"free,ringing,talking,offline"`
	// PresenceSince is since when Presence is so; absent where it is not known.
	PresenceSince *time.Time `json:"presence_since,omitempty"`
	// Callable, where the people are listed: whoever asks can call them by POST /calls with their id.
	Callable bool `json:"callable,omitempty" doc:"You can call them by POST /calls with employee_id"`
	// Active is false for somebody who was switched off: they cannot sign in, and nothing is routed to
	// them. Old calls and notes keep their name.
	Active bool `json:"active"`
	// ETag goes into If-Match of a change, see API.IfMatch.
	ETag string `json:"etag,omitempty"`
}

// UnmarshalJSON takes an answer without active, of a server of before 0.5, for somebody who works.
func (e *Employee) UnmarshalJSON(raw []byte) error {
	type plain Employee
	e.Active = true
	return json.Unmarshal(raw, (*plain)(e))
}

// EmployeeInput creates or changes an employee, and its account when a login is given.
type EmployeeInput struct {
	Name      *string `json:"name,omitempty" maxLength:"300"`
	Login     *string `json:"login,omitempty" maxLength:"200"`
	Password  *string `json:"password,omitempty" maxLength:"1000"`
	Role      *Role   `json:"role,omitempty" enum:"operator,manager,accountant,director,admin"`
	Extension *string `json:"extension,omitempty" maxLength:"32"`
	// Active false switches the person off: their sessions and streams end at once.
	Active *bool `json:"active,omitempty"`
}

// Employees lists the school's people with their presence.
func (a *API) Employees(ctx context.Context) ([]Employee, error) {
	page, err := send[Page[Employee]](ctx, a, http.MethodGet, "/employees?limit=500", nil)
	return page.Items, err
}

// Employee reads one of the school's people.
func (a *API) Employee(ctx context.Context, id string) (Employee, error) {
	return send[Employee](ctx, a, http.MethodGet, "/employees/"+url.PathEscape(id), nil)
}

// CreateEmployee adds somebody, with an account when a login is given.
func (a *API) CreateEmployee(ctx context.Context, in EmployeeInput) (Employee, error) {
	return send[Employee](ctx, a, http.MethodPost, "/employees", in)
}

// UpdateEmployee changes the given fields.
func (a *API) UpdateEmployee(ctx context.Context, id string, in EmployeeInput) (Employee, error) {
	return send[Employee](ctx, a, http.MethodPatch, "/employees/"+url.PathEscape(id), in)
}
