package convert

import (
	"fmt"
	"strings"

	"github.com/ptnsim/ptnsim/datasets"
)

// ParseColumns reads the columns to keep: open, high, low and close, or close
// alone, and any of volume, bid and ask.
func ParseColumns(names []string) (datasets.Columns, error) {
	var set datasets.Columns
	for _, name := range names {
		one := datasets.Columns(0)
		for c := datasets.Open; c <= datasets.Ask; c <<= 1 {
			if c.String() == name {
				one = c
			}
		}
		switch {
		case name == "time": // always there
		case one == 0:
			return 0, fmt.Errorf("found %q, expected columns out of %s", name, datasets.AllColumns)
		}
		set |= one
	}
	if prices := set & datasets.OHLC; prices != datasets.OHLC && prices != datasets.Close {
		return 0, fmt.Errorf("found %s, expected open, high, low and close, or close alone, with or without volume, bid and ask", strings.Join(names, ","))
	}
	return set, nil
}
