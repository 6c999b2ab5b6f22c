package reports

// pairing is the places of two elements that are one another's, -1 on a side that has
// none.
type pairing struct {
	a, b int
	nth  int // among the elements of their key, 1 first
}

// align finds which elements of two lists belong together, by their keys: one more or
// less on a side leaves all others with their partners. Of several elements of one
// key, those at the beginning and at the end that are equal belong together, and the
// rest one by one. It takes linear time.
func align[K comparable](a, b []K, equal func(i, j int) bool) []pairing {
	groups, at := make([]keyGroup, 0, len(a)), make(map[K]int, len(a))
	group := func(key K) *keyGroup {
		g, known := at[key]
		if !known {
			g = len(groups)
			at[key] = g
			groups = append(groups, keyGroup{})
		}
		return &groups[g]
	}
	for i, key := range a {
		group(key).a.add(i)
	}
	for j, key := range b {
		group(key).b.add(j)
	}
	pairs := make([]pairing, 0, max(len(a), len(b)))
	for i := range groups {
		pairs = groups[i].pair(pairs, equal)
	}
	return pairs
}

// keyGroup is the places of the elements of one key, ascending.
type keyGroup struct{ a, b places }

// places is a list of places; most have one, for which nothing is allocated.
type places struct {
	n     int
	first int
	rest  []int
}

func (p *places) add(i int) {
	if p.n == 0 {
		p.first = i
	} else {
		p.rest = append(p.rest, i)
	}
	p.n++
}

func (p *places) at(i int) int {
	if i == 0 {
		return p.first
	}
	return p.rest[i-1]
}

func (g *keyGroup) pair(pairs []pairing, equal func(i, j int) bool) []pairing {
	na, nb := g.a.n, g.b.n
	shared, begin, end := min(na, nb), 0, 0
	if na != nb { // else one by one is as good
		for begin < shared && equal(g.a.at(begin), g.b.at(begin)) {
			begin++
		}
		for end < shared-begin && equal(g.a.at(na-1-end), g.b.at(nb-1-end)) {
			end++
		}
	}
	for i := range shared - end {
		pairs = append(pairs, pairing{g.a.at(i), g.b.at(i), i + 1})
	}
	for i := shared - end; i < na-end; i++ {
		pairs = append(pairs, pairing{g.a.at(i), -1, i + 1})
	}
	for i := shared - end; i < nb-end; i++ {
		pairs = append(pairs, pairing{-1, g.b.at(i), i + 1})
	}
	for i := end; i > 0; i-- {
		pairs = append(pairs, pairing{g.a.at(na - i), g.b.at(nb - i), shared - i + 1})
	}
	return pairs
}

// outOfOrder finds the first place at which the elements that both lists have come in
// another sequence: which element each list has there.
func outOfOrder(pairs []pairing, na, nb int) (i, j int, found bool) {
	partner, wanted := make([]int, na), make([]bool, nb)
	for i := range partner {
		partner[i] = -1
	}
	for _, p := range pairs {
		if p.a >= 0 && p.b >= 0 {
			partner[p.a], wanted[p.b] = p.b, true
		}
	}
	for i = range na {
		if partner[i] < 0 {
			continue
		}
		for !wanted[j] {
			j++
		}
		if partner[i] != j {
			return i, j, true
		}
		j++
	}
	return 0, 0, false
}
