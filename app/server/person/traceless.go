package person

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"

	"dozvon/app/server/store"
)

// files deletes the recordings that lie on this node, and the files of imports that hold the person.
func (e *erasure) files(ctx context.Context) error {
	names, err := e.Store.ErasedFiles(ctx, e.plan.Begun)
	if err != nil {
		return err
	}
	sounds, err := e.Recordings.Forget(names)
	if err != nil {
		return err
	}
	imports, err := e.Imports.Forget(ctx, e.plan.traces().in)
	if err != nil {
		return err
	}
	return e.write(ctx, func(*store.Tx) error {
		e.count(store.ErasedCounts{"recordings": int64(sounds), "imports": int64(imports)})
		return nil
	})
}

// journalAtOnce is how many rows of the journal are read at a time.
const journalAtOnce = 1000

// texts takes the person out of what is remembered for a while: offers to take back, commands, the journal, and
// requests that came since the erasure began.
func (e *erasure) texts(ctx context.Context) error {
	wanted := e.plan.traces()
	err := e.write(ctx, func(tx *store.Tx) error {
		undos, err := tx.UndoTexts()
		if err != nil {
			return err
		}
		for _, u := range undos {
			if wanted.in(u.Text) {
				e.count(store.ErasedCounts{"undos": 1})
				err = errors.Join(err, tx.DropUndo(u.ID))
			}
		}
		commands, cerr := tx.CommandTexts()
		for _, c := range commands {
			if wanted.in(c.Text) {
				e.count(store.ErasedCounts{"commands": 1})
				err = errors.Join(err, tx.BlankCommand(c.ID))
			}
		}
		files, ferr := tx.NamesOfFiles()
		for _, f := range files {
			if wanted.in(f.Text) {
				err = errors.Join(err, tx.BlankNameOfFile(f.ID))
			}
		}
		return errors.Join(err, cerr, ferr)
	})
	if err != nil {
		return err
	}
	if err := e.journal(ctx, wanted); err != nil {
		return err
	}
	since := store.Cursor{At: e.plan.Begun.UnixMilli()}
	return e.dropRequests(ctx, since, tracesOf(nil, e.plan.Keys))
}

func (e *erasure) journal(ctx context.Context, wanted traces) error {
	var at int64
	for {
		rows, err := e.Store.JournalAfter(ctx, at, journalAtOnce)
		if err != nil || len(rows) == 0 {
			return err
		}
		at = rows[len(rows)-1].Sequence
		var found []int64
		for _, r := range rows {
			if r.Type != store.BlankedRow && wanted.in(string(r.Data)) {
				found = append(found, r.Sequence)
			}
		}
		if len(found) == 0 {
			continue
		}
		err = e.write(ctx, func(tx *store.Tx) error {
			e.count(store.ErasedCounts{"journal": int64(len(found))})
			return tx.BlankJournal(found)
		})
		if err != nil {
			return err
		}
	}
}

// wordsAtOnce is how many words are looked up in one transaction.
const wordsAtOnce = 200

// index takes the person's words and numbers out of the full-text index.
func (e *erasure) index(ctx context.Context) error {
	if err := e.Index.Index(ctx); err != nil {
		return err
	}
	for some := range slices.Chunk(append(slices.Clone(e.plan.Words), ""), wordsAtOnce) {
		last := some[len(some)-1] == ""
		err := e.write(ctx, func(tx *store.Tx) error {
			numbers := e.plan.Numbers
			if !last {
				numbers = nil
			}
			counts, err := tx.ForgetIndexed(some, numbers)
			e.count(counts)
			return err
		})
		if err != nil {
			return err
		}
	}
	for begin, more := true, true; more; begin = false {
		err := e.Store.Write(ctx, func(tx *store.Tx) error {
			var err error
			more, err = tx.CompactIndex(begin)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// room overwrites what the database's file has free, empties its log of writes, and looks whether anything of the
// person is left.
func (e *erasure) room(ctx context.Context) error {
	if e.Store.IsPostgres() {
		return nil
	}
	if err := e.Store.BlankRoom(ctx); err != nil {
		return err
	}
	remains, err := e.look(ctx)
	if err != nil {
		return err
	}
	if remains > 0 && e.Alone {
		if err := e.Store.Vacuum(ctx); err != nil {
			return err
		}
		if remains, err = e.look(ctx); err != nil {
			return err
		}
	}
	e.receipt.Remains = remains
	return nil
}

// look counts where the person still stands in the database's files.
func (e *erasure) look(ctx context.Context) (int, error) {
	if _, err := e.Store.EmptyLog(ctx); err != nil {
		return 0, err
	}
	file, err := e.Store.File(ctx)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, path := range []string{file, file + "-wal", file + "-shm"} {
		found, err := occurrences(ctx, path, e.plan.remains())
		if err != nil {
			return 0, err
		}
		n += found
	}
	return n, nil
}

// lookAtOnce is how much of a file is looked through at a time.
const lookAtOnce = 1 << 20

// occurrences counts texts in a file; one that is not there has none.
func occurrences(ctx context.Context, path string, texts []string) (n int, err error) {
	if len(texts) == 0 {
		return 0, nil
	}
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("looking through the database's file: %w", err)
	}
	defer f.Close()
	longest := 0
	for _, text := range texts {
		longest = max(longest, len(text))
	}
	buf := make([]byte, lookAtOnce+longest)
	kept := 0
	for {
		if err := ctx.Err(); err != nil {
			return n, err
		}
		got, err := io.ReadFull(f, buf[kept:])
		all := buf[:kept+got]
		for _, text := range texts {
			n += bytes.Count(all, []byte(text))
			// What ends before the part that is looked at again is counted then.
			n -= bytes.Count(all[max(0, len(all)-longest+1):], []byte(text))
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			for _, text := range texts {
				n += bytes.Count(all[max(0, len(all)-longest+1):], []byte(text))
			}
			return n, nil
		}
		if err != nil {
			return n, fmt.Errorf("looking through the database's file: %w", err)
		}
		kept = copy(buf, all[max(0, len(all)-longest+1):])
	}
}

// outsideTexts say what an erasure cannot reach.
var outsideTexts = map[string]string{
	"backups":  "backups that were made before hold the person until they are deleted; after such a backup is restored, erase again",
	"pbx":      "the PBX has its own list of calls, its own recordings and its logs: have them erased in its cabinet or by its operator",
	"contact":  "the contact in the PBX's address book is deleted by the running server within a minute, where the school keeps one there",
	"programs": "another CRM that sends its cards brings the person back with its next go: erase there first",
	"files":    "tables, recordings and archives that employees have saved on their computers",
	"nodes":    "other servers of this database delete their copies of recordings within a minute, one that is down when it starts",
	"postgres": "PostgreSQL keeps deleted rows in its files and its log: run VACUUM FULL on the database, and let old WAL and its archive go",
	"remains":  "the database's file still tells of the person, in its free room or in what is written about others: stop the server and run the same command again, which rewrites the file",
}

func told(code string) Outside { return Outside{Code: code, Text: outsideTexts[code]} }

// outside is what this erasure does not reach.
func (s *Service) outside(ctx context.Context) ([]Outside, error) {
	all := []Outside{told("backups"), told("pbx"), told("contact"), told("programs"), told("files")}
	if s.Store.IsPostgres() {
		all = append(all, told("postgres"))
	}
	others, err := s.Store.OtherNodes(ctx, s.Node)
	if others > 1 || others > 0 && s.Store.IsPostgres() {
		all = append(all, told("nodes"))
	}
	return all, err
}
