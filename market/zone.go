package market

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"
	"time"
)

// zones are files of the IANA time zone database, release 2025c, which is in
// the public domain. The market's zones are read from here and from nowhere
// else: time.LoadLocation prefers the machine's own database, even over
// time/tzdata, so the same run could open a market at different instants on
// two machines.
//
//go:embed zoneinfo
var zones embed.FS

// LoadZone returns the zone of that IANA name, such as America/New_York or UTC,
// among the embedded ones. The error of any other name lists them.
func LoadZone(name string) (*time.Location, error) {
	if name == "UTC" {
		return time.UTC, nil
	}
	data, err := zones.ReadFile("zoneinfo/" + name)
	if err != nil {
		return nil, fmt.Errorf("found %q, expected one of the built-in zones: %s", name, strings.Join(zoneNames(), ", "))
	}
	return time.LoadLocationFromTZData(name, data)
}

func zoneNames() []string {
	var names []string
	// An embedded folder can always be read.
	_ = fs.WalkDir(zones, "zoneinfo", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			names = append(names, strings.TrimPrefix(path, "zoneinfo/"))
		}
		return err
	})
	return names
}
