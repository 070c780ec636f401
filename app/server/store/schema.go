package store

import (
	"hash/fnv"
	"strings"

	"github.com/jackc/pgx/v5"
)

// SchoolSchema begins the name of a schema that holds one of several schools in a database.
const SchoolSchema = "school_"

// schemaOf is the schema of one of several schools in a database, which PostgreSQL's address names by search_path. Empty
// for any other: a single school in a schema of its own goes on as nodes of an older version know it.
func schemaOf(url string) string {
	if !strings.HasPrefix(url, "postgres") {
		return ""
	}
	cfg, err := pgx.ParseConfig(url)
	if err != nil {
		return "" // whoever opens it is told
	}
	first, _, _ := strings.Cut(cfg.RuntimeParams["search_path"], ",")
	if first = strings.Trim(strings.TrimSpace(first), `"`); !strings.HasPrefix(first, SchoolSchema) {
		return ""
	}
	return first
}

// lockOf is the key of an advisory lock: these are the whole database's, and schools in one database must not wait for
// each other. That of a single school is what it was before there were others: nodes of an older version know it.
func (s *Store) lockOf(base int64) int64 {
	if s.schema == "" {
		return base
	}
	h := fnv.New64a()
	h.Write([]byte(s.schema))
	return base ^ int64(h.Sum64())
}

// channel is where nodes tell each other of their commits; channels are the whole database's as well.
func (s *Store) channel() string {
	if s.schema == "" {
		return journalChannel
	}
	return journalChannel + "_" + s.schema
}

const journalChannel = "dozvon_journal"
