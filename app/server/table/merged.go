package table

import (
	"fmt"
	"slices"

	"github.com/xuri/excelize/v2"
)

// merge is a cell over several rows: what stands in it is meant for each of them, as a group's number
// beside its pupils.
type merge struct {
	column, top, bottom int // column from 0, rows as lines
	shown, value        string
}

// The library tells merged cells only of a sheet that it holds in memory whole, so they are asked for in
// sheets of people's own making, not in exports of a hundred thousand rows.
const mergesRows, mergesMost = 5000, 2000

// mergesOf reads the merged cells of a sheet that go over more than one row.
func mergesOf(path, sheet string, has extent) (merges []merge, err error) {
	if has.merged == 0 || has.merged > mergesMost || has.rows > mergesRows {
		return nil, nil
	}
	err = shielded(func() error {
		// A book of its own, for reading it whole changes how its rows are read.
		book, err := excelize.OpenFile(path, excelize.Options{UnzipSizeLimit: maxUnpacked, UnzipXMLSizeLimit: spillAbove})
		if err != nil {
			return fmt.Errorf("%w: %w", &Fault{Code: BrokenExcel}, err)
		}
		defer book.Close()
		cells, err := book.GetMergeCells(sheet)
		if err != nil {
			return fmt.Errorf("%w: %w", &Fault{Code: BrokenExcel}, err)
		}
		for _, c := range cells {
			column, top, err := excelize.CellNameToCoordinates(c.GetStartAxis())
			if err != nil {
				return fmt.Errorf("%w: %w", &Fault{Code: BrokenExcel}, err)
			}
			_, bottom, err := excelize.CellNameToCoordinates(c.GetEndAxis())
			if err != nil {
				return fmt.Errorf("%w: %w", &Fault{Code: BrokenExcel}, err)
			}
			if bottom > top && column <= MaxColumns {
				merges = append(merges, merge{column: column - 1, top: top, bottom: bottom})
			}
		}
		return nil
	})
	slices.SortFunc(merges, func(a, b merge) int { return a.top - b.top })
	return merges, err
}

// fillDown writes what stands in merged cells into the rows that they cover. A row that has nothing else
// stays empty.
func (s *sheet) fillDown(row *Row) {
	own := slices.ContainsFunc(row.Cells, func(c string) bool { return c != "" })
	for i := range s.merges {
		m := &s.merges[i]
		switch {
		case m.top > row.Line:
			return
		case m.top == row.Line:
			m.shown, m.value = at(row.Cells, m.column), at(row.Values, m.column)
		case row.Line <= m.bottom && own && at(row.Cells, m.column) == "":
			for len(row.Cells) <= m.column {
				row.Cells, row.Values = append(row.Cells, ""), append(row.Values, "")
			}
			row.Cells[m.column], row.Values[m.column] = m.shown, m.value
		}
	}
}
