// Package process lets any program decide orders, over lines of JSON on its
// standard input and output. The protocol is docs/protocol.md.
//
// A program is outside: it may crash, hang, print what it should not, or leave
// others behind. Here each of these ends in an error that says what happened,
// with the program's last words, and in no process of its group left over. What
// it is sent is what the strategy's context shows, and no more: nothing after
// the instant of decision.
package process
