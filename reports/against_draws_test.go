package reports

import "testing"

// TestDrawsTellHowMuchIsLuck: three draws with a rank, of 10 each: places at 0.3, 0.1
// and 0.5 of the way from the top, the middle 0.3; of four shares the lower middle is
// 2 %.
func TestDrawsTellHowMuchIsLuck(t *testing.T) {
	rank := func(n int) *int { return &n }
	passed := int64(1)
	draws := []AgainstDraw{
		{Rank: rank(3), Ranked: 10, Share: 0.04, PromotedMS: &passed, State: "main"},
		{Rank: rank(1), Ranked: 10, Share: 0.3, PromotedMS: &passed, State: "main"},
		{Share: 0, State: "eliminated"},
		{Rank: rank(5), Ranked: 10, Share: 0.02, PromotedMS: &passed, State: "main"},
	}
	for _, tc := range []struct {
		draws []AgainstDraw
		main  bool
		want  string
	}{
		{draws, false, "4 other draws of the population: passed in 3; ranked in 3; rank 1 to 5 (the median is at 30.00 % from the top); 0.00 % to 30.00 % of the emission (median 2.00 %)"},
		{draws[:2], true, "2 other draws of the population: rank 1 to 3 (the median is at 10.00 % from the top); 4.00 % to 30.00 % of the emission (median 4.00 %)"},
		{[]AgainstDraw{{}, draws[0]}, false, "2 other draws of the population: passed in 1; got no slot in 1; ranked in 1; rank 3 to 3 (the median is at 30.00 % from the top); 0.00 % to 4.00 % of the emission (median 0.00 %)"},
		{draws[2:3], false, "1 other draw of the population: passed in 0; ranked in none"},
	} {
		if got := drawsText(tc.draws, tc.main); got != tc.want {
			t.Errorf("got  %s\nwant %s", got, tc.want)
		}
	}
}
