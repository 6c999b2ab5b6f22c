package datasets

// ManifestName is the file in a data set's folder that describes it.
const ManifestName = "dataset.json"

// ManifestSchema names the manifest's layout. It changes whenever a field
// changes its name or meaning.
const ManifestSchema = "ptnsim-dataset-1"

// Manifest is a data set's description, kept as ManifestName in its folder: what
// the files are, where they come from and what was done to them. The same work
// on the same inputs makes the same bytes: it holds no time of its making and no
// path outside the folder.
type Manifest struct {
	Schema  string         `json:"schema"`
	Source  string         `json:"source,omitempty"`  // where the data comes from, in the user's words
	Licence string         `json:"licence,omitempty"` // under which it may be used
	Note    string         `json:"note,omitempty"`    // what every reader of a result must know: that the data is synthetic
	Files   []ManifestFile `json:"files"`             // sorted by name
}

// ManifestFile describes one candle file of a data set.
type ManifestFile struct {
	Name     string `json:"name"` // within the folder
	Pair     string `json:"pair"`
	Interval string `json:"interval"`
	Columns  string `json:"columns"` // beside time: "open,high,low,close,volume"
	Rows     int64  `json:"rows"`
	FirstMS  int64  `json:"first_ms"` // open of the first candle, UTC ms
	LastMS   int64  `json:"last_ms"`  // open of the last candle, UTC ms
	Bytes    int64  `json:"bytes"`
	SHA256   string `json:"sha256"`  // of the file's bytes, lower-case hexadecimal
	Content  string `json:"content"` // of the candles, whatever the format: ContentHash
	Gaps     Gaps   `json:"gaps"`

	Origin *Origin `json:"origin,omitempty"`
}

// Gaps sums up the open-market time without candles between a file's first and
// last candle, by the market's calendar.
type Gaps struct {
	Count   int64 `json:"count"`
	TotalMS int64 `json:"total_ms"`          // open-market ms of all gaps
	Longest []Gap `json:"longest,omitempty"` // the longest, at most maxGapsKept, in order of time
}

// Gap is a span without candles.
type Gap struct {
	FromMS int64 `json:"from_ms"` // end of the candle before, UTC ms
	ToMS   int64 `json:"to_ms"`   // open of the candle after, UTC ms
	OpenMS int64 `json:"open_ms"` // of it open market, ms
}

// Origin says how a file came about.
type Origin struct {
	Command  string            `json:"command"`            // the command line that made it, without paths outside: names only
	Recipe   string            `json:"recipe,omitempty"`   // of synthetic candles: the whole recipe, YAML
	Inputs   []OriginInput     `json:"inputs,omitempty"`   // what was read, in order of time
	Detected []string          `json:"detected,omitempty"` // what the inputs were found to be, in sentences
	Policies map[string]string `json:"policies,omitempty"` // flag → choice, such as on-gap → keep
	Changes  []Change          `json:"changes,omitempty"`  // what was done to the candles
	Findings []FindingCount    `json:"findings,omitempty"` // what is doubtful and was kept
}

// OriginInput is a file that was read.
type OriginInput struct {
	Name   string `json:"name"` // the file's own name; of a zip's member: archive.zip/member.csv
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// Change counts what was done to candles: "dropped identical duplicates",
// "filled gaps", …
type Change struct {
	What  string `json:"what"`
	Count int64  `json:"count"`
	Made  bool   `json:"made,omitempty"` // candles that the source does not have: filled, flattened
}

// FindingCount counts one kind of doubt about a file's candles.
type FindingCount struct {
	Problem  string `json:"problem"` // an audit.Problem
	Severity string `json:"severity"`
	Count    int64  `json:"count"`
	FirstMS  int64  `json:"first_ms"` // the first candle concerned, UTC ms
}
