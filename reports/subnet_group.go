package reports

import (
	"cmp"
	"slices"

	"github.com/ptnsim/ptnsim/sim/scoring"
	"github.com/ptnsim/ptnsim/sim/subnet"
)

// SubnetGroup is what came of the miners of one population, successors included; of a
// miner of none, of itself and its successors.
type SubnetGroup struct {
	Group  string `json:"group"`
	Miners int    `json:"miners"` // that were ever registered

	// Where they are at the end.
	Main         int `json:"main"`
	Challenge    int `json:"challenge"`
	Eliminated   int `json:"eliminated"`
	Deregistered int `json:"deregistered"`

	MeanReturn   float64 `json:"mean_return"`   // of their final returns, factors
	MeanDrawdown float64 `json:"mean_drawdown"` // over the window, of an eliminated one at least that at its end; a loss
	Paid         float64 `json:"paid"`          // their part of all that was paid, 0 to 1
}

// GroupSubnet sums a tournament's miners up by their groups: the one that was paid most
// first, then by their names.
func GroupSubnet(r *subnet.Result) []SubnetGroup {
	groups, at := []SubnetGroup{}, map[string]int{}
	for i := range r.Miners {
		m := &r.Miners[i]
		k, known := at[m.Group]
		if !known {
			k = len(groups)
			at[m.Group] = k
			groups = append(groups, SubnetGroup{Group: m.Group})
		}
		groups[k].add(m)
	}
	for i := range groups {
		g := &groups[i]
		g.MeanReturn /= float64(g.Miners)
		g.MeanDrawdown /= float64(g.Miners)
		if r.Emission > 0 {
			g.Paid /= r.Emission
		}
	}
	slices.SortFunc(groups, func(a, b SubnetGroup) int {
		return cmp.Or(cmp.Compare(b.Paid, a.Paid), cmp.Compare(a.Group, b.Group))
	})
	return groups
}

// add counts a miner; the means and the part are sums until all are there.
func (g *SubnetGroup) add(m *subnet.MinerResult) {
	g.Miners++
	switch m.State {
	case scoring.StateMain:
		g.Main++
	case scoring.StateChallenge:
		g.Challenge++
	case scoring.StateEliminated:
		g.Eliminated++
	case scoring.StateDeregistered:
		g.Deregistered++
	}
	g.MeanReturn += m.Account.FinalReturn
	g.MeanDrawdown += drawdownOf(m)
	g.Paid += m.Emission
}

// hasPopulations reports whether some group has more than one miner, successors not
// counted.
func (s *Subnet) hasPopulations() bool {
	first := map[string]bool{}
	for i := range s.Result.Miners {
		m := &s.Result.Miners[i]
		if m.Generation > 1 {
			continue
		}
		if first[m.Group] {
			return true
		}
		first[m.Group] = true
	}
	return false
}

// GroupsTable has a row a group: see SubnetGroup.
func (s *Subnet) GroupsTable() *Table {
	t := &Table{Columns: []Column{
		{Name: "group"}, {Name: "miners", Right: true}, {Name: "main", Right: true}, {Name: "challenge", Right: true},
		{Name: "eliminated", Right: true}, {Name: "deregistered", Right: true},
		{Name: "mean_return", Head: "mean return", Right: true}, {Name: "mean_drawdown", Head: "mean drawdown", Right: true},
		{Name: "paid", Right: true, Hidden: !s.weightsSet()},
	}}
	for _, g := range GroupSubnet(s.Result) {
		t.Rows = append(t.Rows, []Cell{
			nameCell(g.Group), IntCell(g.Miners), IntCell(g.Main), IntCell(g.Challenge), IntCell(g.Eliminated), IntCell(g.Deregistered),
			factorCell(g.MeanReturn), PercentCell(g.MeanDrawdown), PercentCell(g.Paid),
		})
	}
	return t
}

// groupRowsMax is how many groups a page shows, unless all are asked for.
const groupRowsMax = 20

// groups is the table of the populations, with shorter heads where the width has no
// room, and then without the means and the states.
func (p *subnetSummary) groups() error {
	if !p.hasPopulations() {
		return nil
	}
	t := p.GroupsTable().seen()
	names := detailMetrics.nameMax()
	if p.width < subnetWidthUsual {
		names = detailScores.nameMax()
	}
	for _, row := range t.Rows {
		row[0] = TextCell(abridged(row[0].text, names))
	}
	left := 0
	if !p.all && len(t.Rows) > groupRowsMax+1 { // one row is worth the row that leaves it out
		left = len(t.Rows) - groupRowsMax
		t.Rows = t.Rows[:groupRowsMax]
	}
	t = p.narrowed(t)
	p.gap()
	p.labelled("", 0, p.paint(bold, "Groups"))
	if left > 0 {
		t.Rows = append(t.Rows, moreRow(len(t.Columns), left))
	}
	return t.renderText(&p.out)
}

// narrowed makes the table of groups as wide as the page at most, if that can be done.
func (p *subnetSummary) narrowed(t *Table) *Table {
	short := map[string]string{
		"challenge": "chall.", "eliminated": "elim.", "deregistered": "dereg.", "mean_return": "return", "mean_drawdown": "drawdown",
	}
	if t.span() > p.width {
		for i := range t.Columns {
			t.Columns[i].Head = short[t.Columns[i].Name]
		}
	}
	for _, name := range []string{"deregistered", "challenge", "mean_drawdown", "eliminated"} {
		if at := slices.IndexFunc(t.Columns, func(c Column) bool { return c.Name == name }); t.span() > p.width {
			t = t.without(at)
		}
	}
	return t
}

// moreRow is a row in place of those that are left out.
func moreRow(columns, left int) []Cell {
	row := slices.Repeat([]Cell{TextCell("")}, columns)
	row[0] = TextCell("… " + count(left, "more group"))
	return row
}
