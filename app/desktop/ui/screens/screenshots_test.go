//go:build !race

package screens

import "testing"

// The software painter is some thirty times slower under the race detector; what moves is tested
// there, and `make test` draws the pictures in a run of their own.

func TestScreenshots(t *testing.T)           { inEveryLook(t, drawSurfaces) }
func TestScreenshotsCards(t *testing.T)      { inEveryLook(t, drawCards) }
func TestScreenshotsImport(t *testing.T)     { inEveryLook(t, drawImport) }
func TestScreenshotsNotes(t *testing.T)      { inEveryLook(t, drawNotes) }
func TestScreenshotsReports(t *testing.T)    { inEveryLook(t, drawReports) }
func TestScreenshotsTasks(t *testing.T)      { inEveryLook(t, drawTasks) }
func TestScreenshotsWriting(t *testing.T)    { inEveryLook(t, drawWriting) }
func TestScreenshotsConnection(t *testing.T) { inEveryLook(t, drawConnection) }
