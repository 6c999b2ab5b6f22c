package datasets

// Manifest is a data set's description, kept as ManifestName in its folder. Sets
// are opened without one.
type Manifest struct {
	Source  string         `json:"source,omitempty"`
	Licence string         `json:"licence,omitempty"`
	Files   []ManifestFile `json:"files"`
}

// ManifestFile describes one candle file of a data set.
type ManifestFile struct {
	Name    string `json:"name"` // within the folder
	Rows    int64  `json:"rows"`
	FirstMS int64  `json:"first_ms"` // open of the first candle, UTC ms
	LastMS  int64  `json:"last_ms"`  // open of the last candle, UTC ms
	SHA256  string `json:"sha256"`   // lower-case hexadecimal
}
