package main

import (
	"os"
	"testing"
)

// TestLicences_areThoseOfWhatIsBuiltIn: a module that came, went or changed its terms changes the file.
func TestLicences_areThoseOfWhatIsBuiltIn(t *testing.T) {
	t.Chdir("../../..")
	want, err := collect()
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("assets/licences.txt")
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Error("assets/licences.txt is not up to date: go run ./assets/package/licences >assets/licences.txt")
	}
}
