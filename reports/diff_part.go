package reports

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
)

// differ compares two documents part by part.
type differ struct {
	walker
	parts []DiffPart
	aside DiffPart
	endMS int64 // when the first of the two was judged
}

// end closes a part: what was counted since the last one is its own.
func (d *differ) end(p DiffPart) {
	p.Within, d.within, d.same = d.within, 0, 0
	p.sort()
	d.parts = append(d.parts, p)
}

// tell keeps what differs and doesn't count.
func (d *differ) tell(key string, fields []DiffField) {
	if len(fields) > 0 {
		d.aside.Changed++
		d.aside.Entries = append(d.aside.Entries, DiffEntry{Change: DiffChanged, Key: key, Fields: fields})
	}
}

// values compares one group of values: fields of a and b, which are structs; those
// that in chooses. A field that is the part itself gives its fields alone.
func (d *differ) values(part string, a, b reflect.Value, in func(field string) bool) {
	for _, f := range d.plan(a.Type()) {
		if !in(f.name) {
			continue
		}
		if f.name == part {
			d.value(a.Field(f.index), b.Field(f.index))
		} else {
			d.under(f.name, a.Field(f.index), b.Field(f.index))
		}
	}
	found, aside := d.take()
	d.tell(part, aside)
	p := DiffPart{Name: part, Same: d.same, Changed: len(found)}
	if len(found) > 0 {
		e := DiffEntry{Change: DiffChanged, Fields: found}
		e.lead, e.TimeMS = d.earliest(found, d.valueTime(part))
		p.Entries = []DiffEntry{e}
	}
	d.end(p)
}

// earliest finds which field differs first, and when; 0 is no instant.
func (d *differ) earliest(fields []DiffField, when func(f *DiffField) int64) (lead int, ms int64) {
	for i := range fields {
		if at := when(&fields[i]); at != 0 && (ms == 0 || at < ms) {
			lead, ms = i, at
		}
	}
	return lead, ms
}

// valueTime is when the values of a group differ: each instant at the earlier one of
// the two, all others at the end. Of what was put in, only the range has a time.
func (d *differ) valueTime(part string) func(f *DiffField) int64 {
	return func(f *DiffField) int64 {
		switch {
		case part == partSetup && (f.Name == "from" || f.Name == "to"):
			return earlier(instantOf(f.A), instantOf(f.B))
		case part == partSetup || part == partRules || part == partData:
			return 0
		case isInstant(f.Name):
			return earlier(instantOf(f.A), instantOf(f.B))
		}
		return d.endMS
	}
}

// earlier is the earlier of two instants, of which 0 is none.
func earlier(a, b int64) int64 {
	if a == 0 || b != 0 && b < a {
		return b
	}
	return a
}

// isInstant reports whether a field that may differ is an instant. Lengths of time end
// in _ms as well: open_ms of a checkpoint is one, and that of a position is its key.
func isInstant(name string) bool {
	name = name[strings.LastIndexByte(name, '.')+1:]
	switch name {
	case "emitted_ms", "filled_ms", "close_ms", "time_ms", "t_ms", "last_update_ms", "start_ms", "evaluation_ms",
		"registered_ms", "promoted_ms", "out_ms", "slot_lost_ms", "first_ms", "last_ms":
		return true
	}
	return false
}

// elements is how the elements of a list are compared.
type elements[E any, K comparable] struct {
	part string
	key  func(*E) K      // what belongs together
	name func(*E) string // what people and programs know it by
	time func(*E) int64  // when it came about: of one that the other side lacks
	// when is the instant at which a field of two that belong together differs.
	when func(a, b *E, f *DiffField) int64
	// rank brings fields in front, the least first; nil: they come as they are declared.
	rank func(f *DiffField) int
	// sorted: the order of the elements is that of what they say.
	sorted bool
}

// compare compares two lists.
func (l elements[E, K]) compare(d *differ, a, b []E) {
	quiet := walker{tolerance: d.tolerance}
	pairs := align(keysOf(a, l.key), keysOf(b, l.key), func(i, j int) bool {
		quiet.value(reflect.ValueOf(&a[i]), reflect.ValueOf(&b[j]))
		found, _ := quiet.take()
		return len(found) == 0
	})
	p := DiffPart{Name: l.part, List: true}
	for _, pair := range pairs {
		switch {
		case pair.b < 0:
			p.OnlyA++
			e := &a[pair.a]
			p.Entries = append(p.Entries, DiffEntry{Change: DiffOnlyA, Key: numbered(l.name(e), pair.nth), TimeMS: l.time(e), A: e})
		case pair.a < 0:
			p.OnlyB++
			e := &b[pair.b]
			p.Entries = append(p.Entries, DiffEntry{Change: DiffOnlyB, Key: numbered(l.name(e), pair.nth), TimeMS: l.time(e), B: e})
		default:
			l.both(d, &p, &a[pair.a], &b[pair.b], pair.nth)
		}
	}
	if i, j, found := outOfOrder(pairs, len(a), len(b)); found && !l.sorted {
		p.Entries = append(p.Entries, DiffEntry{
			Change: DiffChanged, TimeMS: earlier(l.time(&a[i]), l.time(&b[j])),
			Fields: []DiffField{{Name: "sequence", A: stringText(l.name(&a[i])), B: stringText(l.name(&b[j]))}},
		})
	}
	d.end(p)
}

// both compares two elements that belong together.
func (l elements[E, K]) both(d *differ, p *DiffPart, a, b *E, nth int) {
	d.value(reflect.ValueOf(a), reflect.ValueOf(b))
	found, aside := d.take()
	if len(aside) > 0 {
		d.tell(l.part+" "+numbered(l.name(a), nth), aside)
	}
	if len(found) == 0 {
		p.Same++
		return
	}
	p.Changed++
	if l.rank != nil {
		slices.SortStableFunc(found, func(x, y DiffField) int { return cmp.Compare(l.rank(&x), l.rank(&y)) })
	}
	e := DiffEntry{Change: DiffChanged, Key: numbered(l.name(a), nth), Fields: found, A: a, B: b}
	e.lead, e.TimeMS = d.earliest(found, func(f *DiffField) int64 { return l.when(a, b, f) })
	p.Entries = append(p.Entries, e)
}

func keysOf[E any, K comparable](list []E, key func(*E) K) []K {
	keys := make([]K, len(list))
	for i := range list {
		keys[i] = key(&list[i])
	}
	return keys
}

// optional is a list of what may be there.
func optional[E any](e *E) []E {
	if e == nil {
		return nil
	}
	return []E{*e}
}
