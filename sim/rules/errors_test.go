package rules

import (
	"errors"
	"strings"
	"testing"
)

const inherits = "extends: ptn-2025-02\n"

// firstLine returns an error's message without the excerpt.
func firstLine(err error) string {
	if err == nil {
		return "no error"
	}
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

func TestParseRefuses(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		// The text.
		{"NoText", "", `my.yaml: found an empty file; expected a rule set, such as "extends: ptn-2025-02"`},
		{"CommentsAlone", "# nothing\n", `my.yaml: found an empty file; expected a rule set, such as "extends: ptn-2025-02"`},
		{"NoUTF8", "a: \xff", `my.yaml: found bytes that are no UTF-8; expected a text in UTF-8`},
		{"TooLong", strings.Repeat("# comment\n", 200_000), `my.yaml: found 2000000 bytes; expected at most 1048576`},
		{"NoYAML", inherits + "cooldown: {scope: pair\n", `my.yaml:2:11: found a text that is no YAML: could not find flow mapping end token '}'`},
		{"Tab", inherits + "cooldown:\n\tscope: pair\n", `my.yaml:3:1: found a tab in the indentation; expected spaces in its place`},
		{"AliasBomb", "a: &a [1, 1]\nb: &b [*a, *a]\n", `my.yaml:1:4: found an anchor, an alias or a merge key; expected the values themselves; a set inherits with extends`},
		{"MergeKey", "<<: {a: 1}\n", `my.yaml:1:1: found an anchor, an alias or a merge key; expected the values themselves; a set inherits with extends`},
		{"Tag", inherits + "cooldown: !!map {}\n", `my.yaml:2:11: found "!!map", a tag, a directive or a complex key; expected plain keys and values`},
		{"SecondDocument", inherits + "---\ncooldown: {}\n", `my.yaml:2:1: found a second document; expected one rule set a file`},
		{"DeepBrackets", inherits + "a: " + strings.Repeat("[", 100_000), `my.yaml:2:12: found brackets nested too deep; expected at most 8 levels`},
		{"DeepDashes", strings.Repeat("- ", 100_000), `my.yaml:1:3: found a list entry that is empty or a list of lists; expected a value after each dash`},
		{"NoMapping", "[a]", `my.yaml:1:1: found a list; expected a mapping: a key of the rule set; "rules show" lists them`},

		// Keys.
		{"UnknownKey", inherits + "cooldown:\n  perod: 5s\n", `my.yaml:3:3: cooldown.perod: found an unknown key; expected period or scope (did you mean period?)`},
		{"UnknownKeyAtTheTop", inherits + "coldown: {}\n", `my.yaml:2:1: coldown: found an unknown key; expected a key of the rule set; "rules show" lists them (did you mean cooldown?)`},
		{"UnknownKeyInAList", inherits + "instruments:\n  added:\n    - {id: LTCUSD, class: crypto, quote: USD, currency: USD}\n", `my.yaml:4:47: instruments.added[0].currency: found an unknown key; expected id, class, base or quote`},
		{"DuplicateKey", inherits + "cooldown:\n  period: 5s\n  period: 6s\n", `my.yaml:4:3: cooldown.period: found the key a second time; expected it once: it stands on line 3`},
		{"DuplicateSection", inherits + "cooldown: {period: 5s}\ncooldown: {scope: pair}\n", `my.yaml:3:1: cooldown: found the key a second time; expected it once: it stands on line 2`},
		{"DuplicateExtends", inherits + inherits, `my.yaml:2:10: extends: found the key a second time; expected it once`},
		{"MissingKeys", "name: bare\n", `my.yaml:1:1: found nothing for instruments, rate_limit, gate, cooldown, fill, hours, leverage, position, carry, transaction_fee, slippage, liquidity and 19 more; expected every key, or a line such as "extends: ptn-2025-02" to inherit the rest`},
		{"MissingInARow", inherits + "instruments:\n  added:\n    - {id: LTCUSD}\n", `my.yaml:4:7: instruments.added[0]: found nothing for class and quote; expected every key`},
		{"MissingInANewEntry", inherits + "liquidity: {defaults: {EURUSD: {adv: 3}}}\n", `my.yaml:2:32: liquidity.defaults.EURUSD: found nothing for spread_over_mid and volatility_annual; expected every key`},

		// Types.
		{"TextForANumber", inherits + "leverage: {portfolio_max: ten}\n", `my.yaml:2:27: leverage.portfolio_max: found "ten"; expected a number`},
		{"QuotedNumber", inherits + "leverage: {portfolio_max: \"10\"}\n", `my.yaml:2:27: leverage.portfolio_max: found "10"; expected a number`},
		{"ListForANumber", inherits + "leverage: {portfolio_max: [10]}\n", `my.yaml:2:27: leverage.portfolio_max: found a list; expected a number`},
		{"MappingForANumber", inherits + "leverage: {portfolio_max: {max: 10}}\n", `my.yaml:2:27: leverage.portfolio_max: found a mapping; expected a number`},
		{"NothingForANumber", inherits + "leverage:\n  portfolio_max:\n", `my.yaml:3:17: leverage.portfolio_max: found nothing; expected a number`},
		{"NullForANumber", inherits + "leverage: {portfolio_max: null}\n", `my.yaml:2:27: leverage.portfolio_max: found null; expected a number`},
		{"NaN", inherits + "leverage: {portfolio_max: .nan}\n", `my.yaml:2:27: leverage.portfolio_max: found .nan; expected a number`},
		{"Infinity", inherits + "leverage: {portfolio_max: -.inf}\n", `my.yaml:2:27: leverage.portfolio_max: found -.inf; expected a number`},
		{"TooLargeANumber", inherits + "leverage: {portfolio_max: 1e999}\n", `my.yaml:2:27: leverage.portfolio_max: found "1e999"; expected a number within the range of a float64`},
		{"OctalNumber", inherits + "rate_limit: {requests: 010}\n", `my.yaml:2:24: rate_limit.requests: found 010; expected a whole number`},
		{"UnderscoredNumber", inherits + "slippage: {account_usd: 100_000}\n", `my.yaml:2:25: slippage.account_usd: found 100_000; expected a number`},
		{"FractionForAWholeNumber", inherits + "rate_limit: {requests: 1.5}\n", `my.yaml:2:24: rate_limit.requests: found 1.5; expected a whole number`},
		{"NumberForADuration", inherits + "cooldown: {period: 10}\n", `my.yaml:2:20: cooldown.period: found 10; expected a whole number with a unit, such as 500ms, 60s, 5m, 12h or 90d, or 0`},
		{"DurationWithoutEnd", inherits + "cooldown: {period: 999999d}\n", `my.yaml:2:20: cooldown.period: found "999999d"; expected at most 36525d`},
		{"TextForASwitch", inherits + "recency: {enabled: yes}\n", `my.yaml:2:20: recency.enabled: found "yes"; expected true or false`},
		{"NumberForAText", inherits + "name: 5\n", `my.yaml:2:7: name: found 5; expected a text; in quotes where it looks like something else`},
		{"BlockForAText", inherits + "description: |\n  a\n  b\n", `my.yaml:2:14: description: found a block of text; expected a text; in quotes where it looks like something else`},
		{"TextForAList", inherits + "instruments: {halted: BTCUSD}\n", `my.yaml:2:23: instruments.halted: found "BTCUSD"; expected a list, such as [] or [a, b]`},
		{"TextForAMapping", inherits + "cooldown: 10s\n", `my.yaml:2:11: cooldown: found "10s"; expected a mapping: period or scope`},
		{"TextForAMap", inherits + "liquidity: {usd_prices: 1}\n", `my.yaml:2:25: liquidity.usd_prices: found 1; expected a mapping from names to values`},
		{"ShortRow", inherits + "slippage:\n  equities:\n    - [AAPL, buy, 1000]\n", `my.yaml:4:7: slippage.equities[0]: found a row of 3 values; expected 8: pair, side, over_usd, to_usd, intercept, spread, volatility, value_adv`},

		// Values.
		{"UnknownVariant", inherits + "ledger: {marking: deploid}\n", `my.yaml:2:19: ledger.marking: found "deploid"; expected documented or deployed (did you mean deployed?)`},
		{"MinimumAboveMaximum", inherits + "leverage: {position: {forex: {min: 6}}}\n", `my.yaml:2:36: leverage.position.forex.min: found 6; expected at most leverage.position.forex.max, which is 5`},
		{"MaximumBelowMinimum", inherits + "leverage: {position: {forex: {max: 0.05}}}\n", `my.yaml:2:36: leverage.position.forex.min: found 0.1; expected at most leverage.position.forex.max, which is 0.05`},
		{"WeightsOverOne", inherits + "weights:\n  calmar: 0.3\n", `my.yaml:3:3: weights: found weights that sum to 1.0999999999999999; expected a sum of 1`},
		{"NegativePeriod", inherits + "cooldown: {period: -1s}\n", `my.yaml:2:20: cooldown.period: found -1s; expected a period of 0 or more, at most 36525d`},
		{"ZeroPeriod", inherits + "martingale: {window: 0}\n", `my.yaml:2:22: martingale.window: found 0; expected a period over 0, at most 36525d`},
		{"ZeroCheckpoint", inherits + "ledger: {checkpoint: 0}\n", `my.yaml:2:22: ledger.checkpoint: found 0; expected a period over 0 that divides a day, such as 12h`},
		{"OddCheckpoint", inherits + "ledger: {checkpoint: 7h}\n", `my.yaml:2:22: ledger.checkpoint: found 7h; expected a period over 0 that divides a day, such as 12h`},
		{"WindowBelowCheckpoint", inherits + "ledger: {window: 1h}\n", `my.yaml:2:18: ledger.window: found 1h; expected at least ledger.checkpoint, which is 12h`},
		{"FractionOverOne", inherits + "drawdown: {limit: 10}\n", `my.yaml:2:19: drawdown.limit: found 10; expected a fraction over 0, at most 1`},
		{"WeightBelowZero", inherits + "weights: {calmar: -0.2, sharpe: 0.6}\n", `my.yaml:2:19: weights.calmar: found -0.2; expected a value from 0 to 1`},
		{"NegativeNumber", inherits + "gate: {order_leverage_min: -1}\n", `my.yaml:2:28: gate.order_leverage_min: found -1; expected a finite value of at least 0`},
		{"ZeroDivisor", inherits + "metrics: {volatility_min: 0}\n", `my.yaml:2:27: metrics.volatility_min: found 0; expected a finite value over 0`},
		{"RateOfOne", inherits + "carry: {crypto: {rate_annual: 1}}\n", `my.yaml:2:31: carry.crypto.rate_annual: found 1; expected a fraction from 0 to below 1`},
		{"NoTimes", inherits + "carry: {crypto: {times: []}}\n", `my.yaml:2:25: carry.crypto.times: found no time; expected at least one time of day, such as "21:00"`},
		{"NoTime", inherits + "carry: {crypto: {times: [\"24:00\"]}}\n", `my.yaml:2:26: carry.crypto.times[0]: found "24:00"; expected a time of day from "00:00" to "23:59"`},
		{"TimesOutOfOrder", inherits + "carry: {crypto: {times: [\"12:00\", \"04:00\"]}}\n", `my.yaml:2:35: carry.crypto.times[1]: found "04:00"; expected a time after the one before it`},
		{"UnevenTimes", inherits + "carry: {forex: {times: [\"04:00\", \"12:00\", \"21:00\"]}}\n", `my.yaml:2:24: carry.forex.times: found 04:00, 12:00 and 21:00; expected times that are evenly spaced over the day, such as 04:00, 12:00 and 20:00`},
		{"UnevenNight", inherits + "carry: {forex: {times: [\"06:00\", \"12:00\"]}}\n", `my.yaml:2:24: carry.forex.times: found 06:00 and 12:00; expected times that are evenly spaced over the day, such as 04:00, 12:00 and 20:00`},
		{"SevenTimes", inherits + "carry: {forex: {times: [\"00:00\", \"03:25\", \"06:50\", \"10:15\", \"13:40\", \"17:05\", \"20:30\"]}}\n", `my.yaml:2:24: carry.forex.times: found 00:00, 03:25, 06:50, 10:15, 13:40, 17:05 and 20:30; expected times that are evenly spaced over the day, such as 04:00, 12:00 and 20:00`},
		{"SixMultiples", inherits + "carry: {forex: {multiples: [1, 1, 1, 1, 1, 1]}}\n", `my.yaml:2:28: carry.forex.multiples: found 6 values; expected 7: of Sunday to Saturday`},
		{"NegativeMultiple", inherits + "carry: {forex: {multiples: [1, 1, 1, 1, 1, 1, -1]}}\n", `my.yaml:2:47: carry.forex.multiples[6]: found -1; expected a value from 0 to 366`},
		{"UnknownHaltedPair", inherits + "instruments: {halted: [BTCUSX]}\n", `my.yaml:2:24: instruments.halted[0]: found "BTCUSX"; expected a pair that is known (did you mean BTCUSD?)`},
		{"PairOfNoClass", inherits + "instruments: {added: [{id: LTCUSD, class: coin, quote: USD}]}\n", `my.yaml:2:43: instruments.added[0].class: found "coin"; expected crypto, forex, equities or indices`},
		{"PairThatThereIs", inherits + "instruments: {added: [{id: BTCUSD, class: crypto, quote: USD}]}\n", `my.yaml:2:28: instruments.added[0].id: found "BTCUSD", a pair that there is already; expected another id`},
		{"PairInSmallLetters", inherits + "instruments: {added: [{id: ltcusd, class: crypto, quote: USD}]}\n", `my.yaml:2:28: instruments.added[0].id: found "ltcusd"; expected 2 to 16 capital letters and digits`},
		{"PairOfNothing", inherits + "instruments: {added: [{id: LTCUSD, class: crypto, quote: ''}]}\n", `my.yaml:2:58: instruments.added[0].quote: found nothing; expected a currency, such as USD`},
		{"PairOfItself", inherits + "instruments: {added: [{id: USDUSD, class: forex, quote: USD}]}\n", `my.yaml:2:23: instruments.added[0].base: found "USD"; expected what is bought, such as BTC: capital letters and digits, not the quote`},
		{"SlippageOfNoPair", inherits + "slippage: {crypto: {pairs: {EURUSD: 0.1}}}\n", `my.yaml:2:37: slippage.crypto.pairs.EURUSD: found "EURUSD"; expected a pair of the class crypto (did you mean ETHUSD?)`},
		{"SlippageOfNoSide", inherits + "slippage: {equities: [[AAPL, bye, 0, 1, 0, 0, 0, 0]]}\n", `my.yaml:2:23: slippage.equities[0].side: found "bye"; expected buy or sell`},
		{"SlippageOfNoSize", inherits + "slippage: {equities: [[AAPL, buy, 5, 5, 0, 0, 0, 0]]}\n", `my.yaml:2:23: slippage.equities[0].to_usd: found 5; expected a finite value over 5`},
		{"SlippageWithAGap", inherits + "slippage: {equities: [[AAPL, buy, 0, 5, 0, 0, 0, 0], [AAPL, buy, 6, 7, 0, 0, 0, 0]]}\n", `my.yaml:2:54: slippage.equities[1].over_usd: found 6; expected 5, where the bucket before it ends`},
		{"LiquidityOfNothing", inherits + "liquidity: {defaults: {metal: {spread_over_mid: 0, volatility_annual: 0, adv: 1}}}\n", `my.yaml:2:31: liquidity.defaults.metal: found "metal"; expected forex, metals, equities or a pair (did you mean metals?)`},
		{"PriceOfNoCurrency", inherits + "liquidity: {usd_prices: {ABC: 1}}\n", `my.yaml:2:31: liquidity.usd_prices.ABC: found "ABC"; expected the currency of a pair`},
		{"PriceOfADollar", inherits + "liquidity: {usd_prices: {USD: 2}}\n", `my.yaml:2:31: liquidity.usd_prices.USD: found 2; expected 1: the price of a dollar`},
		{"Hours", inherits + "hours: {forex: {open: noon}}\n", `my.yaml:2:23: hours.forex.open: found "noon"; expected a weekday and a time of day such as "sunday 17:00"`},
		{"NameOfTwoLines", inherits + "name: \"a\\nb\"\n", `my.yaml:2:7: name: found "a\nb"; expected 1 to 100 printable characters on one line`},

		// Inheritance.
		{"UnknownSet", "extends: ptn-2025-2\n", `my.yaml:1:10: extends: found "ptn-2025-2", which is no built-in rule set; expected ptn-2025-02, ptn-5.4.0, ptn-2024-12 or ptn-4.8.12, or the path of a rule file (ending in .yaml or .yml) (did you mean ptn-2025-02 or ptn-2024-12?)`},
		{"ListOfSets", "extends: [ptn-2025-02]\n", `my.yaml:1:10: extends: found a list; expected a text; in quotes where it looks like something else`},
		{"FileOfAText", "extends: base.yaml\n", `my.yaml:1:10: extends: found the file "base.yaml"; expected ptn-2025-02, ptn-5.4.0, ptn-2024-12 or ptn-4.8.12: a text without a file has nothing that the path could be relative to`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Parse("my.yaml", []byte(c.text))
			if got := firstLine(err); got != c.want {
				t.Errorf("\ngot  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestOverrideRefuses(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"NoValue", "cooldown.scope", `--set cooldown.scope: found no path and value; expected path=value, such as cooldown.scope=miner`},
		{"NoPath", "=miner", `--set =miner: found no path and value; expected path=value, such as cooldown.scope=miner`},
		{"EmptyValue", "cooldown.scope=", `--set cooldown.scope=: found nothing; expected pair or miner`},
		{"UnknownPath", "cooldown.scop=miner", `--set cooldown.scop=miner: found an unknown path; expected a path of the rule set (did you mean cooldown.scope?)`},
		{"EndOfAPath", "scope=miner", `--set scope=miner: found an unknown path; expected a path of the rule set (did you mean cooldown.scope?)`},
		{"PathBelowAValue", "cooldown.scope.x=1", `--set cooldown.scope.x=1: found an unknown path; expected a path of the rule set (did you mean cooldown.scope?)`},
		{"PathIntoAList", "slippage.equities[0]=1", `--set slippage.equities[0]=1: found an unknown path; expected a path of the rule set (did you mean slippage.equities[0], slippage.equities[1] or slippage.equities[2]?)`},
		{"EmptyKey", "cooldown..scope=miner", `--set cooldown..scope=miner: found an unknown path; expected a path of the rule set (did you mean cooldown.scope?)`},
		{"Variant", "cooldown.scope=foo", `--set cooldown.scope=foo: found "foo"; expected pair or miner`},
		{"Type", "cooldown.period=10", `--set cooldown.period=10: found 10; expected a whole number with a unit, such as 500ms, 60s, 5m, 12h or 90d, or 0`},
		{"Range", "drawdown.limit=10", `--set drawdown.limit=10: found 10; expected a fraction over 0, at most 1`},
		{"BesideAnother", "leverage.position.forex.max=0.05", `--set leverage.position.forex.max=0.05: leverage.position.forex.min: found 0.1; expected at most leverage.position.forex.max, which is 0.05`},
		{"Sum", "weights.calmar=0.3", `--set weights.calmar=0.3: weights: found weights that sum to 1.0999999999999999; expected a sum of 1`},
		{"Hours", "hours.crypto.kind=sessions", `--set hours.crypto.kind=sessions: hours.crypto.open: found ""; expected a time of day such as "09:30"`},
		{"Element", "instruments.halted=[BTCUSD, EURUSX]", `--set instruments.halted=[BTCUSD, EURUSX]: instruments.halted[1]: found "EURUSX"; expected a pair that is known (did you mean EURUSD?)`},
		{"PartOfANewEntry", "liquidity.defaults.EURUSD.adv=3", `--set liquidity.defaults.EURUSD.adv=3: liquidity.defaults.EURUSD: found no entry "EURUSD" to change; expected a new entry as a whole, such as liquidity.defaults.EURUSD={key: value}`},
		{"NoYAML", "cooldown={scope: pair", `--set cooldown={scope: pair: found a text that is no YAML: could not find flow mapping end token '}'`},
		{"Anchor", "cooldown=&a {}", `--set cooldown=&a {}: found an anchor, an alias or a merge key; expected the values themselves; a set inherits with extends`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Load(Default, WithOverride(c.text))
			if got := firstLine(err); got != c.want {
				t.Errorf("\ngot  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestErrorShowsTheLineWithACaret(t *testing.T) {
	_, err := Parse("my.yaml", []byte(inherits+"cooldown:\r\n  scope: foo # é\r\n"))
	want := `my.yaml:3:10: cooldown.scope: found "foo"; expected pair or miner
     2 | cooldown:
>    3 |   scope: foo # é
       |          ^`
	if err == nil || err.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
	var e *SyntaxError
	if !errors.As(err, &e) || e.Line != 3 || e.Column != 10 || e.Path != "cooldown.scope" || e.Found != `"foo"` {
		t.Errorf("the error's fields are %+v", e)
	}
}

func TestAllErrorsOfAFileAreReported(t *testing.T) {
	_, err := Parse("my.yaml", []byte(inherits+"cooldwn: {}\nfill: {max_wait: x}\nrecency: {floor: [], decay: true}\n"))
	for _, path := range []string{"cooldwn", "fill.max_wait", "recency.floor", "recency.decay"} {
		if err == nil || !strings.Contains(err.Error(), ": "+path+": found ") {
			t.Errorf("no error of %s in\n%v", path, err)
		}
	}
}

func TestManyErrorsAreCutShort(t *testing.T) {
	var b strings.Builder
	b.WriteString(inherits)
	for i := range 50 {
		b.WriteString("key" + strings.Repeat("x", i+10) + ": 1\n")
	}
	_, err := Parse("my.yaml", []byte(b.String()))
	if err == nil || !strings.HasSuffix(err.Error(), "\nand 40 more") {
		t.Errorf("got %v", err)
	}
}
