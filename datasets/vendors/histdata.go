package vendors

import (
	"fmt"
	"strings"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/datasets/text"
)

// HistData's files have a layout that other platforms export as well, with a
// volume and on another clock. What gives the vendor's away is its name for them,
// or a volume that is 0 in every row; and that it is 0 is judged to the last row.

// What to do with a file that looks like the vendor's and has a volume.
const (
	csvRemedy   = "if another platform wrote the file, import it with --vendor csv and the --zone of its clock"
	ticksRemedy = "if another platform wrote the file, import it with --vendor quotes --columns time=1,bid=2,ask=3 " +
		"--time-format '" + histDataTickTime + "' and the --zone of its clock"
)

// named reports whether the file's name begins as a vendor's names do.
func (s *sheet) named(prefix string) bool {
	stem := s.in.stem()
	return len(stem) >= len(prefix) && strings.EqualFold(stem[:len(prefix)], prefix)
}

// allZero reports whether every sampled value of a column is 0.
func (s *sheet) allZero(column int) bool {
	for _, v := range s.column(column) {
		if !zeroNumber(v) {
			return false
		}
	}
	return len(s.rows) > 0
}

// everyMinute reports whether the sampled times of the first column are whole
// minutes apart, most often one.
func (s *sheet) everyMinute(layout text.TimeFormat) bool {
	counts := map[int64]int{}
	last := int64(0)
	for i, v := range s.column(0) {
		ms, _, ok := layout.Parse([]byte(v))
		if !ok {
			continue // the reader refuses it
		}
		step := ms - last
		if last = ms; i == 0 {
			continue
		}
		if step%int64(datasets.Minute) != 0 {
			return false
		}
		counts[step]++
	}
	ones := counts[int64(datasets.Minute)]
	for step, n := range counts {
		if step != int64(datasets.Minute) && n >= ones {
			return false
		}
	}
	return ones > 0
}

// withoutVolume leaves a column out that is always 0: a row in which it is not is
// refused with that remedy.
func (p *plan) withoutVolume(s *sheet, column int, remedy string) error {
	p.zeroColumn, p.zeroRemedy = column, remedy
	p.note("the volume is always 0: left out")
	for i, row := range s.rows {
		if column < len(row) && !zeroNumber(row[column]) {
			return p.someVolume(s.in, s.lines[i], row[column])
		}
	}
	return nil
}

// someVolume is the refusal of a volume that is not 0.
func (p *plan) someVolume(in Input, line int64, volume string) error {
	return &datasets.Refusal{File: in.String(), Line: line, Problem: datasets.ErrType, Found: "the volume " + quoted(volume),
		Expected: fmt.Sprintf("0, as in every file of %s", p.Title), Remedy: p.zeroRemedy}
}

// zeroNumber reports whether a field is the number 0.
func zeroNumber[T ~string | ~[]byte](field T) bool {
	x, ok := text.Float([]byte(field))
	return ok && x == 0
}
