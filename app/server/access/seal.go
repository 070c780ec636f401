package access

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/crypto/chacha20poly1305"

	"dozvon/app/server/disk"
)

// Sealer seals secrets with a key that lies outside the database, so that a copy of the
// database alone opens nothing.
type Sealer struct{ key []byte }

// ErrSeal says that a sealed secret was not sealed with this key.
var ErrSeal = errors.New("the secret was sealed with another key: restore seal.key from the backup, or enter the secret again")

// ReadSealer reads the key in a file; fs.ErrNotExist when there is none.
func ReadSealer(path string) (*Sealer, error) {
	key, err := disk.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if at, lerr := os.Readlink(path); lerr == nil {
			return nil, fmt.Errorf("the sealing key %s is a link to %s, where nothing is: is the volume of the key there?", path, at)
		}
		return nil, err
	}
	if err != nil {
		return nil, fmt.Errorf("reading the sealing key: %w", err)
	}
	// Editors end a file with a new line, which is no part of the key.
	if extra := len(key) - chacha20poly1305.KeySize; extra == 1 || extra == 2 {
		key = bytes.TrimSuffix(bytes.TrimSuffix(key, []byte("\n")), []byte("\r"))
	}
	if len(key) != chacha20poly1305.KeySize {
		return nil, fmt.Errorf("the sealing key %s has %d bytes, %d expected: restore it from the backup", path, len(key), chacha20poly1305.KeySize)
	}
	return &Sealer{key: key}, nil
}

// NewSealer makes a key and keeps it in a file that only its owner reads. When another process made
// one meanwhile, that one is read.
func NewSealer(path string) (*Sealer, error) { return newSealer(path, disk.SyncFolder) }

func newSealer(path string, syncFolder func(string) error) (*Sealer, error) {
	key := make([]byte, chacha20poly1305.KeySize)
	rand.Read(key)
	part := path + "." + rand.Text()
	defer os.Remove(part)
	err := writeKey(part, key)
	if err == nil {
		// Unlike a renaming, a link never replaces a key that is there.
		err = os.Link(part, path)
	}
	made := err == nil
	if errors.Is(err, fs.ErrExist) {
		err = nil
	}
	// Its name is durable before anything is sealed with it, whoever has made it.
	if err == nil {
		err = syncFolder(filepath.Dir(path))
	}
	if err != nil {
		return nil, fmt.Errorf("making the sealing key: %w", err)
	}
	if !made {
		return ReadSealer(path)
	}
	return &Sealer{key: key}, nil
}

// writeKey returns when the key is durable: what it seals is worth nothing without it.
func writeKey(path string, key []byte) error {
	f, err := disk.Create(path)
	if err != nil {
		return err
	}
	_, err = f.Write(key)
	return errors.Join(err, f.Sync(), f.Close())
}

// Fingerprint tells keys apart and opens nothing: it may stand in the database.
func (s *Sealer) Fingerprint() string {
	mac := hmac.New(sha256.New, s.key)
	mac.Write([]byte("dozvon seal key fingerprint"))
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

// Print tells equal secrets from others without keeping them: a keyed fingerprint, which whoever has
// the database alone cannot try guesses on. of says what the secret is of.
func (s *Sealer) Print(of, secret string) string {
	mac := hmac.New(sha256.New, s.key)
	fmt.Fprintf(mac, "dozvon secret of %q\n%s", of, secret)
	return hex.EncodeToString(mac.Sum(nil))
}

// Seal encrypts a secret; an empty one stays empty.
func (s *Sealer) Seal(secret string) (string, error) {
	if secret == "" {
		return "", nil
	}
	box, err := chacha20poly1305.NewX(s.key)
	if err != nil {
		return "", fmt.Errorf("sealing: %w", err)
	}
	nonce := make([]byte, box.NonceSize(), box.NonceSize()+len(secret)+box.Overhead())
	rand.Read(nonce)
	return base64.StdEncoding.EncodeToString(box.Seal(nonce, nonce, []byte(secret), nil)), nil
}

// Unseal decrypts what Seal made; ErrSeal.
func (s *Sealer) Unseal(sealed string) (string, error) {
	if sealed == "" {
		return "", nil
	}
	box, err := chacha20poly1305.NewX(s.key)
	if err != nil {
		return "", fmt.Errorf("unsealing: %w", err)
	}
	raw, err := base64.StdEncoding.DecodeString(sealed)
	if err != nil || len(raw) < box.NonceSize() {
		return "", ErrSeal
	}
	open, err := box.Open(nil, raw[:box.NonceSize()], raw[box.NonceSize():], nil)
	if err != nil {
		return "", ErrSeal
	}
	return string(open), nil
}
