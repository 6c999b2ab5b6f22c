"""Hold the side of the faster of two moving averages: ptnsim's own crossover, in Python.

    ptnsim run --strategy "exec:python3 example_crossover.py" -p fast=288 -p slow=1440

It decides at every candle and trades what the built-in one does, to the last digit: a position
is closed on a crossing, and the other side entered at the pair's next candle.
"""

from __future__ import annotations

from typing import List

import ptnsim

SHORT, FLAT, LONG = -1, 0, 1


class MovingAverage:
    """Follows closes in constant time, with the arithmetic of ptnsim's own averages."""

    def __init__(self, kind: str, period: int) -> None:
        self.period, self.exponential = period, kind == "ema"
        self.alpha, self.share = 2 / (period + 1), 1 / period
        self.value, self.sum, self.due = 0.0, 0.0, 0

    def take(self, closes: List[float], i: int) -> None:
        if i >= self.period and self.exponential:
            self.value += self.alpha * (closes[i] - self.value)
        elif i >= self.period and self.due > 1:
            self.due -= 1
            self.sum += closes[i] - closes[i - self.period]
            self.value = self.sum * self.share
        elif i >= self.period - 1:
            self.renew(closes, i)

    def renew(self, closes: List[float], i: int) -> None:
        """Make the sum anew every eight periods, so that rounding can't pile up."""
        self.due, self.sum = 8 * self.period, 0.0
        for close in closes[i + 1 - self.period : i + 1]:  # sum() adds otherwise since Python 3.12
            self.sum += close
        self.value = self.sum * self.share


class Trend:
    """The state of one pair."""

    def __init__(self, candles: ptnsim.Candles, leverage: float, kind: str, fast: int, slow: int) -> None:
        self.candles, self.leverage = candles, leverage
        self.fast, self.slow = MovingAverage(kind, fast), MovingAverage(kind, slow)
        self.seen, self.above = 0, FLAT

    def follow(self) -> None:
        closes, fast, slow = self.candles.close, self.fast, self.slow
        for i in range(self.seen, len(closes)):
            fast.take(closes, i)
            slow.take(closes, i)
            if i < slow.period - 1:
                continue
            distance = fast.value - slow.value
            if abs(distance) > 1e-12 * slow.value:  # a tie leaves the side as it is
                self.above = LONG if distance > 0 else SHORT
        self.seen = len(closes)


class Crossover(ptnsim.Strategy):
    def on_start(self, ctx: ptnsim.Context) -> None:
        fast, slow = ctx.param("fast", 288), ctx.param("slow", 1440)
        kind = ctx.param("average", "sma")
        given = ctx.param("leverage", 0.0)
        self.direction = ctx.param("direction", "both")
        pairs = [p.strip() for p in ctx.param("pairs", "").split(",") if p.strip()] or ctx.pairs
        interval = ctx.param("interval", "")
        if not 1 <= fast < slow:
            raise ValueError(f"fast: found {fast}; expected less than slow, which is {slow}")
        if kind not in ("sma", "ema") or self.direction not in ("both", "long", "short"):
            raise ValueError("expected average=sma or ema, direction=both, long or short")
        ctx.history("all")
        ctx.columns("close")
        sizes = ctx.shares(pairs) if given == 0 else {pair: given for pair in pairs}
        self.trends = [Trend(ctx.subscribe(p, interval), sizes[p], kind, fast, slow) for p in pairs]

    def on_candles(self, ctx: ptnsim.Context) -> None:
        for trend in self.trends:
            if trend.candles.fresh:
                trend.follow()
                self.hold(ctx, trend, self.allow(trend.above))

    def allow(self, side: int) -> int:
        if side == LONG and self.direction == "short" or side == SHORT and self.direction == "long":
            return FLAT
        return side

    def hold(self, ctx: ptnsim.Context, trend: Trend, want: int) -> None:
        """Send the order that leads from what is held to what is wanted."""
        pair = trend.candles.pair
        leverage = ctx.leverage(pair)
        held = LONG if leverage > 0 else SHORT if leverage < 0 else FLAT
        if want == held or ctx.pending(pair) or not ctx.is_open(pair) or ctx.portfolio.eliminated:
            return
        if held != FLAT:
            ctx.flat(pair)
        elif want == LONG:
            ctx.long(pair, trend.leverage)
        else:
            ctx.short(pair, trend.leverage)


if __name__ == "__main__":
    ptnsim.run(Crossover)
