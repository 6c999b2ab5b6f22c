// Package scoring turns ledgers and positions into what a miner is paid:
// metrics of its days, penalties, percentiles against the others, a combined
// score, a weight, and the verdict on a newcomer's challenge.
//
// It is arithmetic on records: nothing here knows of a clock, of orders to
// come or of candles. A [Ledger] becomes an [Assessment] by itself alone
// ([Assess]); assessments become places among each other ([Rank]), places
// become weights ([Weights]); [Score] does all of it for a population. Who judges
// many miners many times keeps an [Assessor], and a [Competition] for all of its
// challengers.
//
// Each number is a parameter of the rule set. Sections ("Rules §10") are those
// of docs/rules.md. A number that does not exist, such as a statistic of days
// that are all alike, is an unknown [Value] and null in JSON, never NaN.
package scoring
