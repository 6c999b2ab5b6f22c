package synth

import (
	"fmt"
	"math"
	"testing"

	"gonum.org/v1/gonum/stat"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
)

// The tests of this file hold what is made against what theory says. Each bound
// is sigmas standard errors of the estimate: a right generator exceeds one of
// them by chance once in 15 000 seeds, and the seeds are fixed; a wrong one
// exceeds it always, as the samples are large.
const sigmas = 4.0

// near demands an estimate within sigmas of its standard error.
func near(t *testing.T, what string, got, want, se float64) {
	t.Helper()
	t.Logf("%s: %.6g, theory %.6g, standard error %.2g", what, got, want, se)
	if !(math.Abs(got-want) <= sigmas*se) {
		t.Errorf("%s is %.6g, theory says %.6g: %.1f standard errors off", what, got, want, (got-want)/se)
	}
}

// batchMean returns the mean and its standard error by the means of 50 batches,
// for values that depend on their neighbours.
func batchMean(x []float64) (mean, se float64) {
	const batches = 50
	var means []float64
	n := len(x) / batches
	for i := range batches {
		means = append(means, stat.Mean(x[i*n:(i+1)*n], nil))
	}
	mean, sd := stat.MeanStdDev(means, nil)
	return mean, sd / math.Sqrt(batches)
}

func generator(t testing.TB, r Recipe) *Generator {
	t.Helper()
	g, err := New(r, market.Pairs())
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// fine is a pair whose ticks are too small to show in the moments.
func fine(id string, p Pair) Pair {
	p.Pair, p.Price, p.Tick = id, 1000, 1e-7
	return p
}

// Over a time T the log price of a geometric Brownian motion moves by a normal
// variable with mean (μ - σ²/2) T and variance σ² T, and the price grows by
// exp(μ T) on average. Of N independent paths the mean has the standard error
// sqrt(σ² T / N), the variance σ² T sqrt(2/N), and the mean growth
// exp(μ T) sqrt((exp(σ² T) - 1) / N).
func TestGeometricBrownianMotionHasItsMoments(t *testing.T) {
	const (
		paths    = 1500
		sigma    = .8
		drift    = .5
		days     = 30
		years    = days / 365.25
		variance = sigma * sigma * years
	)
	var rises, growth []float64
	for i := range paths {
		s := generator(t, Recipe{Seed: Seed(fmt.Sprint(i)), Interval: Duration(datasets.Hour), To: After(days * Duration(datasets.Day)),
			Pairs: []Pair{fine("BTCUSD", Pair{Volatility: sigma, Drift: drift})}}).Series(0)
		if s.Len() != days*24 {
			t.Fatalf("%d candles", s.Len())
		}
		last := s.Close[s.Len()-1] / 1000
		rises, growth = append(rises, math.Log(last)), append(growth, last)
	}
	mean, v := stat.MeanVariance(rises, nil)
	near(t, "mean of the log price", mean, (drift-sigma*sigma/2)*years, math.Sqrt(variance/paths))
	near(t, "variance of the log price", v, variance, variance*math.Sqrt(2.0/paths))
	near(t, "mean growth", stat.Mean(growth, nil), math.Exp(drift*years), math.Exp(drift*years)*math.Sqrt(math.Expm1(variance)/paths))
}

// Candle by candle, with s² the variance of one:
//   - the rise is normal: variance s², kurtosis 3 with the standard error
//     sqrt(24/n), correlation with the rise before 0 ± sqrt(1/n);
//   - (H-C)(H-O) + (L-C)(L-O) in logs, the estimator of Rogers and Satchell, has
//     the mean s²: with H = (x + sqrt(x² - 2s² ln U))/2 the first term is
//     -s²/2 ln U, whose mean is s²/2. (The drift of -s²/2 a candle is below s.)
//     It is s²/2 times the sum of two exponential variables: variance s⁴/2;
//   - the range of a path without drift has the mean s sqrt(8/π).
func TestCandlesOfABrownianPathHaveItsHighsAndLows(t *testing.T) {
	const sigma = .6
	s := generator(t, Recipe{Interval: Duration(datasets.Minute), To: After(360 * Duration(datasets.Day)),
		Pairs: []Pair{fine("BTCUSD", Pair{Volatility: sigma})}}).Series(0)
	n := float64(s.Len())
	want := sigma * sigma / (365.25 * 24 * 60)
	var rises, satchell, ranges []float64
	for i := range s.Time {
		o, h, l, c := math.Log(s.Open[i]), math.Log(s.High[i]), math.Log(s.Low[i]), math.Log(s.Close[i])
		rises = append(rises, c-o)
		satchell = append(satchell, (h-c)*(h-o)+(l-c)*(l-o))
		ranges = append(ranges, h-l)
	}
	near(t, "variance of a candle", stat.Variance(rises, nil), want, want*math.Sqrt(2/n))
	near(t, "kurtosis of a candle", stat.ExKurtosis(rises, nil)+3, 3, math.Sqrt(24/n))
	near(t, "correlation of neighbours", stat.Correlation(rises[1:], rises[:len(rises)-1], nil), 0, math.Sqrt(1/n))
	near(t, "Rogers and Satchell's estimator", stat.Mean(satchell, nil), want, want*math.Sqrt(.5/n))
	mean, sd := stat.MeanStdDev(ranges, nil)
	near(t, "range", mean, math.Sqrt(want*8/math.Pi), sd/math.Sqrt(n))
}

// GARCH(1,1) with normal shocks: the mean of h is 1, and the kurtosis of the
// returns 3 (1 - (α+β)²) / (1 - (α+β)² - 2α²). The variance of the log of a
// stochastic volatility is sd², its autocorrelation at a lag of its memory 1/e,
// and the mean square of the volatility 1.
func TestVolatilityModelsHaveTheirMoments(t *testing.T) {
	const n = 2_000_000
	r := Recipe{Seed: "models", Interval: Duration(datasets.Minute)}
	z := make([]float64, n)
	newSource("models", "test").normals(z)

	p := Pair{Pair: "BTCUSD", Model: GARCH, Garch: &Garch{Alpha: .2, Beta: .4}}
	v := newVariance(&r, &p)
	squares, fourths := make([]float64, n), make([]float64, n)
	for i := range z {
		x := v.candle(z[i]) * z[i]
		squares[i], fourths[i] = x*x, x*x*x*x
	}
	mean, se := batchMean(squares)
	near(t, "variance of GARCH", mean, 1, se)
	mean, se = batchMean(fourths)
	const ab2 = (.2 + .4) * (.2 + .4)
	near(t, "kurtosis of GARCH", mean, 3*(1-ab2)/(1-ab2-2*.2*.2), se)

	p = Pair{Pair: "BTCUSD", Model: StochasticVolatility, Clustering: &Clustering{SD: .4, Memory: 10 * Duration(datasets.Minute)}}
	v = newVariance(&r, &p)
	var logs, deviations, products []float64
	for i := range squares {
		x := v.candle(0)
		squares[i] = x * x
		logs = append(logs, math.Log(x)+.4*.4) // its mean is taken off the log
		deviations = append(deviations, logs[i]*logs[i])
		if i >= 10 {
			products = append(products, logs[i]*logs[i-10])
		}
	}
	mean, se = batchMean(squares)
	near(t, "mean square of the volatility", mean, 1, se)
	mean, se = batchMean(deviations)
	near(t, "variance of its log", mean, .4*.4, se)
	mean, se = batchMean(products)
	near(t, "covariance of its log after its memory", mean, .4*.4/math.E, se)
}

// Jumps come as a Poisson process: over T years N has the mean and variance
// rate·T. With a size of exactly 0.5 and hardly any volatility, the rise is half
// the count. Sizes have their mean, their standard deviation and the kurtosis of
// their distribution, 3 or 6; the standard error of the kurtosis is by batches.
func TestJumpsComeAsOftenAndAreAsBigAsAsked(t *testing.T) {
	const years, rate = 4, 30.0
	count := 0.0
	for i := range 20 {
		s := generator(t, Recipe{Seed: Seed(fmt.Sprint(i)), Interval: Duration(4 * datasets.Hour), To: After(years * 365 * Duration(datasets.Day)),
			Pairs: []Pair{fine("BTCUSD", Pair{Volatility: 1e-6, Jumps: &Jumps{Rate: rate, Mean: -.1}})}}).Series(0)
		count += math.Round(-10 * math.Log(s.Close[s.Len()-1]/1000))
	}
	want := 20 * rate * years * 365 / 365.25
	near(t, "jumps", count, want, math.Sqrt(want))

	for sizes, kurtosis := range map[Jumpiness]float64{NormalJumps: 3, LaplaceJumps: 6} {
		j := jumper{spec: &Jumps{Mean: .01, SD: .03, Sizes: sizes}, source: newSource("jumps", string(sizes))}
		const n = 500_000
		var x, fourths []float64
		for range n {
			x = append(x, j.size())
			fourths = append(fourths, math.Pow((x[len(x)-1]-.01)/.03, 4))
		}
		mean, v := stat.MeanVariance(x, nil)
		near(t, string(sizes)+" mean", mean, .01, .03/math.Sqrt(n))
		near(t, string(sizes)+" variance", v, .03*.03, .03*.03*math.Sqrt((kurtosis-1)/n))
		mean, se := batchMean(fourths)
		near(t, string(sizes)+" kurtosis", mean, kurtosis, se)
	}
}

// Shocks correlate by the product of the loadings, or as the matrix says, at the
// same instants and at no others. The standard error of a correlation ρ of n
// normal pairs is (1-ρ²)/sqrt(n).
func TestCorrelationIsRecovered(t *testing.T) {
	days := After(300 * Duration(datasets.Day))
	rises := func(r Recipe, i int) map[int64]float64 {
		s := generator(t, r).Series(i)
		m := map[int64]float64{}
		for k, ms := range s.Time {
			m[ms] = math.Log(s.Close[k] / s.Open[k])
		}
		return m
	}
	recovered := func(t *testing.T, a, b map[int64]float64, shiftMS int64, want float64) {
		t.Helper()
		var x, y []float64
		for ms, rise := range a {
			if other, ok := b[ms+shiftMS]; ok {
				x, y = append(x, rise), append(y, other)
			}
		}
		near(t, fmt.Sprintf("correlation over %d candles", len(x)), stat.Correlation(x, y, nil), want, (1-want*want)/math.Sqrt(float64(len(x))))
	}
	loaded := Recipe{Interval: Duration(5 * datasets.Minute), To: days, Pairs: []Pair{
		fine("BTCUSD", Pair{Loadings: map[string]float64{"a": .8, "b": -.5}}),
		fine("EURUSD", Pair{Loadings: map[string]float64{"a": .6, "b": .4}}),
		fine("NVDA", Pair{Loadings: map[string]float64{"b": -.9}}),
	}}
	btc, eur, nvda := rises(loaded, 0), rises(loaded, 1), rises(loaded, 2)
	recovered(t, btc, eur, 0, .8*.6-.5*.4)
	recovered(t, btc, nvda, 0, .5*.9)
	recovered(t, eur, nvda, 0, -.4*.9)
	recovered(t, btc, eur, int64(loaded.Interval), 0)

	matrix := Recipe{Interval: Duration(5 * datasets.Minute), To: days,
		Pairs:       []Pair{fine("BTCUSD", Pair{}), fine("ETHUSD", Pair{}), fine("NVDA", Pair{})},
		Correlation: [][]float64{{1, .8, -.3}, {.8, 1, .1}, {-.3, .1, 1}}}
	btc, eth, nvda := rises(matrix, 0), rises(matrix, 1), rises(matrix, 2)
	recovered(t, btc, eth, 0, .8)
	recovered(t, btc, nvda, 0, -.3)
	recovered(t, eth, nvda, 0, .1)
}

// A lower triangular matrix with a positive diagonal that gives the matrix back
// is its Cholesky factor: there is but one.
func TestCholeskyGivesTheMatrixBack(t *testing.T) {
	m := [][]float64{{1, .8, -.3}, {.8, 1, .1}, {-.3, .1, 1}}
	l, ok := cholesky(m)
	if !ok {
		t.Fatal("not positive definite")
	}
	for i := range m {
		for j := range i + 1 {
			sum := 0.0
			for k := range j + 1 {
				sum += l[i][k] * l[j][k]
			}
			if math.Abs(sum-m[i][j]) > 1e-15 {
				t.Errorf("[%d][%d] is %v, want %v", i, j, sum, m[i][j])
			}
		}
	}
}

// An equity's gap over a closed market is what its shocks were meanwhile: with
// all of its loading on a factor that a coin has, too, the gap is in proportion
// to the coin's move over the same hours.
func TestGapsAreWhatTheFactorsDidWhileTheMarketWasClosed(t *testing.T) {
	all := map[string]float64{"world": 1}
	g := generator(t, Recipe{Interval: Duration(30 * datasets.Minute), To: After(120 * Duration(datasets.Day)), Pairs: []Pair{
		fine("NVDA", Pair{Loadings: all, GapShare: .5}), fine("BTCUSD", Pair{Loadings: all}),
	}})
	equity, coin := g.Series(0), g.Series(1)
	nights := 0
	for i := 1; i < equity.Len(); i++ {
		from, to := equity.EndMS(i-1), equity.Time[i]
		if from == to {
			continue
		}
		nights++
		slots := float64((to - from) / equity.IntervalMS)
		a, b := coin.Search(from), coin.Search(to)
		y := yearOf(market.Crypto)
		slotVariance := .6 * .6 * float64(coin.IntervalMS) / y.openMS
		shock := (math.Log(coin.Open[b]/coin.Open[a]) + slots*slotVariance/2) / math.Sqrt(slots*slotVariance)
		v := .35 * .35 * .5 / 252
		want := math.Sqrt(v)*shock - v/2
		if got := math.Log(equity.Open[i] / equity.Close[i-1]); math.Abs(got-want) > 1e-8 {
			t.Fatalf("the gap at %s is %v, the coin says %v", instant(to), got, want)
		}
	}
	if nights < 80 {
		t.Errorf("%d nights in 120 days", nights)
	}
}

// Of the annual variance V the share g falls on the 252 reopenings, the rest on
// the sessions: a gap has V g / 252, a session V (1-g) / 252. That holds where a
// candle is shorter than a session, and where it holds gap and session; they are
// independent of each other. n variances have the relative standard error
// sqrt(2/n).
func TestGapsHaveTheirShareOfTheVariance(t *testing.T) {
	const share = .3
	for _, interval := range []datasets.Interval{datasets.Hour, datasets.Day} {
		t.Run(interval.String(), func(t *testing.T) {
			s := generator(t, Recipe{Interval: Duration(interval), To: After(3650 * Duration(datasets.Day)),
				Pairs: []Pair{fine("NVDA", Pair{Volatility: .4, GapShare: share})}}).Series(0)
			var gaps, sessions []float64
			begin := 0
			for i := 1; i < s.Len(); i++ {
				if s.Time[i]/int64(datasets.Day) == s.Time[i-1]/int64(datasets.Day) {
					continue
				}
				session := math.Log(s.Close[i-1] / s.Open[begin])
				if hours := float64(i - begin); interval == datasets.Day || hours == 7 { // full days: 14:30 to 21:00 or 13:30 to 20:00 is in 7 hours
					gaps, sessions = append(gaps, math.Log(s.Open[i]/s.Close[i-1])), append(sessions, session)
				}
				begin = i
			}
			n := float64(len(gaps))
			want := .4 * .4 / 252
			near(t, "variance of gaps", stat.Variance(gaps, nil), want*share, want*share*math.Sqrt(2/n))
			full := 1.0
			if interval == datasets.Day { // some two or three days a year end at 13:00, after 3½ of 6½ hours
				full = 1 - 3.0/6.5*2.2/252
			}
			near(t, "variance of sessions", stat.Variance(sessions, nil), full*want*(1-share), want*(1-share)*math.Sqrt(2/n))
			near(t, "correlation of gap and session", stat.Correlation(gaps[:len(gaps)-1], sessions[1:], nil), 0, math.Sqrt(1/n))
		})
	}
}

// Two states that last m and M on average hold for m/(m+M) and M/(m+M) of the
// time. Of a time T the share has the variance 2 p q τ / T with τ = m M / (m+M),
// the time in which the chain forgets.
func TestRegimesHoldForTheirShareOfTheTime(t *testing.T) {
	const days = 36000
	m, M := 2.0, 5.0
	r := Recipe{Seed: "two", From: At(defaultFromMS), Regimes: &Regimes{States: []Regime{
		{Name: "calm", Volatility: 1, Duration: Duration(m) * Duration(datasets.Day)},
		{Name: "wild", Volatility: 2, Duration: Duration(M) * Duration(datasets.Day)},
	}}}
	g := newRegime(&r, &Pair{Pair: "BTCUSD"})
	wild, steps := 0.0, 0.0
	for ms := r.From.MS; ms < r.From.MS+days*int64(datasets.Day); ms += int64(datasets.Hour) {
		if v, _ := g.at(ms); v == 2 {
			wild++
		}
		steps++
	}
	p := M / (m + M)
	near(t, "share of the wild state", wild/steps, p, math.Sqrt(2*p*(1-p)*(m*M/(m+M))/days))
}

// Of three states each other one is as likely to follow, so that they hold in
// proportion to how long they last; the standard error is by batches.
func TestThreeRegimesHoldInProportion(t *testing.T) {
	r := Recipe{Seed: "three", From: At(defaultFromMS), Regimes: &Regimes{States: []Regime{
		{Name: "a", Volatility: 1, Duration: Duration(datasets.Day)},
		{Name: "b", Volatility: 2, Duration: 2 * Duration(datasets.Day)},
		{Name: "c", Volatility: 3, Duration: 3 * Duration(datasets.Day)},
	}}}
	g := newRegime(&r, &Pair{Pair: "BTCUSD"})
	held := make([][]float64, 3)
	for k := range 40000 * 24 {
		v, _ := g.at(r.From.MS + int64(k)*int64(datasets.Hour))
		for i := range held {
			x := 0.0
			if v == float64(i+1) {
				x = 1
			}
			held[i] = append(held[i], x)
		}
	}
	for i := range held {
		mean, se := batchMean(held[i])
		near(t, fmt.Sprintf("share of state %d", i+1), mean, float64(i+1)/6, se)
	}
}

// A season moves the variance from hour to hour, and leaves the sum: over whole
// weeks the variance of all candles is that of the open time, with the relative
// standard error sqrt(2 Σs⁴ / (Σs²)²) of a sum of n squares that weigh s².
func TestSeasonsLeaveTheAnnualVariance(t *testing.T) {
	for _, test := range []struct {
		id       string
		interval datasets.Interval
	}{
		{"BTCUSD", 30 * datasets.Minute}, {"EURUSD", 30 * datasets.Minute}, {"NVDA", 30 * datasets.Minute},
		{"BTCUSD", 4 * datasets.Hour}, {"EURUSD", 4 * datasets.Hour}, {"NVDA", 4 * datasets.Hour}, {"EURUSD", datasets.Day}, {"NVDA", 48 * datasets.Minute},
	} {
		t.Run(test.id+" "+test.interval.String(), func(t *testing.T) {
			id := test.id
			g := generator(t, Recipe{Interval: Duration(test.interval), To: After(364 * Duration(datasets.Day)),
				Pairs: []Pair{fine(id, Pair{Volatility: .3, Season: ClassSeason})}})
			s := g.Series(0)
			season, err := newSeason(&g.recipe.Pairs[0], s.Pair, g.stages[0])
			if err != nil {
				t.Fatal(err)
			}
			perMS := .3 * .3 / yearOf(s.Pair.Class).openMS
			var got, flat, shaped, fourths float64
			for i, ms := range s.Time {
				x := math.Log(s.Close[i] / s.Open[i])
				open := float64(g.stages[0].hours.OpenMS(ms, s.EndMS(i)))
				v := season.at(ms)
				got += x * x
				flat += open
				shaped += open * v * v
				fourths += open * v * v * open * v * v
			}
			near(t, "sum of squares", got, shaped*perMS, shaped*perMS*math.Sqrt(2*fourths)/shaped)
			if math.Abs(shaped/flat-1) > .005 { // half days and daylight saving time shift a little
				t.Errorf("the season has the mean square %v", shaped/flat)
			}
		})
	}
}

// Volume has its mean: candles differ by the Erlang noise, of variance 1/4.
func TestVolumeHasItsMean(t *testing.T) {
	s := generator(t, Recipe{To: After(100 * Duration(datasets.Day)), Pairs: []Pair{{Pair: "BTCUSD", Volume: 1440e6, VolumeStep: .001}}}).Series(0)
	near(t, "volume of a minute", stat.Mean(s.Volume, nil), 1e6, 1e6*.5/math.Sqrt(float64(s.Len())))
	near(t, "its variance", stat.Variance(s.Volume, nil), 1e12/4, 1e12/4*math.Sqrt((4.5-1)/float64(s.Len()))) // kurtosis of Erlang 4: 3 + 6/4
}
