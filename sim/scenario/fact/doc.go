// Package fact is the vocabulary of what can be said of a play: of one account, of
// a tournament, of a population that was scored. Its types are the format: the names
// of their fields are the keys of a scenario's expect, and the paths of --require.
//
// The names are those of result.json (docs/design.md) where that has them; times are
// written as times (filled, not filled_ms). Returns and costs are factors, drawdowns
// are losses (0.07), leverage is signed. A number that does not exist is null.
//
// Each field's tag says how a file writes it:
//
//	fact:"name"        its key
//	fact:"name,short"  where a file writes one value instead of its group, it is this one's
//	fact:"name,key"    of a list's elements: what each of them is found by
//	fact:"name,blank"  what --update fills in where a file has a blank for the whole group
//	without:"a b"      of a group: facts that its type has and this one has not
//	doc:"…"            a line for the reference, with its unit
package fact
