package imports

import (
	"dozvon/app/server/table"
	"dozvon/app/server/texts"
)

// Told is what people are told of a file that is no table: what is wrong, where, and what to do. What
// the file is instead says more than why it is refused.
func Told(f *table.Fault) texts.Message {
	limits := texts.Args{
		"megabytes": table.MaxBytes >> 20, "rows": table.MaxRows, "columns": table.MaxColumns, "kilobytes": table.MaxCell >> 10,
	}
	what := texts.Of("table."+string(f.Code), limits)
	if texts.Has("table.is_" + f.What) {
		what = texts.Of("table.is_" + f.What)
	}
	switch {
	case f.Line == 0:
		return what
	case f.Column == 0:
		return texts.Of("table.at_line", texts.Args{"line": f.Line, "what": what})
	}
	return texts.Of("table.at_cell", texts.Args{"line": f.Line, "column": f.Column, "what": what})
}
