package screens

import "testing"

// surfaces are all that the program shows, by what they are about.
var surfaces = map[string]func(t *testing.T, l look){
	"pages": drawSurfaces, "crm": drawCards, "import": drawImport, "notes": drawNotes, "reports": drawReports, "register": drawRegister,
	"tasks": drawTasks, "storm": drawStorms, "writing": drawWriting, "first": drawFirst, "practice": drawPractice, "help": drawHelp,
	"connection": drawConnection, "day": drawDay, "course": drawCourse, "strip": drawStrips, "player": drawFaces, "keys": drawKeys,
}

func TestScreenshots(t *testing.T) { inEveryLook(t, surfaces["pages"]) }

func TestScreenshotsCards(t *testing.T) { inEveryLook(t, surfaces["crm"]) }

func TestScreenshotsImport(t *testing.T) { inEveryLook(t, surfaces["import"]) }

func TestScreenshotsNotes(t *testing.T) { inEveryLook(t, surfaces["notes"]) }

func TestScreenshotsReports(t *testing.T) { inEveryLook(t, surfaces["reports"]) }

func TestScreenshotsRegister(t *testing.T) { inEveryLook(t, surfaces["register"]) }

func TestScreenshotsTasks(t *testing.T) { inEveryLook(t, surfaces["tasks"]) }

func TestScreenshotsStorms(t *testing.T) { inEveryLook(t, surfaces["storm"]) }

func TestScreenshotsWriting(t *testing.T) { inEveryLook(t, surfaces["writing"]) }

func TestScreenshotsFirst(t *testing.T) { inEveryLook(t, surfaces["first"]) }

func TestScreenshotsPractice(t *testing.T) { inEveryLook(t, surfaces["practice"]) }

func TestScreenshotsHelp(t *testing.T) { inEveryLook(t, surfaces["help"]) }

func TestScreenshotsConnection(t *testing.T) { inEveryLook(t, surfaces["connection"]) }

func TestScreenshotsDay(t *testing.T) { inEveryLook(t, surfaces["day"]) }

func TestScreenshotsCourse(t *testing.T) { inEveryLook(t, surfaces["course"]) }

func TestScreenshotsStrip(t *testing.T) { inEveryLook(t, surfaces["strip"]) }

func TestScreenshotsPlayer(t *testing.T) { inEveryLook(t, surfaces["player"]) }

func TestScreenshotsKeys(t *testing.T) { inEveryLook(t, surfaces["keys"]) }
