package audit

import (
	"encoding/json"

	"github.com/ptnsim/ptnsim/datasets"
)

// MarshalJSON writes the report with the field names that programs may rely on:
//
//	{"file", "pair", "class", "interval", "columns", "rows", "first_ms", "end_ms", "worst",
//	 "gaps": {"count", "total_ms", "longest": [{"from_ms", "to_ms", "open_ms"}]},
//	 "findings": [{"problem", "severity", "count", "row", "from_ms", "to_ms", "found", "cause", "remedy",
//	               "first": [{"row", "from_ms", "to_ms", "found"}]}],
//	 "days": [{"start_ms", "open_ms", "present_ms", "closed_ms", "candles", "volume"}]}
//
// Times are UTC ms; a text that there is none of is "".
func (r *Report) MarshalJSON() ([]byte, error) {
	type occurrence struct {
		Row    int64  `json:"row"`
		FromMS int64  `json:"from_ms"`
		ToMS   int64  `json:"to_ms"`
		Found  string `json:"found"`
	}
	type finding struct {
		Problem  Problem  `json:"problem"`
		Severity Severity `json:"severity"`
		Count    int64    `json:"count"`
		occurrence
		Cause  string       `json:"cause"`
		Remedy string       `json:"remedy"`
		First  []occurrence `json:"first"`
	}
	type day struct {
		StartMS   int64   `json:"start_ms"`
		OpenMS    int64   `json:"open_ms"`
		PresentMS int64   `json:"present_ms"`
		ClosedMS  int64   `json:"closed_ms"`
		Candles   int64   `json:"candles"`
		Volume    float64 `json:"volume"`
	}
	class := ""
	if r.Pair.Class != 0 {
		class = r.Pair.Class.String()
	}
	type gaps struct {
		Count   int64          `json:"count"`
		TotalMS int64          `json:"total_ms"`
		Longest []datasets.Gap `json:"longest"`
	}
	findings := make([]finding, len(r.Findings))
	for i, f := range r.Findings {
		findings[i] = finding{f.Problem, f.Severity, f.Count, occurrence{f.Row, f.FromMS, f.ToMS, f.Found}, f.Cause, f.Remedy, make([]occurrence, len(f.First))}
		for k, o := range f.First {
			findings[i].First[k] = occurrence(o)
		}
	}
	days := make([]day, len(r.Days))
	for i, d := range r.Days {
		days[i] = day(d)
	}
	return json.Marshal(struct {
		File     string    `json:"file"`
		Pair     string    `json:"pair"`
		Class    string    `json:"class"`
		Interval string    `json:"interval"`
		Columns  string    `json:"columns"`
		Rows     int64     `json:"rows"`
		FirstMS  int64     `json:"first_ms"`
		EndMS    int64     `json:"end_ms"`
		Worst    Severity  `json:"worst"`
		Gaps     gaps      `json:"gaps"`
		Findings []finding `json:"findings"`
		Days     []day     `json:"days"`
	}{r.File, r.Pair.ID, class, r.Interval.String(), r.Columns.String(), r.Rows, r.FirstMS, r.EndMS, r.Worst(),
		gaps{r.Gaps.Count, r.Gaps.TotalMS, append([]datasets.Gap{}, r.Gaps.Longest...)}, findings, days})
}
