package convert

import "github.com/ptnsim/ptnsim/market"

// progress tells how many of the inputs' bytes are done. Within a file it goes by
// time, since streams know no bytes.
type progress struct {
	tell   func(done, total int64)
	passes int64 // how often each file is read
	done   int64
	total  int64
}

func newProgress(tell func(done, total int64), jobs []job) *progress {
	p := &progress{tell: tell, passes: 1}
	for _, j := range jobs {
		for _, f := range j.files {
			p.total += f.about.Bytes
		}
	}
	return p
}

// watch tells of a file's chunks as they pass.
func (p *progress) watch(f *input, in Stream) Stream {
	if p.tell == nil {
		return in
	}
	return func(yield func(*market.Series, error) bool) {
		part := int64(0)
		for s, err := range in {
			if err == nil && f.Entry != nil && f.Entry.LastMS > f.Entry.FirstMS {
				share := float64(s.Time[s.Len()-1]-f.Entry.FirstMS) / float64(f.Entry.LastMS-f.Entry.FirstMS)
				part = int64(min(max(share, 0), 1) * float64(f.about.Bytes))
				p.tell(p.done+part, p.total*p.passes)
			}
			if !yield(s, err) {
				return
			}
		}
		p.done += f.about.Bytes
		p.tell(p.done, p.total*p.passes)
	}
}
