package backup

import (
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// format is the version of what a backup is made of.
const format = 1

// What stands in a backup, by name.
const (
	manifestName   = "manifest.json"
	databaseName   = "dozvon.db"
	keyName        = "seal.key"
	recordingsName = "recordings"
	importsName    = "imports"
)

// What an installation's database is.
const (
	SQLite   = "sqlite"
	Postgres = "postgres"
)

// Manifest is the last file of a backup and tells what the others are.
type Manifest struct {
	Format  int       `json:"format"`
	Program string    `json:"program"` // the version of the program that made it
	MadeAt  time.Time `json:"made_at"`
	// Database is SQLite, or Postgres, whose data are not in the backup.
	Database string `json:"database"`
	// Schema is the database's version; 0 of PostgreSQL's.
	Schema int64 `json:"schema"`
	// SealFingerprint tells the key that seals the database's secrets from others, and opens nothing.
	SealFingerprint string `json:"seal_fingerprint,omitempty"`
	// LeftOut are parts that whoever made it left out: seal.key, recordings.
	LeftOut []string `json:"left_out"`
	Files   []File   `json:"files"`
}

// File is one file of a backup.
type File struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// Part tells how many files of a part (a file, or a folder with all in it) there are, and their bytes.
func (m Manifest) Part(name string) (files int, bytes int64) {
	for _, f := range m.Files {
		if f.Name == name || strings.HasPrefix(f.Name, name+"/") {
			files, bytes = files+1, bytes+f.Size
		}
	}
	return files, bytes
}

// Has tells whether a part stands in the backup: an empty folder does, unless it was left out.
func (m Manifest) Has(name string) bool {
	for _, out := range m.LeftOut {
		if out == name {
			return false
		}
	}
	files, _ := m.Part(name)
	return files > 0 || name == recordingsName || name == importsName
}

// plainName is what files are called in the folders of recordings and imports.
var plainName = regexp.MustCompile(`^[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}$`)

// allowed tells whether a backup may hold a file of this name. What else a foreign file holds, and where it would
// have it put, is nobody's business.
func allowed(name string) bool {
	if name == manifestName || name == databaseName || name == keyName {
		return true
	}
	parts := strings.Split(name, "/")
	for _, part := range parts {
		if !plainName.MatchString(part) || !filepath.IsLocal(part) {
			return false
		}
	}
	switch parts[0] {
	case recordingsName:
		// Half a recording is fetched again.
		return len(parts) == 2 && path.Ext(name) != ".part"
	case importsName:
		return len(parts) == 3
	}
	return false
}
