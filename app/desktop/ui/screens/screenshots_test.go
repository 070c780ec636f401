package screens

import "testing"

func TestScreenshots(t *testing.T) { inEveryLook(t, drawSurfaces) }

func TestScreenshotsCards(t *testing.T) { inEveryLook(t, drawCards) }

func TestScreenshotsImport(t *testing.T) { inEveryLook(t, drawImport) }

func TestScreenshotsNotes(t *testing.T) { inEveryLook(t, drawNotes) }

func TestScreenshotsReports(t *testing.T) { inEveryLook(t, drawReports) }

func TestScreenshotsRegister(t *testing.T) { inEveryLook(t, drawRegister) }

func TestScreenshotsTasks(t *testing.T) { inEveryLook(t, drawTasks) }

func TestScreenshotsStorms(t *testing.T) { inEveryLook(t, drawStorms) }

func TestScreenshotsWriting(t *testing.T) { inEveryLook(t, drawWriting) }

func TestScreenshotsFirst(t *testing.T) { inEveryLook(t, drawFirst) }

func TestScreenshotsPractice(t *testing.T) { inEveryLook(t, drawPractice) }

func TestScreenshotsHelp(t *testing.T) { inEveryLook(t, drawHelp) }

func TestScreenshotsConnection(t *testing.T) { inEveryLook(t, drawConnection) }

func TestScreenshotsDay(t *testing.T) { inEveryLook(t, drawDay) }

func TestScreenshotsCourse(t *testing.T) { inEveryLook(t, drawCourse) }
