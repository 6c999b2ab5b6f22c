package vendors

import (
	"time"

	"github.com/ptnsim/ptnsim/datasets/text"
	"github.com/ptnsim/ptnsim/market"
)

// histDataClock is the clock of HistData's files. The vendor documents Eastern
// Standard Time, UTC−5 the whole year, and until 2018 it is. Since 2019 the files
// run five hours behind London: UTC−5 in its winter, UTC−4 between the European
// (not the American) daylight-saving dates.
type histDataClock struct {
	london text.ZoneClock
}

// histDataClockName says it for people.
const histDataClockName = "five hours behind London (HistData's, from 2019 on; UTC-5 before)"

// histDataChange is 2019-01-01 00:00 of the local clock, as if it were UTC ms.
const histDataChange = 1546300800000

const hourMS = 3600_000

func newHistDataClock() *histDataClock {
	return &histDataClock{london: text.ZoneClock{Zone: loadZone("Europe/London")}}
}

// UTC returns the UTC ms of a reading.
func (c *histDataClock) UTC(local int64) (ms int64, ok bool) {
	if local < histDataChange {
		return local + 5*hourMS, true
	}
	return c.london.UTC(local + 5*hourMS)
}

// loadZone is the built-in zone of a name that is among them.
func loadZone(name string) *time.Location {
	zone, err := market.LoadZone(name)
	if err != nil {
		panic(err) // ours
	}
	return zone
}
