// Package subnet plays many miners over time: they register, trade, pass their
// challenge or fail it, are ranked and paid, and lose their slots.
//
// One clock steps from instant to instant at which something of the subnet
// happens: weights are set, challengers are checked, a newcomer registers.
// Between two such instants no miner knows of another, so each account plays on
// by itself, on any number of workers; what comes out depends on that number in
// no bit. The candles, schedules and daily bars are one [sim.Market], shared.
//
// What happens at one instant happens in this sequence (docs/rules.md §14, §16):
//
//  1. Every account takes the marks of candles that end then, and the carry; a
//     drawdown eliminates.
//  2. Challengers are checked, all against the main competition as it stood
//     before the first of them was promoted. Rules §13.
//  3. Newcomers register, those of the main competition before the others, then in
//     the order of their names, and put out whom the slots have no room for.
//     Rules §14.
//  4. Weights are set. Rules §12.
//  5. Strategies see the candles that ended, and emit; orders fill.
//
// A copycat's account plays after that of the miner it copies.
//
// # What it chooses
//
// Where the rules leave a choice:
//
//   - All is judged on the online marking of the ledgers, as eliminations are, and
//     shown by it, whatever ledger.marking says: the deployed marking is made after
//     the fact. Where it would have eliminated an account warns.
//   - An emission accrues from each setting of the weights until the next, to whom
//     that setting gave a share: also if it is eliminated or loses its slot
//     meanwhile, because the chain pays by the last weights. Where the main
//     competition is empty when weights fall due, none are set, and nothing is
//     paid until the next that are.
//   - A miner whose time is up is looked at when the rules say so, at the first
//     multiple of challenge.check_every after it, whatever Config.ChecksEveryMS is.
//     A check before that promotes, and fails nobody: the account itself watches
//     its drawdown.
//   - A newcomer is immune for registration.immunity, the end excluded. A miner of
//     the main competition without an immunity (it began there) keeps its slot until
//     weights were set for it once: nobody there is put out by a weight that was
//     never set. Of equal weights the earliest registration loses its slot, then the
//     first name. Where nobody can be put out, the newcomer is refused.
//   - A miner that is eliminated keeps its slot, at weight 0, until a newcomer
//     takes it.
package subnet
