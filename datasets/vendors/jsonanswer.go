package vendors

import (
	"bytes"
	"slices"
	"strings"

	"github.com/ptnsim/ptnsim/datasets"
)

// answerRefused recognises what servers send instead of data and returns the
// refusal that quotes it; nil for anything else.
func answerRefused(file string, root *jsonNode) error {
	message := ""
	words := func(keys ...string) string {
		var said []string
		for _, key := range keys {
			if n := root.get(key); n != nil && n.text != "" && n.text != "null" && !strings.EqualFold(n.text, "ok") {
				said = append(said, n.text)
			}
		}
		return strings.Join(said, ": ")
	}
	errors := root.get("error")
	switch {
	case root.kind == beginArray && len(root.items) > 1 && root.items[0].text == "error":
		var said []string
		for _, item := range root.items {
			said = append(said, item.text)
		}
		message = strings.Join(said, ": ") // Bitfinex: ["error", 10020, "symbol: invalid"]
	case root.kind != beginObject:
	case errors != nil && errors.kind == beginArray && len(errors.items) > 0:
		message = errors.items[0].text // Kraken: {"error": ["EQuery:Unknown asset pair"]}
	case errors != nil && errors.kind == stringToken:
		message = words("status", "error", "message", "error_details") // Polygon, Coinbase
	case root.get("retCode") != nil && root.get("retCode").text != "0":
		message = words("retCode", "retMsg") // Bybit
	case root.get("code") != nil && root.get("code").text != "0" && root.get("msg") != nil:
		message = words("code", "msg") // Binance, OKX
	case !slices.ContainsFunc(root.items, func(n *jsonNode) bool { return n.kind == beginArray || n.kind == beginObject }) && !usualNames(root):
		message = words("status", "detail", "message", "msg") // Tiingo, Polygon, Coinbase
	}
	if message == "" {
		return nil
	}
	return &datasets.Refusal{File: file, Problem: datasets.ErrType, Found: "a server's refusal: " + quoted(message), Expected: "candles",
		Remedy: "fetch the data again: the symbol, the key or the rate of requests may have been wrong"}
}

// webPage refuses the pages that servers send instead of data by their name,
// before a table is seen in them.
func webPage(h *head) error {
	start := bytes.TrimSpace(h.bytes[:min(len(h.bytes), 512)])
	what, remedy := foreign(start)
	if what == "" || start[0] != '<' {
		return nil
	}
	return &datasets.Refusal{File: h.in.String(), Problem: datasets.ErrType, Found: what, Expected: "a file of candles, trades or quotes", Remedy: remedy}
}

// emptyAnswer is the refusal of an answer without rows.
func emptyAnswer(file string) error {
	return &datasets.Refusal{File: file, Problem: datasets.ErrEmpty, Found: "an answer without a row", Expected: "at least one",
		Remedy: "fetch the data again for a range in which there was trade"}
}
