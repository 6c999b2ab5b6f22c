"""A strategy that cheats, for the test that finds cheats out.

It has a memory outside the run: the file of its parameter notes. At the end of a run it writes
the closes it has seen there. In the next run it looks the candle after the present one up in
that file, and trades on where the price will go; where the file has nothing, it goes with the
last change. So a run with a fresh file is honest. A second one, over the same candles cut off
or with another future, emits other orders than the first at the times that both have seen.

It runs with the folder of ptnsim.py on PYTHONPATH, or beside it.
"""

from __future__ import annotations

import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "clients", "python"))

import ptnsim  # noqa: E402


class Peek(ptnsim.Strategy):
    def on_start(self, ctx: ptnsim.Context) -> None:
        self.notes = ctx.param("notes", "peek.json")
        self.every = ctx.param("every", 10)
        ctx.decide_every(self.every)
        self.future = {}
        if os.path.exists(self.notes):
            with open(self.notes, encoding="utf-8") as file:
                self.future = json.load(file)

    def on_candles(self, ctx: ptnsim.Context) -> None:
        candles = ctx.feeds[0]
        if len(candles) < 2:
            return
        ahead = self.future.get(str(candles.time[-1] + self.every * candles.interval_ms))
        rises = candles.close[-1] > candles.close[-2] if ahead is None else ahead > candles.close[-1]
        ctx.target(candles.pair, ctx.size(candles.pair) if rises else 0)

    def on_end(self, ctx: ptnsim.Context) -> None:
        candles = ctx.feeds[0]
        with open(self.notes, "w", encoding="utf-8") as file:
            json.dump(dict(zip(map(str, candles.time), candles.close)), file)


ptnsim.run(Peek)
