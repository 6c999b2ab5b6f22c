package datasets

import (
	"embed"

	"github.com/ptnsim/ptnsim/market"
)

//go:embed sample/*.parquet sample/dataset.json
var sampleFiles embed.FS

// SampleNote says what the embedded sample is; reports print it.
const SampleNote = "synthetic sample: 5-minute candles made by a generator from a seed, no market's history"

// Sample opens the embedded sample: synthetic candles of two crypto pairs, three
// forex pairs and one equity, or those of them that the options take.
func Sample(options OpenOptions) (*Set, error) {
	if options.Pairs == nil {
		options.Pairs = market.Pairs()
	}
	set := &Set{}
	text, err := sampleFiles.ReadFile("sample/" + ManifestName)
	if err != nil {
		return nil, err
	}
	manifest, err := parseManifest("sample/"+ManifestName, text)
	if err != nil {
		return nil, err
	}
	entries, err := sampleFiles.ReadDir("sample")
	if err != nil {
		return nil, err
	}
	for _, e := range entries { // sorted by name, and so by pair
		if e.Name() == ManifestName {
			continue
		}
		f, err := options.file("sample/" + e.Name())
		if err != nil {
			return nil, err
		}
		if !options.takes(f) {
			continue
		}
		if f.data, err = sampleFiles.ReadFile(f.Path); err != nil {
			return nil, err
		}
		f.Manifest, f.Entry = manifest, manifest.Find(e.Name())
		set.Files = append(set.Files, f)
	}
	return set, set.judge(options, []string{"the embedded sample"})
}
