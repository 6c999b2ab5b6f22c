package strategies

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// The network's own signals, as its signal server takes and stores them: Rules
// §15. A file of received_signals has the signal; one of processed_signals or
// failed_signals wraps it, beside what the validators answered.

// takeNetwork reads the value of a key that only the network's own format has.
func (o *signalObject) takeNetwork(d *json.Decoder, name string) error {
	var value json.RawMessage
	decode := func() error {
		if err := d.Decode(&value); err != nil {
			return o.malformed("malformed JSON: " + err.Error())
		}
		return nil
	}
	switch name {
	case "signal_data", "original_signal":
		if o.isWrapped {
			return o.wrong("a second signal, "+name, "one signal", "")
		}
		o.isNetwork, o.isWrapped = true, true
		return o.readObject(d)
	case "timestamp", "processed_ms":
		return o.take(d, fieldTime, name)
	case "order_uuid", "miner_order_uuid":
		return o.take(d, fieldUUID, name)
	case "trade_pair":
		o.isNetwork = true
		if err := decode(); err != nil {
			return err
		}
		return o.takeTradePair(value)
	case "created_orders":
		if err := decode(); err != nil {
			return err
		}
		o.created = firstCreated(value)
		return nil
	case "api_key", "validators_needing_retry", "error_messages_dict":
		return decode()
	case "execution_type", "limit_price", "cancel_order_uuid", "stop_loss", "take_profit":
		if err := decode(); err != nil {
			return err
		}
		return o.onlyMarket(name, value)
	}
	return o.unknown(name)
}

// takeTradePair reads a pair: its id, or an object or a list that has it.
func (o *signalObject) takeTradePair(value json.RawMessage) error {
	id, ok := TradePairID(value)
	if !ok {
		return o.c.wrong(o.at, &problem{fieldPair, quoted(string(value)), `the id of a pair, or an object with it: {"trade_pair_id": "BTCUSD"}`, ""})
	}
	return o.set(fieldPair, "trade_pair", id)
}

// TradePairID finds the id of a pair in the forms that the network writes: the id
// itself, a list that begins with it, or an object whose trade_pair_id it is.
func TradePairID(value []byte) (id string, ok bool) {
	var object struct {
		ID string `json:"trade_pair_id"`
	}
	var list []json.RawMessage
	switch {
	case json.Unmarshal(value, &id) == nil && id != "":
		return id, true
	case json.Unmarshal(value, &object) == nil && object.ID != "":
		return object.ID, true
	case json.Unmarshal(value, &list) == nil && len(list) > 0:
		return id, json.Unmarshal(list[0], &id) == nil && id != ""
	}
	return "", false
}

// onlyMarket refuses the orders of later builds that wait for a price.
func (o *signalObject) onlyMarket(name string, value json.RawMessage) error {
	text := string(value)
	if text == "null" || name == "execution_type" && strings.EqualFold(text, `"MARKET"`) {
		return nil
	}
	return o.wrong(fmt.Sprintf("%s %s", name, quoted(text)), "an order that fills at the market", "leave such orders out: these rules don't know them")
}

// firstCreated returns when the first validator processed the signal, as it tells
// in the order that it made: {hotkey: order}, an order an object or its text.
func firstCreated(value json.RawMessage) string {
	var byHotkey map[string]json.RawMessage
	if json.Unmarshal(value, &byHotkey) != nil {
		return ""
	}
	var times []int64
	for _, order := range byHotkey { // the smallest, whatever their order
		var text string
		if json.Unmarshal(order, &text) == nil {
			order = json.RawMessage(text)
		}
		var created struct {
			ProcessedMS int64 `json:"processed_ms"`
		}
		if json.Unmarshal(order, &created) == nil && created.ProcessedMS > 0 {
			times = append(times, created.ProcessedMS)
		}
	}
	if len(times) == 0 {
		return ""
	}
	return strconv.FormatInt(slices.Min(times), 10)
}
