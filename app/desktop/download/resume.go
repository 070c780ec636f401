package download

import (
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
)

// Source opens what is saved from a byte on, and tells how long the whole is, 0 when nobody knows. ErrFromStart: it
// can be had from its beginning alone.
type Source func(at int64) (body io.ReadCloser, whole int64, err error)

// ErrFromStart says that something cannot be had from the middle.
var ErrFromStart = errors.New("it cannot be had from its middle")

// ErrUnderWay says that something is being saved at this moment.
var ErrUnderWay = errors.New("it is being saved already")

// underWay are the files that are written now: two writers would write into each other.
var underWay sync.Map

// Resume writes into PATH.MARK.part and then gives the file its name, as Save does. What has come stays there when it
// breaks off, and the next time it goes on from there: mark parts what has one name and is not the same. tell hears of
// every percent when the size is known. ErrUnderWay: it has been begun already.
func Resume(path, mark string, open Source, tell func(percent int)) (saved string, err error) {
	part := path + "." + mark + ".part"
	if _, written := underWay.LoadOrStore(part, true); written {
		return "", fmt.Errorf("saving %s: %w", path, ErrUnderWay)
	}
	defer underWay.Delete(part)
	file, err := os.OpenFile(part, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return "", fmt.Errorf("making %s: %w", part, err)
	}
	done, err := goOn(file, open, tell)
	if err = errors.Join(err, file.Close()); err != nil {
		if done == 0 {
			_ = os.Remove(part)
		}
		return "", fmt.Errorf("saving %s: %w", path, err)
	}
	if saved, err = place(part, path); err != nil {
		return "", fmt.Errorf("saving %s: %w", path, err)
	}
	return saved, nil
}

// goOn writes the rest of what a file has the beginning of, and tells how much there is then.
func goOn(file *os.File, open Source, tell func(percent int)) (int64, error) {
	at, err := file.Seek(0, io.SeekEnd)
	if err != nil {
		return 0, err
	}
	body, whole, err := open(at)
	if at > 0 && (errors.Is(err, ErrFromStart) || err == nil && whole > 0 && whole < at) {
		if err == nil {
			_ = body.Close() // its rest is of no use
		}
		if err := errors.Join(file.Truncate(0), rewound(file)); err != nil {
			return 0, err
		}
		at = 0
		body, whole, err = open(0)
	}
	if err != nil {
		return at, err
	}
	defer body.Close()
	n, err := io.Copy(file, &counter{from: body, size: whole, done: at, told: -1, step: 1, tell: tell})
	at += n
	if err == nil && whole > 0 && at != whole {
		err = io.ErrUnexpectedEOF
	}
	return at, err
}

func rewound(file *os.File) error {
	_, err := file.Seek(0, io.SeekStart)
	return err
}
