package market

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// The terms of Rules §6 with the documents' simple rate, whose charges come out
// round: crypto 0.1095/365/3 = 0.0001 × L; forex 0.03/365 × 3.65 = 0.0003;
// equities 0.0525/365 × 0.73 = 0.000105.

func cryptoCarry() CarryTerms {
	return CarryTerms{
		RateAnnual: 0.1095, DaysInYear: 365, Multiples: [7]int{1, 1, 1, 1, 1, 1, 1},
		TimesMS: []int64{4 * hourMS, 12 * hourMS, 20 * hourMS},
	}
}

func forexCarry() CarryTerms {
	return CarryTerms{RateAnnual: 0.03, DaysInYear: 365, TimesMS: []int64{21 * hourMS}, Multiples: [7]int{0, 1, 1, 3, 1, 1, 0}}
}

func equitiesCarry() CarryTerms {
	c := forexCarry()
	c.RateAnnual = 0.0525
	return c
}

func compound(c CarryTerms) CarryTerms { c.Compound = true; return c }
func deployed(c CarryTerms) CarryTerms { c.Deployed = true; return c }

// changes reads lines such as "2025-03-03T10:00:00Z 0.3": the net leverage from
// then on.
func changes(t *testing.T, lines ...string) []LeverageStep {
	t.Helper()
	var steps []LeverageStep
	for _, line := range lines {
		when, text, _ := strings.Cut(line, " ")
		net, err := strconv.ParseFloat(text, 64)
		if err != nil {
			t.Fatal(err)
		}
		steps = append(steps, LeverageStep{TimeMS: at(t, when), Net: net})
	}
	return steps
}

// roundsTo allows a factor near 1 the rounding of a handful of multiplications.
func roundsTo(got, want float64) bool { return math.Abs(got-want) <= 1e-15 }

type carryCase struct {
	name  string
	terms CarryTerms
	steps []string
	now   string
	want  float64
}

func runCarryCases(t *testing.T, cases []carryCase) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := c.terms.Factor(changes(t, c.steps...), at(t, c.now)); !roundsTo(got, c.want) {
				t.Errorf("factor %.17g, want %.17g", got, c.want)
			}
		})
	}
}

// In all cases 2025-03-03 is a Monday, 2025-03-05 a Wednesday, 2025-03-08 a
// Saturday.

// TestCarryIsChargedAtItsInstants: an instant counts if open < instant ≤ now.
func TestCarryIsChargedAtItsInstants(t *testing.T) {
	const from = "2025-03-03T00:00:00Z 0.5"  // crypto: 1 - 0.0001·0.5 = 0.99995
	const eur = "2025-03-03T10:00:00Z 3.65"  // forex: 1 - 0.03/365·3.65 = 0.9997, Wednesday 1 - 3·0.0003 = 0.9991
	const nvda = "2025-03-03T15:00:00Z 0.73" // equities: 1 - 0.0525/365·0.73 = 0.999895, Wednesday 1 - 3·0.000105 = 0.999685
	runCarryCases(t, []carryCase{
		{"CryptoBeforeItsFirst", cryptoCarry(), []string{from}, "2025-03-03T03:59:59.999Z", 1},
		{"CryptoAtFour", cryptoCarry(), []string{from}, "2025-03-03T04:00:00Z", 0.99995},
		{"CryptoBeforeNoon", cryptoCarry(), []string{from}, "2025-03-03T11:59:59.999Z", 0.99995},
		{"CryptoAtNoon", cryptoCarry(), []string{from}, "2025-03-03T12:00:00Z", 0.99995 * 0.99995},
		{"CryptoAtTwenty", cryptoCarry(), []string{from}, "2025-03-03T20:00:00Z", 0.99995 * 0.99995 * 0.99995},
		{"CryptoNoneAtMidnight", cryptoCarry(), []string{from}, "2025-03-04T03:59:59.999Z", 0.99995 * 0.99995 * 0.99995},
		// Saturday and Sunday: 2 days × 3.
		{"CryptoOnWeekends", cryptoCarry(), []string{"2025-03-08T00:00:00Z 0.5"}, "2025-03-10T00:00:00Z", 0.99995 * 0.99995 * 0.99995 * 0.99995 * 0.99995 * 0.99995},
		// Wednesday is a day like any other.
		{"CryptoOnWednesday", cryptoCarry(), []string{"2025-03-05T00:00:00Z 0.5"}, "2025-03-05T04:00:00Z", 0.99995},

		{"ForexBeforeItsInstant", forexCarry(), []string{eur}, "2025-03-03T20:59:59.999Z", 1},
		{"ForexAtTwentyOne", forexCarry(), []string{eur}, "2025-03-03T21:00:00Z", 0.9997},
		{"ForexNoneAtCryptosInstants", forexCarry(), []string{eur}, "2025-03-04T20:00:00Z", 0.9997},
		// Three times is 1 - 3 × the charge, not the cube 0.9997³ = 0.99910027.
		{"ForexWednesdayThreeTimes", forexCarry(), []string{"2025-03-05T10:00:00Z 3.65"}, "2025-03-05T21:00:00Z", 0.9991},
		// Monday, Tuesday, Wednesday × 3, Thursday, Friday; the weekend is free,
		// and the second Monday's 21:00 is still to come.
		{"ForexOneWeek", forexCarry(), []string{eur}, "2025-03-10T10:00:00Z", 0.9997 * 0.9997 * 0.9991 * 0.9997 * 0.9997},
		{"ForexWeekend", forexCarry(), []string{"2025-03-07T21:00:00Z 3.65"}, "2025-03-10T20:59:59.999Z", 1},
		{"ForexMondayAfter", forexCarry(), []string{"2025-03-07T21:00:00Z 3.65"}, "2025-03-10T21:00:00Z", 0.9997},

		{"EquitiesAtTwentyOne", equitiesCarry(), []string{nvda}, "2025-03-03T21:00:00Z", 0.999895},
		{"EquitiesOneWeek", equitiesCarry(), []string{nvda}, "2025-03-10T15:00:00Z", 0.999895 * 0.999895 * 0.999685 * 0.999895 * 0.999895},

		{"NoPosition", cryptoCarry(), nil, "2025-03-10T15:00:00Z", 1},
		{"NoRate", CarryTerms{DaysInYear: 365, TimesMS: []int64{0}}, []string{from}, "2025-03-10T15:00:00Z", 1},
	})
}

// TestCarryInstantsAreUTC: New York moves its clocks on 2025-03-09 and on
// 2025-11-02, carry does not.
func TestCarryInstantsAreUTC(t *testing.T) {
	const spring, autumn = "2025-03-07T10:00:00Z 3.65", "2025-10-31T10:00:00Z 3.65" // Fridays
	runCarryCases(t, []carryCase{
		// 17:00 in New York is 22:00 UTC before the change and 21:00 after it.
		{"SpringFriday", forexCarry(), []string{spring}, "2025-03-07T21:00:00Z", 0.9997},
		{"SpringMondayBefore", forexCarry(), []string{spring}, "2025-03-10T20:59:59.999Z", 0.9997},
		{"SpringMonday", forexCarry(), []string{spring}, "2025-03-10T21:00:00Z", 0.9997 * 0.9997},
		{"SpringTuesday", forexCarry(), []string{spring}, "2025-03-11T21:00:00Z", 0.9997 * 0.9997 * 0.9997},
		{"AutumnFriday", forexCarry(), []string{autumn}, "2025-10-31T21:00:00Z", 0.9997},
		{"AutumnMondayBefore", forexCarry(), []string{autumn}, "2025-11-03T20:59:59.999Z", 0.9997},
		{"AutumnMonday", forexCarry(), []string{autumn}, "2025-11-03T21:00:00Z", 0.9997 * 0.9997},
		{"AutumnMondayAnHourOn", forexCarry(), []string{autumn}, "2025-11-03T22:00:00Z", 0.9997 * 0.9997},
		// Four days of three over the change: Friday to Monday, opened at Friday's midnight.
		{"Crypto", cryptoCarry(), []string{"2025-03-07T00:00:00Z 1"}, "2025-03-10T23:00:00Z", 0.9999 * 0.9999 * 0.9999 * 0.9999 * 0.9999 * 0.9999 * 0.9999 * 0.9999 * 0.9999 * 0.9999 * 0.9999 * 0.9999},
	})
}

// TestCarryChargesTheLargestLeverage: L is the largest |net| over (previous
// instant, this instant]: after the orders at the previous instant, and before
// and after each later one. Crypto: each charge is 1 - 0.0001·L.
func TestCarryChargesTheLargestLeverage(t *testing.T) {
	runCarryCases(t, []carryCase{
		// Opened on the instant: that one is not charged, the next is.
		{"OpenedOnAnInstant", cryptoCarry(), []string{"2025-03-03T12:00:00Z 0.5"}, "2025-03-03T12:00:00Z", 1},
		{"OpenedOnAnInstantTheNext", cryptoCarry(), []string{"2025-03-03T12:00:00Z 0.5"}, "2025-03-03T20:00:00Z", 0.99995},
		{"OpenedOneMillisecondBefore", cryptoCarry(), []string{"2025-03-03T11:59:59.999Z 0.5"}, "2025-03-03T12:00:00Z", 0.99995},
		// Closed on the instant: the leverage before the close is charged.
		{"ClosedOnAnInstant", cryptoCarry(), []string{"2025-03-03T10:00:00Z 0.5", "2025-03-03T12:00:00Z 0"}, "2025-03-03T12:00:00Z", 0.99995},
		{"ClosedOneMillisecondBefore", cryptoCarry(), []string{"2025-03-03T10:00:00Z 0.5", "2025-03-03T11:59:59.999Z 0"}, "2025-03-03T11:59:59.999Z", 1},
		// Raised on the instant: after the order, 0.4; the next instant starts from there.
		{"RaisedOnAnInstant", cryptoCarry(), []string{"2025-03-03T10:00:00Z 0.1", "2025-03-03T12:00:00Z 0.4"}, "2025-03-03T12:00:00Z", 0.99996},
		{"RaisedOnAnInstantTheNext", cryptoCarry(), []string{"2025-03-03T10:00:00Z 0.1", "2025-03-03T12:00:00Z 0.4"}, "2025-03-03T20:00:00Z", 0.99996 * 0.99996},
		// Lowered on the instant: before the order, 0.4; from then on 0.1.
		{"LoweredOnAnInstant", cryptoCarry(), []string{"2025-03-03T10:00:00Z 0.4", "2025-03-03T12:00:00Z 0.1"}, "2025-03-03T20:00:00Z", 0.99996 * 0.99999},
		// One millisecond after noon belongs to 20:00, with both leverages.
		{"RaisedOneMillisecondAfter", cryptoCarry(), []string{"2025-03-03T10:00:00Z 0.1", "2025-03-03T12:00:00.001Z 0.3"}, "2025-03-03T20:00:00Z", 0.99999 * 0.99997},
		{"LoweredOneMillisecondAfter", cryptoCarry(), []string{"2025-03-03T10:00:00Z 0.3", "2025-03-03T12:00:00.001Z 0.1"}, "2025-03-04T04:00:00Z", 0.99997 * 0.99997 * 0.99999},
		// A peak between two instants counts in full, once.
		{"PeakInBetween", cryptoCarry(), []string{"2025-03-03T10:00:00Z 0.1", "2025-03-03T11:00:00Z 0.5", "2025-03-03T11:30:00Z 0.2"}, "2025-03-03T20:00:00Z", 0.99995 * 0.99998},
		// A dip between two instants saves nothing.
		{"DipInBetween", cryptoCarry(), []string{"2025-03-03T10:00:00Z 0.5", "2025-03-03T13:00:00Z 0.1", "2025-03-03T14:00:00Z 0.5"}, "2025-03-03T20:00:00Z", 0.99995 * 0.99995},
		// A change that is still to come does not count yet.
		{"ChangeAfterNow", cryptoCarry(), []string{"2025-03-03T10:00:00Z 0.1", "2025-03-03T21:00:00Z 0.5"}, "2025-03-03T20:00:00Z", 0.99999 * 0.99999},
		// A short pays on the magnitude.
		{"Short", cryptoCarry(), []string{"2025-03-03T10:00:00Z -0.3", "2025-03-03T11:00:00Z -0.5", "2025-03-03T12:00:00Z 0"}, "2025-03-03T12:00:00Z", 0.99995},
		// Lowered on Friday after its 21:00: the change is Saturday's, which is
		// free, so that Monday charges 0.365 alone: 1 - 0.03/365·0.365 = 0.99997.
		{"LoweredOnFridayNight", forexCarry(), []string{"2025-03-06T22:00:00Z 3.65", "2025-03-07T21:30:00Z 0.365"}, "2025-03-10T21:00:00Z", 0.9997 * 0.99997},
	})
}

// TestCompoundCarryIsAPower. The powers are exp(ln(1-rate)·L/instants a year)
// by the series 1 + x + x²/2 + x³/6:
//
//	crypto   ln 0.8905 = -0.11597217625242071,  x = -0.11597…·0.5/1095 = -0.0000529553316221099
//	         1 - 0.0000529553316221 + 0.0000000014021336 - 0.0000000000000248 = 0.9999470460704867
//	forex    ln 0.97   = -0.030459207484708546, x = -0.03045…/365 = -0.0000834498835197494
//	         1 - 0.0000834498835197 + 0.0000000034819415 - 0.0000000000000969 = 0.9999165535983249
//	         cubed: x = -0.000250349650559248 → 0.9997496816842996
//	equities ln 0.9475 = -0.053928342025555639, x = -0.05392…/365 = -0.000147748882261796
//	         1 - 0.0001477488822618 + 0.0000000109148661 - 0.0000000000005376 = 0.9998522620320668
//	         cubed: x = -0.000443246646785389 → 0.9995568515724972
func TestCompoundCarryIsAPower(t *testing.T) {
	runCarryCases(t, []carryCase{
		{"Crypto", compound(cryptoCarry()), []string{"2025-03-03T10:00:00Z 0.5"}, "2025-03-03T12:00:00Z", 0.9999470460704867},
		{"CryptoOnSunday", compound(cryptoCarry()), []string{"2025-03-09T10:00:00Z 0.5"}, "2025-03-09T12:00:00Z", 0.9999470460704867},
		{"Forex", compound(forexCarry()), []string{"2025-03-03T10:00:00Z 1"}, "2025-03-03T21:00:00Z", 0.9999165535983249},
		{"ForexWednesdayCubed", compound(forexCarry()), []string{"2025-03-05T10:00:00Z 1"}, "2025-03-05T21:00:00Z", 0.9997496816842996},
		{"ForexWeekend", compound(forexCarry()), []string{"2025-03-08T10:00:00Z 1"}, "2025-03-10T10:00:00Z", 1},
		{"Equities", compound(equitiesCarry()), []string{"2025-03-03T15:00:00Z 1"}, "2025-03-03T21:00:00Z", 0.9998522620320668},
		{"EquitiesWednesdayCubed", compound(equitiesCarry()), []string{"2025-03-05T15:00:00Z 1"}, "2025-03-05T21:00:00Z", 0.9995568515724972},
	})
}

// TestCompoundCarryCostsMore by the shares that Rules §6 states.
func TestCompoundCarryCostsMore(t *testing.T) {
	for _, c := range []struct {
		terms CarryTerms
		more  float64 // %
	}{{cryptoCarry(), 5.9}, {forexCarry(), 1.5}, {equitiesCarry(), 2.7}} {
		both := compound(c.terms)
		more := 100 * ((1-both.Charge(0.001, 1))/(1-c.terms.Charge(0.001, 1)) - 1)
		if math.Abs(more-c.more) > 0.05 {
			t.Errorf("a rate of %g compounds to %.3f %% more, want %.1f %%", c.terms.RateAnnual, more, c.more)
		}
	}
}

func TestNextCarryIsStrictlyLater(t *testing.T) {
	for _, c := range []struct {
		terms      CarryTerms
		from, want string
	}{
		{cryptoCarry(), "2025-03-03T00:00:00Z", "2025-03-03T04:00:00Z"},
		{cryptoCarry(), "2025-03-03T03:59:59.999Z", "2025-03-03T04:00:00Z"},
		{cryptoCarry(), "2025-03-03T04:00:00Z", "2025-03-03T12:00:00Z"},
		{cryptoCarry(), "2025-03-03T12:00:00Z", "2025-03-03T20:00:00Z"},
		{cryptoCarry(), "2025-03-03T20:00:00Z", "2025-03-04T04:00:00Z"},
		{forexCarry(), "2025-03-03T20:59:59.999Z", "2025-03-03T21:00:00Z"},
		{forexCarry(), "2025-03-07T21:00:00Z", "2025-03-08T21:00:00Z"},
		{forexCarry(), "2024-02-28T22:00:00Z", "2024-02-29T21:00:00Z"},
		{cryptoCarry(), "1969-12-31T20:00:00Z", "1970-01-01T04:00:00Z"},
	} {
		if got := c.terms.NextMS(at(t, c.from)); got != at(t, c.want) {
			t.Errorf("after %s comes %d, want %s", c.from, got, c.want)
		}
	}
}

// TestDeployedCarryAdvancesEightHours works the builds' layout by hand: the first
// interval ends as long after the opening as now is before the next instant,
// every further one 8 hours later; weekday and leverage are the intervals'.
//
// The forex position opens on Monday 2025-03-03 at 10:00; its first instant is
// 11 hours on. Simple charges at L = 3.65: 0.9997, on a Wednesday 0.9991.
func TestDeployedCarryAdvancesEightHours(t *testing.T) {
	const open = "2025-03-03T10:00:00Z 3.65"
	forex, crypto := deployed(forexCarry()), deployed(cryptoCarry())
	const mon, wed = 0.9997, 0.9991
	runCarryCases(t, []carryCase{
		// 7·24 h: 7 instants. The next is 11 h away: the intervals end Mo 21, Tu 05
		// 13 21, We 05 13 21. No Thursday, Friday or weekend: 1 + 3 charges and 3 Wednesdays.
		{"ForexOneWeek", forex, []string{open}, "2025-03-10T10:00:00Z", mon * mon * mon * mon * wed * wed * wed},
		// 7·24 + 10 h, 10 < 11: 7 instants. The next is 1 h away: Mo 11 19, Tu 03
		// 11 19, We 03 11: the same instants cost less, ten hours later.
		{"ForexTenHoursLater", forex, []string{open}, "2025-03-10T20:00:00Z", mon * mon * mon * mon * mon * wed * wed},
		// 7·24 + 11 h, 11 ≥ 11: 8 instants. The next is 24 h away: Tu 10 18, We 02
		// 10 18, Th 02 10 18.
		{"ForexAtTheEighthInstant", forex, []string{open}, "2025-03-10T21:00:00Z", mon * mon * wed * wed * wed * mon * mon * mon},
		// Opened on Friday at 10:00, held for 3·24 + 10 h: 3 instants. The next is
		// 1 h away: Fr 11 19, Sa 03, and Saturday is free. (Documented: Friday alone.)
		{"ForexOverTheWeekend", forex, []string{"2025-03-07T10:00:00Z 3.65"}, "2025-03-10T20:00:00Z", mon * mon},
		// The week again, raised on Tuesday at 09:00 from 1.825 (0.99985, half a
		// charge) to 3.65: Mo 21 and Tu 05 at half, Tu 13 on in full. What happens on
		// Thursday lies beyond the last interval, We 21: it counts for nothing.
		{"ForexLeverageOfTheIntervals", forex, []string{"2025-03-03T10:00:00Z 1.825", "2025-03-04T09:00:00Z 3.65", "2025-03-06T12:00:00Z 5"}, "2025-03-10T10:00:00Z", 0.99985 * 0.99985 * mon * mon * wed * wed * wed},
		// A change at an interval's end belongs to it: Tu 05 in full.
		{"ForexChangeAtAnEnd", forex, []string{"2025-03-03T10:00:00Z 1.825", "2025-03-04T05:00:00Z 3.65"}, "2025-03-10T10:00:00Z", 0.99985 * mon * mon * mon * wed * wed * wed},

		// Opened at 02:00, now 13:00: 04:00 and 12:00 have passed; 20:00 is 7 h
		// away: (02, 09] and (09, 17].
		{"CryptoRaisedInTheFirst", crypto, []string{"2025-03-03T02:00:00Z 0.1", "2025-03-03T08:00:00Z 0.4"}, "2025-03-03T13:00:00Z", 0.99996 * 0.99996},
		{"CryptoRaisedInTheSecond", crypto, []string{"2025-03-03T02:00:00Z 0.1", "2025-03-03T10:00:00Z 0.4"}, "2025-03-03T13:00:00Z", 0.99999 * 0.99996},
		// An hour earlier 20:00 is 8 h away: (02, 10] holds the change at 10:00.
		{"CryptoAnHourEarlier", crypto, []string{"2025-03-03T02:00:00Z 0.1", "2025-03-03T10:00:00Z 0.4"}, "2025-03-03T12:00:00Z", 0.99996 * 0.99996},
	})
}

// TestDeployedCarryOfACompoundWeek: the hand-worked week at L = 1 in the builds' own
// rate: 1 + 3 + 3·3 = 13 days' charges: 0.97^(13/365) = exp(-0.030459207484708546·13/365)
// = exp(-0.0010848484857567427) = 1 - 0.0010848484857567427 + 0.0000005884481185244
// - 0.0000000002127923501 + 0.0000000000000577119 = 0.9989157397496271.
// Ten hours later 2 + 3 + 2·3 = 11: exp(-0.00091794871871724385) = 0.9990824724673222.
// An hour after that 2 + 3·3 + 3 = 14: exp(-0.0011682983692764922) = 0.9988323838255684.
func TestDeployedCarryOfACompoundWeek(t *testing.T) {
	terms, open := deployed(compound(forexCarry())), []string{"2025-03-03T10:00:00Z 1"}
	runCarryCases(t, []carryCase{
		{"Monday10", terms, open, "2025-03-10T10:00:00Z", 0.9989157397496271},
		{"Monday20", terms, open, "2025-03-10T20:00:00Z", 0.9990824724673222},
		{"Monday21", terms, open, "2025-03-10T21:00:00Z", 0.9988323838255684},
	})
}

// TestDeployedCarryCountsTheInstants: the remainder after whole periods adds
// one if it reaches the first instant.
func TestDeployedCarryCountsTheInstants(t *testing.T) {
	for _, c := range []struct {
		name      string
		terms     CarryTerms
		open, now string
		want      int64
	}{
		// From 10:00 to the first 21:00 it is 11 h.
		{"RemainderJustShort", forexCarry(), "2025-03-03T10:00:00Z", "2025-03-03T20:59:59.999Z", 0},
		{"RemainderExactly", forexCarry(), "2025-03-03T10:00:00Z", "2025-03-03T21:00:00Z", 1},
		{"OnePeriod", forexCarry(), "2025-03-03T10:00:00Z", "2025-03-04T10:00:00Z", 1},
		{"OnePeriodAndTheRemainder", forexCarry(), "2025-03-03T10:00:00Z", "2025-03-04T21:00:00Z", 2},
		// Opened on an instant, the first one is a whole period on: no remainder reaches it.
		{"OpenedOnAnInstant", forexCarry(), "2025-03-03T21:00:00Z", "2025-03-03T21:00:00Z", 0},
		{"OpenedOnAnInstantJustShort", forexCarry(), "2025-03-03T21:00:00Z", "2025-03-04T20:59:59.999Z", 0},
		{"OpenedOnAnInstantOnePeriod", forexCarry(), "2025-03-03T21:00:00Z", "2025-03-04T21:00:00Z", 1},
		{"CryptoOpenedOnAnInstant", cryptoCarry(), "2025-03-03T04:00:00Z", "2025-03-03T12:00:00Z", 1},
		// 04, 12, 20, 04.
		{"CryptoADayAndABit", cryptoCarry(), "2025-03-03T03:00:00Z", "2025-03-04T04:30:00Z", 4},
	} {
		if got := c.terms.count(at(t, c.open), at(t, c.now)); got != c.want {
			t.Errorf("%s: %d instants, want %d", c.name, got, c.want)
		}
	}
}

// plainCarry is Rules §6 as it is written: every instant in (open, now] by
// looking at every minute, each with the leverages of its interval.
func plainCarry(c *CarryTerms, steps []LeverageStep, nowMS int64) float64 {
	const minute = 60_000
	open := steps[0].TimeMS
	var instants []int64
	for ms := open/minute*minute + minute; ms <= nowMS; ms += minute {
		for _, t := range c.TimesMS {
			if ms%dayMS == t {
				instants = append(instants, ms)
			}
		}
	}
	if c.Deployed { // as many, laid out from the opening
		end := open + c.NextMS(nowMS) - nowMS
		for i := range instants {
			instants[i] = end + int64(i)*8*hourMS
		}
	}
	factor, from := 1.0, open
	for _, to := range instants {
		largest, net := 0.0, 0.0
		for _, s := range steps {
			if s.TimeMS <= from {
				largest = math.Abs(s.Net)
			} else if s.TimeMS <= to {
				largest = max(largest, math.Abs(net), math.Abs(s.Net))
			}
			net = s.Net
		}
		day := (to/dayMS + 4) % 7 // 1970-01-01 was a Thursday
		factor *= c.Charge(largest, c.Multiples[day])
		from = to
	}
	return factor
}

// TestCarryAccrualAnswersAsFactorDoes for any changes and any ascending times of
// asking, twice at one instant with a new change in between included; and both
// answer as the plain reading does.
func TestCarryAccrualAnswersAsFactorDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		terms := rapid.SampledFrom([]func() CarryTerms{cryptoCarry, forexCarry, equitiesCarry}).Draw(t, "class")()
		terms.Compound = rapid.Bool().Draw(t, "compound")
		terms.Deployed = rapid.IntRange(0, 3).Draw(t, "deployed") == 0
		accrual := CarryAccrual{Terms: &terms}
		const quarter = hourMS / 4
		ms := int64(1_741_219_200_000) + rapid.Int64Range(0, 7*96).Draw(t, "open")*quarter // from Thursday 2025-03-06 on
		steps := []LeverageStep{{ms, 0.5}}
		for range rapid.IntRange(1, 25).Draw(t, "events") {
			switch rapid.IntRange(0, 3).Draw(t, "event") {
			case 0: // some hours on, quarters of an hour: many land on instants
				ms += rapid.Int64Range(0, 100).Draw(t, "quarters") * quarter
			case 1: // to an instant
				ms = terms.NextMS(ms)
			case 2: // one millisecond on
				ms++
			case 3: // at the same instant
			}
			if rapid.Bool().Draw(t, "ask") {
				got, want := accrual.Factor(steps, ms), terms.Factor(steps, ms)
				if plain := plainCarry(&terms, steps, ms); got != want || got != plain {
					t.Fatalf("at %d after %v: the accrual says %.17g, the factor is %.17g, plainly %.17g", ms, steps, got, want, plain)
				}
			}
			if rapid.Bool().Draw(t, "change") {
				steps = append(steps, LeverageStep{ms, rapid.SampledFrom([]float64{-0.3, 0.1, 0.25, 1, 2}).Draw(t, "net")})
			}
		}
	})
}

// TestCarryAccrualSeesAChangeAtTheInstantItAnsweredFor: 12:00 is asked about
// before and after the order of that instant.
func TestCarryAccrualSeesAChangeAtTheInstantItAnsweredFor(t *testing.T) {
	terms := cryptoCarry()
	accrual := CarryAccrual{Terms: &terms}
	steps := changes(t, "2025-03-03T10:00:00Z 0.1", "2025-03-03T12:00:00Z 0.4")
	for _, c := range []struct {
		steps []LeverageStep
		now   string
		want  float64
	}{
		{steps[:1], "2025-03-03T12:00:00Z", 0.99999},           // 1 - 0.0001·0.1
		{steps, "2025-03-03T12:00:00Z", 0.99996},               // 1 - 0.0001·0.4
		{steps, "2025-03-03T12:00:00Z", 0.99996},               // not twice
		{steps, "2025-03-03T20:00:00Z", 0.99996 * 0.99996},     // and from 0.4 on
		{steps, "2025-03-04T03:59:59.999Z", 0.99996 * 0.99996}, // until four
	} {
		if got := accrual.Factor(c.steps, at(t, c.now)); !roundsTo(got, c.want) {
			t.Errorf("at %s after %d changes: %.17g, want %.17g", c.now, len(c.steps), got, c.want)
		}
	}
}
