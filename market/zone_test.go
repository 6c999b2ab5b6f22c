package market

import (
	"strings"
	"testing"
)

func TestLoadZoneKnowsTheEmbeddedZonesAlone(t *testing.T) {
	for _, name := range zoneNames() {
		if zone, err := LoadZone(name); err != nil || zone.String() != name {
			t.Errorf("%s: got %v, %v", name, zone, err)
		}
	}
	for _, name := range []string{"", "Local", "America", "Mars/Olympus", "../zone.go", "America/../UTC"} {
		_, err := LoadZone(name)
		if err == nil || !strings.Contains(err.Error(), "expected one of the built-in zones: America/Chicago, America/Los_Angeles, ") {
			t.Errorf("%q: got %v, want an error that lists the zones", name, err)
		}
	}
}
