package client

// Hello is the first event of every connection.
type Hello struct {
	Sequence      int64  `json:"sequence"`
	ServerVersion string `json:"server_version"`
	AppURL        string `json:"app_url,omitempty"` // where people get the app from, if the administrator has set it
	// Employee is whose stream it is, with the role they have now; an older server does not tell.
	Employee *Employee `json:"employee,omitempty"`
}

// Deleted stands in a client, contract, integration or feed event for a record that is gone.
type Deleted struct {
	ID      string `json:"id"`
	Deleted bool   `json:"deleted"`
	Erased  bool   `json:"erased,omitempty"` // of a card: at its person's wish, for good
}
