package client

import "fmt"

// Problem is an error answer of the API (RFC 9457) with a stable code.
type Problem struct {
	Type    string   `json:"type,omitempty"`
	Title   string   `json:"title"`
	Status  int      `json:"status"`
	Code    string   `json:"code"`
	Detail  string   `json:"detail"`
	PBXCode int      `json:"pbx_code,omitempty" doc:"The PBX's own result code, with code pbx_refused"`
	Fields  []string `json:"fields,omitempty" doc:"Which fields were wrong, and why"`
}

func (p *Problem) Error() string {
	if p.Detail == "" {
		return fmt.Sprintf("%s (%s)", p.Title, p.Code)
	}
	return fmt.Sprintf("%s (%s)", p.Detail, p.Code)
}

// GetStatus tells the HTTP status; the server's router asks for it.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType keeps the answer application/problem+json.
func (p *Problem) ContentType(string) string { return "application/problem+json" }
