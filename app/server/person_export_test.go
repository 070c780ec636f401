package server_test

import (
	"archive/zip"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dozvon/app/server/person"
	"dozvon/client"
)

// unzipped are the files of an archive.
func unzipped(t *testing.T, path string) map[string]string {
	t.Helper()
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	all := map[string]string{}
	for _, f := range z.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		in.Close()
		all[f.Name] = string(raw)
	}
	return all
}

func TestExportPerson_givesAllThatIsKeptAndNobodyElses(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s := openSchool(t, url, "")
		h := s.fillHer()
		for _, who := range []string{"client:" + h.client.ID, "8 (914) 555-01-49"} {
			out := filepath.Join(t.TempDir(), "her.zip")
			receipt, err := s.parts.Person.Export(t.Context(), who, out, "ru")
			if err != nil {
				t.Fatalf("%s: %v", who, err)
			}
			if receipt.Person != "client:"+h.client.ID || receipt.Cards != 3 || receipt.Calls != 3 || receipt.Notes != 2 || receipt.Messages != 1 || receipt.Flags != 1 ||
				receipt.Tasks != 1 || receipt.Waiting != 2 || receipt.Recordings != 1 || receipt.Absent != 0 || receipt.Requests != 11 {
				t.Errorf("%s: the receipt is %+v", who, receipt)
			}
			if raw, err := json.Marshal(receipt); err != nil || strings.Contains(string(raw), "Аграфена") || strings.Contains(string(raw), herNumber) {
				t.Errorf("the receipt tells of the person: %s, %v", raw, err)
			}
			info, err := os.Stat(out)
			if err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("the archive has the mode %v, %v", info.Mode(), err)
			}
			files := unzipped(t, out)
			for _, name := range []string{"index.html", "person.json"} {
				for _, want := range []string{herName, herFormerName, "Кузнецова А. Т.", herNumber, herOther, "К-771", herNote, herFormerNote, herSMS, "Договор подписан", "жалоба Аграфены", "перезвонить Аграфене", "agrafena@example.ru", "Сотрудник 101"} {
					if !strings.Contains(files[name], want) {
						t.Errorf("%s lacks %q", name, want)
					}
				}
				for _, foreign := range []string{otherName, otherNumber, s.staff["101"].ID} {
					if strings.Contains(files[name], foreign) {
						t.Errorf("%s tells of somebody else: %q", name, foreign)
					}
				}
			}
			sounds := 0
			for name, content := range files {
				if strings.HasPrefix(name, "recordings/") && content == "ID3 the sound of her voice" && strings.Contains(files["index.html"], name) {
					sounds++
				}
			}
			if sounds != 1 {
				t.Errorf("%d recordings are in the archive", sounds)
			}
			if _, err := s.parts.Person.Export(t.Context(), who, out, "ru"); !errors.Is(err, fs.ErrExist) {
				t.Errorf("a second one over the first: %v", err)
			}
			if left, err := filepath.Glob(out + ".*"); err != nil || len(left) > 0 {
				t.Errorf("left beside the archive: %v, %v", left, err)
			}
		}
	})
}

func TestExportPerson_tellsWhyNothingIsGivenOut(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	h := s.fillHer()
	if _, err := s.api("101").CreateContract(t.Context(), client.ContractInput{Number: ptr("С-5"), Name: ptr(otherName), Phones: &[]string{"+" + otherNumber}}); err != nil {
		t.Fatal(err)
	}
	s.ring(9, "79000000999", "101", false)
	out := filepath.Join(t.TempDir(), "x.zip")
	export := func(who string) error {
		_, err := s.parts.Person.Export(t.Context(), who, out, "en")
		return err
	}
	var several *person.Several
	if err := export("+" + otherNumber); !errors.As(err, &several) || len(several.Cards) != 2 || !strings.Contains(err.Error(), "client:"+h.other.ID) {
		t.Errorf("a number in two cards: %v", err)
	}
	if err := export("79000000888"); !errors.Is(err, person.ErrNothing) {
		t.Errorf("a number that nobody called from: %v", err)
	}
	if err := export("client:nobody"); err == nil || errors.Is(err, person.ErrUnknown) {
		t.Errorf("a card that is not there: %v", err)
	}
	if err := export("who"); !errors.Is(err, person.ErrUnknown) {
		t.Errorf("no person: %v", err)
	}
	if _, err := os.Stat(out); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("something was written: %v", err)
	}
	if err := export("+79000000999"); err != nil {
		t.Errorf("a number in no card: %v", err)
	}
}

// TestExportPerson_goesOnAfterAKill: the same command writes the archive, and what the killed one left is gone.
func TestExportPerson_goesOnAfterAKill(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	h := s.fillHer()
	dir := t.TempDir()
	foreign := filepath.Join(dir, "her.zip.part")
	left := filepath.Join(dir, ".dozvon-export-1", "whole")
	for _, path := range []string{foreign, left} {
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte("half"), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.parts.Person.Export(t.Context(), "client:"+h.client.ID, filepath.Join(dir, "her.zip"), "ru"); err != nil {
		t.Fatal(err)
	}
	if raw, err := os.ReadFile(foreign); string(raw) != "half" || err != nil {
		t.Errorf("a file of somebody else's became %q, %v", raw, err)
	}
	if all, err := os.ReadDir(dir); err != nil || len(all) != 2 {
		t.Errorf("beside the archive lie %v, %v", all, err)
	}
}
