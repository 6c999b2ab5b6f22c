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
//  3. Newcomers register, in the order of their names, and put out whom the slots
//     have no room for. Rules §14.
//  4. Weights are set. Rules §12.
//  5. Strategies see the candles that ended, and emit; orders fill.
//
// A copycat's account plays after that of the miner it copies.
package subnet
