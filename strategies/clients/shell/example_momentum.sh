#!/bin/sh
# Each hour, hold the first pair of the run if it rose over the hour's candles, else nothing.
# This is the line protocol (docs/protocol.md) in sh, with awk to compare prices.
#
#   ptnsim run --strategy "exec:sh example_momentum.sh" -p leverage=0.05

# field prints the value of the first field of that name in the message.
field() {
	rest=${line#*\"$1\":}
	[ "$rest" != "$line" ] || return 0
	rest=${rest#\"}
	printf '%s' "${rest%%[\",\}\]]*}"
}

# rising tells whether the last close of the message is above its first.
rising() {
	printf '%s\n' "$line" | awk '{
		if (!match($0, /"close":\[[^]]*/)) exit 1
		n = split(substr($0, RSTART + 9, RLENGTH - 9), close_of, ",")
		exit !(close_of[n] + 0 > close_of[1] + 0)
	}'
}

while IFS= read -r line; do
	case $(field type) in
	hello)
		leverage=$(field leverage)
		pairs=${line#*\"pairs\":}
		pair=${pairs#*\"pair\":\"}
		pair=${pair%%\"*}
		echo '{"type":"ready","protocol":1,"subscribe":[{"pair":"'"$pair"'"}],"decide":{"every":"1h"},"columns":["close"],"want":[]}'
		;;
	decide)
		if rising; then target=${leverage:-0.05}; else target=0; fi
		echo '{"type":"orders","now_ms":'"$(field now_ms)"',"orders":[{"pair":"'"$pair"'","target":'"$target"'}]}'
		;;
	end)
		echo '{"type":"bye"}'
		exit 0
		;;
	esac
done
