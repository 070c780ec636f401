package table

import "fmt"

// Code names a reason to refuse a file. Codes are stable; the words are for people.
type Code string

// Why a file is refused.
const (
	Empty          Code = "empty_file"
	NotATable      Code = "not_a_table"
	OldExcel       Code = "old_excel"
	TooBig         Code = "file_too_big"
	TooManyRows    Code = "too_many_rows"
	TooManyColumns Code = "too_many_columns"
	CellTooLong    Code = "cell_too_long"
	MixedEncodings Code = "mixed_encodings"
	OpenQuote      Code = "open_quote"
	BrokenExcel    Code = "broken_excel"
	Bomb           Code = "unpacks_too_big"
	NoValue        Code = "formula_without_value"
)

// Fault is a file that cannot be read as a table, and where.
type Fault struct {
	Code   Code
	What   string // what the file is instead, "" when that is not known
	Line   int    // 0: the whole file
	Column int    // 0: the whole line
}

type words struct{ ru, en string }

var faults = map[Code]words{
	Empty:     {"Файл пустой: в нём нет ни одной строки.", "The file is empty: there is not a single row in it."},
	NotATable: {"Это не таблица. Нужен файл CSV или XLSX.", "This is no table. A CSV or XLSX file is needed."},
	OldExcel: {
		"Это файл старого Excel (.xls) или файл с паролем. Откройте его и сохраните как «Книга Excel (.xlsx)» без пароля.",
		"This is a file of an old Excel (.xls) or one with a password. Open it and save it as “Excel workbook (.xlsx)” without a password.",
	},
	TooBig: {
		fmt.Sprintf("Файл больше %d МБ. Разделите его на части.", MaxBytes>>20),
		fmt.Sprintf("The file is larger than %d MB. Split it into parts.", MaxBytes>>20),
	},
	TooManyRows: {
		fmt.Sprintf("В файле больше %d строк. Разделите его на части.", MaxRows),
		fmt.Sprintf("The file has more than %d rows. Split it into parts.", MaxRows),
	},
	TooManyColumns: {
		fmt.Sprintf("Столбцов больше %d. Оставьте в файле только нужные.", MaxColumns),
		fmt.Sprintf("There are more than %d columns. Leave only the needed ones in the file.", MaxColumns),
	},
	CellTooLong: {
		fmt.Sprintf("Ячейка длиннее %d КБ. Сократите её; если в файле есть кавычки, проверьте, что каждая закрыта.", MaxCell>>10),
		fmt.Sprintf("A cell is longer than %d KB. Shorten it; if there are quotes in the file, check that each is closed.", MaxCell>>10),
	},
	MixedEncodings: {
		"В файле смешаны кодировки: эта строка не в той, что остальные. Сохраните файл заново в UTF-8.",
		"The file mixes encodings: this line is in another one than the rest. Save the file again as UTF-8.",
	},
	OpenQuote: {
		"Кавычка в начале ячейки не закрыта или закрыта не в конце. Закройте её или уберите.",
		"A quote at the beginning of a cell is not closed, or not at its end. Close it or take it away.",
	},
	BrokenExcel: {
		"Файл Excel повреждён и не читается до конца. Откройте его в Excel и сохраните заново.",
		"The Excel file is damaged and cannot be read to its end. Open it in Excel and save it again.",
	},
	NoValue: {
		"В ячейке формула, а значения в файле нет: его сделала программа, которая формул не считает. Откройте файл в Excel и сохраните заново.",
		"A cell has a formula, but the file does not have its value: a program made it that does not calculate. Open it in Excel and save it again.",
	},
	Bomb: {
		"Файл Excel распаковывается во что-то слишком большое, таблицы такими не бывают. Сохраните нужный лист отдельно, без картинок.",
		"The Excel file unpacks into something too big for a table. Save the needed sheet alone, without pictures.",
	},
}

func (f *Fault) Error() string { return f.Words("en") }

// Words says in "ru" or "en" what is wrong, where, and what to do.
func (f *Fault) Words(language string) string {
	w := wordsOf(f)
	if language == "en" {
		return where(f, "Line %d. ", "Line %d, column %d. ") + w.en
	}
	return where(f, "Строка %d. ", "Строка %d, столбец %d. ") + w.ru
}

func where(f *Fault, line, cell string) string {
	switch {
	case f.Line == 0:
		return ""
	case f.Column == 0:
		return fmt.Sprintf(line, f.Line)
	}
	return fmt.Sprintf(cell, f.Line, f.Column)
}
