// Package roster reads who takes part in a subnet from a file: single miners with
// their strategies, signal files or recorded positions, and populations drawn from
// distributions. The same file and the same seed give the same miners on every
// machine.
package roster
