// Package audit tells what is wrong with candles, and what is doubtful: it reads
// a series once, chunk by chunk, against the market's own calendar, and counts
// every problem with its first place, its likely cause and its remedy. What to do
// about the problems is a policy that the user states, never a silent repair.
package audit
