// Package fetch downloads the history of pairs from public sources: Binance,
// Kraken, Polygon, Tiingo and Dukascopy. It is the only package of ptnsim that
// touches the network, and it does so only when asked.
//
// What it downloads it keeps as the source sent it, piece by piece, in a folder
// of its own; a piece counts as finished only after its length, its content and,
// where the source states one, its checksum were found right. A fetch that was
// interrupted therefore goes on where it was. Package vendors turns the pieces
// into candles.
//
// It is polite: it keeps a pace, waits as long as a source asks it to, and gives
// up with a sentence that says what to do. Keys come from the environment, travel
// in one header to the source's own host, and appear nowhere else.
package fetch
