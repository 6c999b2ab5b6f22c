package datasets

import (
	"context"

	"github.com/ptnsim/ptnsim/datasets/text"
	"github.com/ptnsim/ptnsim/market"
)

// readCSV reads a canonical CSV: a header with the canonical names, times in RFC
// 3339 or epoch ms.
func readCSV(ctx context.Context, src source, name Name, pair market.Pair, sel Select) (c *Candles, err error) {
	defer guard(src.path, &err)
	in, err := openText(src)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	p := candleText{path: src.path}
	lines := text.NewLines(in)
	if err := p.header(lines); err != nil {
		return nil, err
	}
	pick := picker{sel: sel, want: p.layout.wanted(sel.Columns)}
	err = p.each(lines, func(f frame) error {
		pick.take(f)
		return ctx.Err()
	})
	if err != nil {
		return nil, err
	}
	if pick.rows == 0 {
		return nil, empty(src.path)
	}
	return &Candles{
		Series: pick.kept.series(pair, name.Interval, p.layout.closeOnly),
		File:   src.path, CloseOnly: p.layout.closeOnly,
		FirstRow: pick.firstRow, FirstMS: pick.first, EndMS: pick.last + int64(name.Interval),
	}, nil
}

// picker keeps the selected rows and columns of the frames that pass.
type picker struct {
	sel         Select
	want        Columns
	kept        frame
	rows        int64
	first, last int64 // times of the file
	firstRow    int64 // of the first kept, from 0
}

func (p *picker) take(f frame) {
	if len(f.time) == 0 {
		return
	}
	if p.rows == 0 {
		p.first = f.time[0]
	}
	p.last = f.time[len(f.time)-1]
	from, to := p.sel.span()
	for i, ms := range f.time {
		if ms < from || ms >= to {
			continue
		}
		if len(p.kept.time) == 0 {
			p.firstRow = p.rows + int64(i)
		}
		p.kept.time = append(p.kept.time, ms)
		for k, col := range f.cols {
			if p.want.has(k) {
				p.kept.cols[k] = append(p.kept.cols[k], col[i])
			}
		}
	}
	p.rows += int64(len(f.time))
}
