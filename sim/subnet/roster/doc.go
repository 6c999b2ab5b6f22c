// Package roster reads who takes part in a subnet from a file: single miners with
// their strategies, signal files or recorded positions, and populations drawn from
// distributions. The same file and the same seed give the same miners on every
// machine.
//
// What is drawn for a miner depends on the file's seed, the miner's name and what
// it is drawn for, and on nothing else: one more miner, population or distribution
// changes none of the others. The format is in docs/subnet.md.
package roster
