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

// foreignWords say what a file is, and how its table is saved as one that can be read.
var foreignWords = map[string]words{
	webPage: {
		"Это веб-страница (HTML), хотя имя файла может кончаться на .xls: так выгружают многие программы. Откройте его в Excel или LibreOffice и сохраните как «Книга Excel (.xlsx)».",
		"This is a web page (HTML), though its name may end in .xls: many programs export like that. Open it in Excel or LibreOffice and save it as “Excel workbook (.xlsx)”.",
	},
	xmlFile: {
		"Это файл XML, а не таблица. Если он открывается в Excel, сохраните его оттуда как «Книга Excel (.xlsx)».",
		"This is an XML file, not a table. If Excel opens it, save it from there as “Excel workbook (.xlsx)”.",
	},
	jsonFile: {
		"Это файл JSON, а не таблица. Выгрузите данные из той программы в CSV или XLSX.",
		"This is a JSON file, not a table. Export from that program as CSV or XLSX.",
	},
	vCard: {
		"Это визитки vCard (.vcf), а не таблица. Выгрузите контакты в CSV: в Google Контактах «Экспортировать → Google CSV», в Outlook «Файл → Открыть и экспортировать → Импорт и экспорт».",
		"These are vCards (.vcf), not a table. Export the contacts as CSV: in Google Contacts “Export → Google CSV”, in Outlook “File → Open & Export → Import/Export”.",
	},
	pdf: {
		"Это документ PDF: таблицу из него прочитать нельзя. Возьмите файл Excel или CSV, из которого он сделан.",
		"This is a PDF document: no table can be read from it. Take the Excel or CSV file that it was made of.",
	},
	openSheet: {
		"Это документ OpenDocument (.ods, LibreOffice). Откройте его и выберите «Файл → Сохранить как → Excel 2007–365 (.xlsx)».",
		"This is an OpenDocument file (.ods, LibreOffice). Open it and choose “File → Save As → Excel 2007–365 (.xlsx)”.",
	},
	appleSheet: {
		"Это таблица Numbers. Откройте её и выберите «Файл → Экспортировать в → Excel».",
		"This is a Numbers spreadsheet. Open it and choose “File → Export To → Excel”.",
	},
	wordFile: {
		"Это документ Word. Скопируйте таблицу из него в Excel и сохраните как «Книга Excel (.xlsx)».",
		"This is a Word document. Copy its table into Excel and save it as “Excel workbook (.xlsx)”.",
	},
	binaryExcel: {
		"Это двоичная книга Excel (.xlsb). Откройте её и сохраните как «Книга Excel (.xlsx)».",
		"This is a binary Excel workbook (.xlsb). Open it and save it as “Excel workbook (.xlsx)”.",
	},
	oldWorkbook: {
		"Это книга старого Excel (.xls, 97–2003). Откройте её и сохраните как «Книга Excel (.xlsx)».",
		"This is a workbook of an old Excel (.xls, 97–2003). Open it and save it as “Excel workbook (.xlsx)”.",
	},
	locked: {
		"Эта книга Excel защищена паролем. Откройте её, уберите пароль («Файл → Сведения → Защита книги → Зашифровать с использованием пароля», оставьте поле пустым) и сохраните.",
		"This Excel workbook has a password. Open it, take the password away (“File → Info → Protect Workbook → Encrypt with Password”, leave the field empty) and save it.",
	},
	packed: {
		"Это архив. Распакуйте его и загрузите таблицу, которая внутри.",
		"This is an archive. Unpack it and load the table that is inside.",
	},
	picture: {
		"Это картинка: таблицу из неё прочитать нельзя. Нужен файл CSV или XLSX.",
		"This is a picture: no table can be read from it. A CSV or XLSX file is needed.",
	},
	oneC: {
		"Это табличный документ 1С (.mxl). Откройте его в 1С и выберите «Файл → Сохранить как → Лист Excel 2007 (.xlsx)».",
		"This is a 1C spreadsheet document (.mxl). Open it in 1C and save it as “Excel 2007 sheet (.xlsx)”.",
	},
	otherSheet: {
		"Это таблица в старом формате обмена (SYLK или DIF). Откройте её в Excel и сохраните как «Книга Excel (.xlsx)».",
		"This is a table in an old interchange format (SYLK or DIF). Open it in Excel and save it as “Excel workbook (.xlsx)”.",
	},
}

// wordsOf are the words of a fault: what the file is says more than why it is refused.
func wordsOf(f *Fault) words {
	if w, ok := foreignWords[f.What]; ok {
		return w
	}
	return faults[f.Code]
}
