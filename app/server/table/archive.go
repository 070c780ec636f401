package table

import (
	"archive/zip"
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
)

// An XLSX is a zip of XML files, and the library that reads it unpacks small parts into memory and
// large sheets into temporary files. checkArchive reads every part before it in a few kilobytes of
// memory, and lets pass only what the library then reads in bounded memory: nothing unpacks to
// more than stands here, no cell or row is larger than a table's, nothing is nested deep.
const (
	// maxParts: a workbook has about ten parts, and one for each picture.
	maxParts = 2000
	// maxUnpacked bounds all parts together: a million rows of thirty cells are about 1 GB.
	maxUnpacked = 1 << 30
	// maxSmall bounds all parts together that the library keeps in memory: styles, pictures, names.
	maxSmall = 24 << 20
	// spillAbove is the size from which sheets and texts are unpacked into temporary files.
	spillAbove = 1 << 20
	// maxTexts bounds the table of texts that cells share; the library keeps 48 bytes for each.
	maxTexts = 3_000_000
	// maxItem is XML between the beginnings of two cells or texts: MaxCell, each character escaped.
	maxItem = 12 * MaxCell
	// maxRowXML is XML between the beginnings of two rows.
	maxRowXML = 8 << 20
	maxDepth  = 64
)

const textsPart = "xl/sharedstrings.xml"

// extent is how much all sheets of a workbook have.
type extent struct{ rows, merged int }

// checkArchive refuses a bomb, and what is damaged.
func checkArchive(f io.ReaderAt, size int64) (all extent, err error) {
	z, err := zip.NewReader(f, size)
	if err != nil {
		return extent{}, &Fault{Code: BrokenExcel}
	}
	if err := checkSizes(z); err != nil {
		return extent{}, err
	}
	if fault := archiveFault(z); fault != nil {
		return extent{}, fault
	}
	for _, part := range z.File {
		n, err := checkPart(part)
		if err != nil {
			return extent{}, err
		}
		all.rows, all.merged = all.rows+n.rows, all.merged+n.merged
	}
	return all, nil
}

// checkSizes believes the zip's own list; checkPart finds out where it lies.
func checkSizes(z *zip.Reader) error {
	if len(z.File) > maxParts {
		return &Fault{Code: Bomb}
	}
	var all, small uint64
	for _, part := range z.File {
		name := strings.ToLower(strings.ReplaceAll(part.Name, `\`, "/"))
		all += part.UncompressedSize64
		if part.UncompressedSize64 > maxUnpacked || all > maxUnpacked {
			return &Fault{Code: Bomb}
		}
		if !spills(name) || part.UncompressedSize64 <= spillAbove {
			small += part.UncompressedSize64
		}
		if small > maxSmall {
			return &Fault{Code: Bomb}
		}
	}
	return nil
}

// spills says that the library unpacks the part into a temporary file when it is large.
func spills(name string) bool {
	return name == textsPart || strings.HasPrefix(name, "xl/worksheets/sheet")
}

// checkPart reads a part to its end: what it really unpacks to, not what the zip says of it.
func checkPart(part *zip.File) (has extent, err error) {
	name := strings.ToLower(strings.ReplaceAll(part.Name, `\`, "/"))
	in, err := part.Open()
	if err != nil {
		return extent{}, &Fault{Code: BrokenExcel}
	}
	defer in.Close()
	if !strings.HasSuffix(name, ".xml") && !strings.HasSuffix(name, ".rels") {
		// The reader itself ends a part that is longer than was told.
		if _, err := io.Copy(io.Discard, in); err != nil {
			return extent{}, &Fault{Code: BrokenExcel}
		}
		return extent{}, nil
	}
	x := &markup{in: bufio.NewReaderSize(in, 64<<10)}
	if spills(name) {
		x.item, x.row = maxItem, maxRowXML
	}
	if err := x.check(); err != nil {
		return extent{}, asFault(err)
	}
	return extent{x.rows, x.merged}, nil
}

func asFault(err error) error {
	var f *Fault
	if errors.As(err, &f) {
		return f
	}
	return fmt.Errorf("%w: %w", &Fault{Code: BrokenExcel}, err)
}
