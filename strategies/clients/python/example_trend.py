"""Hold each pair while its last close is above the mean of the last ones, else be out of it."""

import ptnsim

class Trend(ptnsim.Strategy):
    def on_start(self, ctx):
        self.period = ctx.param("period", 50)
        ctx.decide_every("1h")
    def on_candles(self, ctx):
        for c in ctx.feeds:
            mean = sum(c.close[-self.period:]) / self.period
            ctx.target(c.pair, ctx.size(c.pair) if len(c) > self.period and c.close[-1] > mean else 0)

ptnsim.run(Trend)
