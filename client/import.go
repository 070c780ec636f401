package client

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

// States of an import: the file is there, it waits for its turn, it goes on, a trial run is over,
// its calls are being bound, it is over, it came to nothing.
const (
	ImportQueued  = "queued"
	ImportReady   = "ready"
	ImportChecked = "checked"
	ImportRunning = "running"
	ImportBinding = "binding"
	ImportDone    = "done"
	ImportFailed  = "failed"
)

// Import is a file of clients or contracts on its way in.
type Import struct {
	ID        string `json:"id"`
	Kind      string `json:"kind" enum:"clients,contracts"`
	File      string `json:"file,omitempty" doc:"The file's name"`
	State     string `json:"state" enum:"ready,queued,checked,running,binding,done,failed"`
	Format    string `json:"format" enum:"csv,xlsx"`
	Encoding  string `json:"encoding,omitempty"`
	Delimiter string `json:"delimiter,omitempty"`
	Sheet     string `json:"sheet,omitempty"`
	Heading   bool   `json:"heading" doc:"A row names the columns"`
	// HeadingLine is the last line of the heading; what stands above it are titles.
	HeadingLine int            `json:"heading_line,omitempty"`
	Columns     []ImportColumn `json:"columns"`
	Fields      []string       `json:"fields" doc:"What a column may hold"`
	Preview     [][]string     `json:"preview"`
	Rows        int            `json:"rows" doc:"How many rows there are at most, without the heading"`
	Mapping     []string       `json:"mapping,omitempty"`
	// Doubts ask for the fields that several columns fit alike, or one perhaps.
	Doubts []ImportWord `json:"doubts,omitempty" doc:"Questions about columns; code is the field"`
	Rule   string       `json:"rule,omitempty" enum:"skip,update,add"`
	DryRun bool         `json:"dry_run,omitempty"`
	// Done counts the rows that were read so far.
	Done   int          `json:"done"`
	Counts ImportCounts `json:"counts"`
	// Notes are the first lines of the report.
	Notes []ImportNote `json:"notes,omitempty"`
	// Report tells that there is a file of what was skipped, and why.
	Report     bool        `json:"report,omitempty"`
	Problem    *ImportWord `json:"problem,omitempty" doc:"Why it came to nothing"`
	CreatedAt  time.Time   `json:"created_at"`
	FinishedAt *time.Time  `json:"finished_at,omitempty"`
}

// ImportColumn is a column of the file and what it seems to hold.
type ImportColumn struct {
	Name  string `json:"name"`
	Guess string `json:"guess" doc:"A field, empty: leave it out"`
}

// ImportCounts is what became of the rows, or would.
type ImportCounts struct {
	Added     int `json:"added"`
	Changed   int `json:"changed"`
	Unchanged int `json:"unchanged" doc:"The card says the same already"`
	Doubles   int `json:"doubles" doc:"Skipped: the card is there already"`
	Faulty    int `json:"faulty" doc:"Skipped: the row cannot be taken"`
	Remarks   int `json:"remarks" doc:"Taken, but something was left out or in doubt"`
	Questions int `json:"questions" doc:"Skipped: a person must say whose the row is"`
}

// ImportNote is what a person should know of a line of the file.
type ImportNote struct {
	Line int    `json:"line"`
	RU   string `json:"ru"`
	EN   string `json:"en"`
}

// ImportWord says something in both languages.
type ImportWord struct {
	Code string `json:"code"`
	RU   string `json:"ru"`
	EN   string `json:"en"`
}

// ImportRun starts an import or tries it.
type ImportRun struct {
	Mapping []string `json:"mapping" doc:"What each column holds, in the file's order; empty: leave it out"`
	Rule    string   `json:"rule" enum:"skip,update,add"`
	DryRun  bool     `json:"dry_run,omitempty" doc:"Change nothing, only tell what would happen"`
}

// uploadTimeout bounds sending a file; the largest is 256 MB.
const uploadTimeout = 10 * time.Minute

// Upload sends a file of "clients" or "contracts" and learns how it was understood.
func (a *API) Upload(ctx context.Context, kind, name string, file io.Reader) (Import, error) {
	var out Import
	ctx, cancel := context.WithTimeout(ctx, uploadTimeout)
	defer cancel()
	req, err := a.request(ctx, http.MethodPost, "/imports?kind="+url.QueryEscape(kind)+"&file="+url.QueryEscape(name), io.NopCloser(file))
	if err != nil {
		return out, err
	}
	req.Header.Set("Content-Type", "application/octet-stream")
	resp, err := a.http.Do(req)
	if err != nil {
		return out, fmt.Errorf("sending %s: %w", name, err)
	}
	defer resp.Body.Close()
	if resp.StatusCode >= 400 {
		return out, problemOf(resp)
	}
	if err := json.NewDecoder(io.LimitReader(resp.Body, maxAnswer)).Decode(&out); err != nil {
		return out, fmt.Errorf("reading the answer about %s: %w", name, err)
	}
	return out, nil
}

// RunImport starts an import or a trial; import events tell how it goes on.
func (a *API) RunImport(ctx context.Context, id string, in ImportRun) (Import, error) {
	return send[Import](ctx, a, http.MethodPost, "/imports/"+url.PathEscape(id)+"/run", in)
}

// Import reads one, with its progress.
func (a *API) Import(ctx context.Context, id string) (Import, error) {
	return send[Import](ctx, a, http.MethodGet, "/imports/"+url.PathEscape(id), nil)
}

// DeleteImport forgets a file; what it brought in stays.
func (a *API) DeleteImport(ctx context.Context, id string) error {
	_, err := send[struct{}](ctx, a, http.MethodDelete, "/imports/"+url.PathEscape(id), nil)
	return err
}

// ImportReport is the CSV of every row that was skipped, and why. The caller closes it.
func (a *API) ImportReport(ctx context.Context, id string) (io.ReadCloser, error) {
	return a.file(ctx, "/imports/"+url.PathEscape(id)+"/report")
}

// Export is a file of a list: what is "feed", "clients", "contracts" or "report", format "csv" or "xlsx",
// query the filters of that list. The caller closes it.
func (a *API) Export(ctx context.Context, what, format string, query url.Values) (io.ReadCloser, error) {
	q := url.Values{"format": {format}}
	for key, values := range query {
		q[key] = values
	}
	return a.file(ctx, "/export/"+url.PathEscape(what)+"?"+q.Encode())
}

func (a *API) file(ctx context.Context, path string) (io.ReadCloser, error) {
	req, err := a.request(ctx, http.MethodGet, path, nil)
	if err != nil {
		return nil, err
	}
	resp, err := a.http.Do(req)
	if err != nil {
		return nil, fmt.Errorf("asking for %s: %w", path, err)
	}
	if resp.StatusCode >= 400 {
		defer resp.Body.Close()
		return nil, problemOf(resp)
	}
	return resp.Body, nil
}
