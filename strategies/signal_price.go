package strategies

import (
	"fmt"
	"sort"
	"strconv"

	"github.com/ptnsim/ptnsim/sim"
)

// typoFactor is how far from the range of its candle a pinned price is a mistake:
// a decimal point that slipped, or the price of another pair. Real fills of other
// exchanges lie within a fraction of a percent.
const typoFactor = 2

// nearMS is how old a candle may be to say what a price was: over a longer gap it
// may have gone anywhere.
const nearMS = 86_400_000

// watch subscribes to a pair whose prices the signals bring, and has the last
// instant shown: the candles of the last signals have ended then. A quiet feed
// wakes nobody.
func (s *Signals) watch(setup *sim.Setup, pair string) error {
	feed, err := setup.SubscribeTo(pair, sim.FeedOptions{Quiet: true})
	if err != nil {
		return err
	}
	if len(s.feeds) == 0 {
		_, to := setup.Range()
		setup.WakeAt(to)
	}
	s.feeds[pair] = feed
	return nil
}

// checkPrices refuses pinned prices that are a factor of two or more away from
// the range of the candle at their time. It looks when the run is over: only
// then has each such candle ended, and no order depends on what it finds.
func (s *Signals) checkPrices() error {
	for i := range s.inRange {
		of := &s.inRange[i]
		feed := s.feeds[of.Pair]
		if !of.Pinned || feed == nil {
			continue
		}
		candles := feed.Candles()
		times := candles.Time()
		at := sort.Search(len(times), func(k int) bool { return times[k] > of.TimeMS }) - 1
		if at < 0 || of.TimeMS-times[at]-candles.IntervalMS() > nearMS {
			continue
		}
		low, high := candles.Low()[at], candles.High()[at]
		if of.Price > low/typoFactor && of.Price < high*typoFactor {
			continue
		}
		return s.wrong(s.first+i, "price",
			fmt.Sprintf("%s for %s, whose candle of %s ranges from %s to %s", price(of.Price), of.Pair, stamp(times[at]), price(low), price(high)),
			fmt.Sprintf("a price less than a factor of %d from it", typoFactor), "correct the price, or leave it out: the candles answer then")
	}
	return nil
}

// price writes a price as people do, without an exponent unless it is beyond all
// prices.
func price(x float64) string {
	if x >= 1e15 {
		return number(x)
	}
	return strconv.FormatFloat(x, 'f', -1, 64)
}
