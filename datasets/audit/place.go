package audit

import "slices"

// Place is where the first row of a chunk comes from, for messages.
type Place struct {
	File string // "" = Options.File
	Row  int64  // from 1; 0 = counted on from the chunk before
	Line int64  // from 1 in a text file where every row is a line; 0 = none: rows are named
}

// after returns the place n rows further on.
func (p Place) after(n int64) Place {
	p.Row += n
	if p.Line > 0 {
		p.Line += n
	}
	return p
}

// places remembers where the rows of a buffer come from: one entry a stretch of
// rows that followed each other.
type places []stretch

type stretch struct {
	at   int // index of its first row
	from Place
}

// add takes rows from the buffer's index at on.
func (p *places) add(at int, from Place) {
	if n := len(*p); n > 0 {
		if last := (*p)[n-1]; last.from.after(int64(at-last.at)) == from {
			return
		}
	}
	*p = append(*p, stretch{at, from})
}

// of returns where a row comes from.
func (p places) of(i int) Place {
	k := len(p) - 1
	for k > 0 && p[k].at > i {
		k--
	}
	return p[k].from.after(int64(i - p[k].at))
}

// cut forgets the first n rows.
func (p *places) cut(n int) {
	if len(*p) == 0 {
		return
	}
	first := p.of(n)
	rest := slices.DeleteFunc(*p, func(x stretch) bool {
		return x.at <= n
	})
	for i := range rest {
		rest[i].at -= n
	}
	*p = slices.Insert(rest, 0, stretch{0, first})
}

// remove forgets row i of a buffer of n rows.
func (p *places) remove(i, n int) {
	var next Place
	if i+1 < n {
		next = p.of(i + 1)
	}
	*p = slices.DeleteFunc(*p, func(x stretch) bool {
		return x.at == i || x.at == i+1
	})
	at := len(*p)
	for k := range *p {
		if (*p)[k].at > i {
			at = min(at, k)
			(*p)[k].at--
		}
	}
	if i+1 < n {
		*p = slices.Insert(*p, at, struct {
			at   int
			from Place
		}{i, next})
	}
}
