package table

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"

	"github.com/gabriel-vasile/mimetype"
	"golang.org/x/text/encoding/unicode"
)

// What a file is that is no table of ours. People take its name for what it is, so the content alone
// decides: half of the world's «.xls» are web pages.
const (
	webPage     = "html"
	xmlFile     = "xml"
	jsonFile    = "json"
	vCard       = "vcard"
	pdf         = "pdf"
	openSheet   = "ods"
	appleSheet  = "numbers"
	wordFile    = "word"
	binaryExcel = "xlsb"
	oldWorkbook = "xls"
	locked      = "password"
	packed      = "archive"
	picture     = "picture"
	oneC        = "1c"
	otherSheet  = "sylk"
)

// sniffed is how much of a file's beginning is looked at; mimetype looks at as much.
const sniffed = 3072

// foreign names what the beginning of a file gives away, nil when it may be a CSV.
func foreign(head []byte) *Fault {
	// The workbooks of Excel 2 to 4 are bare streams; their first record is BOF.
	if len(head) > 1 && head[0] == 9 && (head[1] == 0 || head[1] == 2 || head[1] == 4 || head[1] == 8) {
		return &Fault{Code: OldExcel, What: oldWorkbook}
	}
	if bytes.HasPrefix(head, bomLE) || bytes.HasPrefix(head, bomBE) {
		if text, err := unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(head[:len(head)&^1]); err == nil {
			head = text
		}
	}
	head = bytes.TrimLeft(bytes.TrimPrefix(head, bom8), " \t\r\n")
	if what := signature(head); what != "" {
		return &Fault{Code: NotATable, What: what}
	}
	return nil
}

// signatures are beginnings of texts that the library takes for plain text, or knows in part only.
var signatures = []struct{ begins, what string }{
	{"begin:vcard", vCard},
	{"moxcel", oneC},        // a 1C spreadsheet document, .mxl
	{"id;pwxl", otherSheet}, // not «id;p»: that begins a table of ids and phones, too
	{"id;pcalcooo", otherSheet},
	{"id;pscalc", otherSheet},
	{"table\r\n0,1", otherSheet},
	{"table\n0,1", otherSheet},
	{"mime-version:", webPage}, // Excel's «web page in one file», .mht
	{"<?xml", xmlFile},
	{"<!", webPage},
}

func signature(head []byte) string {
	begins := strings.ToLower(string(head[:min(len(head), 16)]))
	for _, s := range signatures {
		if strings.HasPrefix(begins, s.begins) {
			return s.what
		}
	}
	if len(begins) > 1 && begins[0] == '<' && begins[1] >= 'a' && begins[1] <= 'z' {
		return webPage
	}
	switch found := mimetype.Detect(head); {
	case found.Is("application/pdf"):
		return pdf
	case found.Is("text/rtf"):
		return wordFile
	case found.Is("application/json"), found.Is("application/x-ndjson"):
		return jsonFile
	case strings.HasPrefix(found.String(), "image/") && !strings.HasPrefix(found.String(), "image/x-portable"): // those are texts that begin with P1
		return picture
	case found.Is("application/gzip"), found.Is("application/x-7z-compressed"), found.Is("application/x-rar-compressed"),
		found.Is("application/x-bzip2"), found.Is("application/x-xz"), found.Is("application/zstd"), found.Is("application/x-tar"):
		return packed
	}
	return ""
}

// oleStreams are the names in an OLE container (UTF-16) that tell whose it is.
var oleStreams = []struct{ name, what string }{
	{"EncryptedPackage", locked}, {"WordDocument", wordFile}, {"Workbook", oldWorkbook}, {"Book", oldWorkbook},
}

// oleFault tells an old workbook from one with a password and from a Word document. The list of
// streams may stand anywhere, so all of the file is looked through, in bounded memory.
func oleFault(f io.ReaderAt, size int64) error {
	const piece, overlap = 256 << 10, 64
	in, buf, kept := io.NewSectionReader(f, 0, size), make([]byte, piece+overlap), 0
	best := len(oleStreams)
	for {
		n, err := io.ReadFull(in, buf[kept:])
		data := buf[:kept+n]
		for i, s := range oleStreams[:best] {
			if bytes.Contains(data, wide(s.name)) {
				best = i
				break
			}
		}
		if err != nil || best == 0 {
			break
		}
		kept = copy(buf, data[len(data)-overlap:])
	}
	fault := &Fault{Code: OldExcel}
	if best < len(oleStreams) {
		fault.What = oleStreams[best].what
	}
	if fault.What == wordFile {
		fault.Code = NotATable
	}
	return fault
}

func wide(name string) []byte {
	out := make([]byte, 0, 2*len(name))
	for _, c := range []byte(name) {
		out = append(out, c, 0)
	}
	return out
}

// archiveFault tells what a zip is that is no XLSX; nil when it is one.
func archiveFault(z *zip.Reader) *Fault {
	workbook := false
	for _, part := range z.File {
		name := strings.ToLower(strings.ReplaceAll(part.Name, `\`, "/"))
		switch {
		case name == "[content_types].xml":
			workbook = true
		case name == "xl/workbook.bin":
			return &Fault{Code: NotATable, What: binaryExcel}
		case name == "word/document.xml":
			return &Fault{Code: NotATable, What: wordFile}
		case name == "index/document.iwa", name == "index.zip":
			return &Fault{Code: NotATable, What: appleSheet}
		case name == "mimetype" && part.UncompressedSize64 < 200:
			if openDocument(part) {
				return &Fault{Code: NotATable, What: openSheet}
			}
		}
	}
	if workbook {
		return nil
	}
	return &Fault{Code: NotATable, What: packed}
}

func openDocument(part *zip.File) bool {
	in, err := part.Open()
	if err != nil {
		return false
	}
	defer in.Close()
	raw, err := io.ReadAll(io.LimitReader(in, 200))
	return err == nil && strings.HasPrefix(string(raw), "application/vnd.oasis.opendocument.")
}
