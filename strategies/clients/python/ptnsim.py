"""A client of ptnsim's line protocol: a trading idea in Python, under the network's rules.

Copy this file beside your strategy. It needs nothing but Python 3.9 or later.

    import ptnsim

    class Trend(ptnsim.Strategy):
        def on_start(self, ctx):
            self.period = ctx.param("period", 50)

        def on_candles(self, ctx):
            for candles in ctx.feeds:
                if len(candles) >= self.period:
                    mean = sum(candles.close[-self.period:]) / self.period
                    above = candles.close[-1] > mean
                    ctx.target(candles.pair, ctx.size(candles.pair) if above else 0)

    ptnsim.run(Trend)

Run it with: ptnsim run --strategy "exec:python3 trend.py" -p period=100

Times are UTC milliseconds, leverages multiples of the portfolio's value. What print() writes
goes to standard error, since standard output belongs to the protocol. A strategy that is to
play the same every time takes random numbers from ctx.random and looks at no clock but ctx.now.
The protocol is described in docs/protocol.md of ptnsim.
"""

from __future__ import annotations

import json
import math
import os
import random
import sys
import traceback
from dataclasses import dataclass
from typing import Any, BinaryIO, Dict, List, Optional, Sequence, Tuple, Type, TypeVar, Union

__all__ = ["Candles", "Context", "Limits", "Outcome", "PendingOrder", "Portfolio", "Position", "Strategy", "run"]

PROTOCOL = 1

T = TypeVar("T", int, float, bool, str)

_COLUMNS = ("open", "high", "low", "close", "volume", "bid", "ask")
_UNITS_MS = {"s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}


class Strategy:
    """The base of a strategy. Override what you need; on_candles at least."""

    def on_start(self, ctx: Context) -> None:
        """Called once, before the clock starts: read parameters, say when to be asked."""

    def on_candles(self, ctx: Context) -> None:
        """Called at every instant of decision, when ctx shows all candles finished by then."""

    def on_outcome(self, ctx: Context, outcome: Outcome) -> None:
        """Called before on_candles with what became of each order since the last decision."""

    def on_end(self, ctx: Context) -> None:
        """Called once, after the last candle. Orders are no longer taken."""


@dataclass(frozen=True)
class Limits:
    """What the rules allow on a pair. Leverages are magnitudes; no bound is 0, or infinite."""

    position_min: float
    position_max: float
    class_max: float  # the class's largest position, a measure for sizing
    order_min: float
    order_max: float
    weight: float  # what leverage on the pair weighs in the portfolio
    portfolio_max: float  # of the sum of leverage times weight over all positions
    cooldown_ms: int
    halted: bool  # takes no order


@dataclass(frozen=True)
class Position:
    """An open position."""

    pair: str
    open_ms: int
    net_leverage: float  # signed
    average_entry_price: float
    value: float  # its return with costs, a factor


@dataclass(frozen=True)
class PendingOrder:
    """An order on its way. Its leverage is signed."""

    pair: str
    order_type: str
    leverage: float


@dataclass(frozen=True)
class Outcome:
    """What became of an order. Where it did not fill, the fill's fields are None."""

    id: int
    pair: str
    order_type: str
    leverage: float  # as asked for, signed
    emitted_ms: int
    outcome: str  # accepted, clamped, rejected or ignored
    reason: str = ""
    uuid: str = ""
    filled_ms: Optional[int] = None
    effective_leverage: Optional[float] = None
    price: Optional[float] = None
    slippage: Optional[float] = None

    @property
    def filled(self) -> bool:
        """Whether the order changed a position."""
        return self.filled_ms is not None


@dataclass(frozen=True)
class Portfolio:
    """The account. Values are factors, drawdowns losses: 0.03."""

    value: float = 1.0
    peak: float = 1.0
    drawdown: float = 0.0
    drawdown_now: float = 0.0
    drawdown_limit: float = 0.0  # that eliminates; 0: none does
    floor: float = 0.0  # the value at which it is reached
    leverage: float = 0.0  # weighted
    leverage_max: float = math.inf
    open_positions: int = 0
    eliminated: bool = False
    challenge_end_ms: int = 0


class Candles:
    """The finished candles of a subscription, oldest first, as columns: plain lists that grow.

    A column that the data lacks, or that was not asked for, stays empty.
    """

    __slots__ = ("pair", "interval_ms", "new", "dropped", "time", *_COLUMNS, "_now", "_lists")

    pair: str
    interval_ms: int
    new: int  # how many came with this decision
    dropped: int  # how many older ones were let go: see Context.keep
    time: List[int]  # when each opened
    open: List[float]
    high: List[float]
    low: List[float]
    close: List[float]
    volume: List[float]
    bid: List[float]
    ask: List[float]

    def __init__(self, pair: str, interval_ms: int) -> None:
        self.pair, self.interval_ms = pair, interval_ms
        self.new = self.dropped = self._now = 0
        self._lists: Dict[str, List[Any]] = {name: [] for name in ("time", *_COLUMNS)}
        for name, column in self._lists.items():
            setattr(self, name, column)

    def __len__(self) -> int:
        return len(self.time)

    @property
    def fresh(self) -> bool:
        """Whether a candle was finished at this very instant."""
        return bool(self.time) and self.time[-1] + self.interval_ms == self._now

    def _take(self, part: Dict[str, Any]) -> None:
        self.new += len(part["time"])
        lists = self._lists
        for name, values in part.items():
            if name in lists:
                lists[name].extend(values)

    def _trim(self, keep: int) -> None:
        over = len(self.time) - keep
        if over < keep:  # so that each candle is moved once or less
            return
        self.dropped += over
        for column in self._lists.values():
            del column[:over]


class Context:
    """The world at one instant, as a trader could know it, and the orders that go out."""

    rules: str  # name of the rule set
    from_ms: int  # the run's range
    to_ms: int
    latency_ms: int
    seed: int
    random: random.Random  # made with the seed
    pairs: List[str]  # that the run has candles of
    now: int  # the instant of decision
    feeds: List[Candles]  # the subscriptions, in their order

    def __init__(self, hello: Dict[str, Any]) -> None:
        self.rules, self.latency_ms = hello["rules"], hello["latency_ms"]
        self.from_ms, self.to_ms = hello["from_ms"], hello["to_ms"]
        self.seed, self.random = hello["seed"], random.Random(hello["seed"])
        self.pairs = [p["pair"] for p in hello["pairs"]]
        self.now, self.feeds = self.from_ms, []
        self._intervals = {p["pair"]: int(p["interval_ms"]) for p in hello["pairs"]}
        self._limits = {p["pair"]: _limits(p["limits"]) for p in hello["pairs"]}
        self._params: Dict[str, Any] = hello["params"]
        self._known: Dict[str, Any] = {}
        self._ready: Dict[str, Any] = {"type": "ready", "protocol": PROTOCOL}
        self._by_key: Dict[Tuple[str, int], Candles] = {}
        self._by_pair: Dict[str, Candles] = {}
        self._sizes: Optional[Dict[str, float]] = None
        self._keep = 0
        self._positions: Dict[str, Position] = {}
        self._pending: List[PendingOrder] = []
        self._closed: Sequence[str] = ()
        self._view: Dict[str, Any] = {}  # the portfolio, as it came
        self._orders: List[Dict[str, Any]] = []
        self._wake_at = 0
        self._phase = "start"

    # What a strategy says in on_start.

    def param(self, name: str, default: T) -> T:
        """Return a parameter (-p name=value), of the type of its default."""
        self._only("param", "start")
        self._known[name] = default
        if name not in self._params:
            return default
        return _convert(name, self._params[name], default)

    def subscribe(self, pair: str, interval: Union[str, int, None] = None) -> Candles:
        """See a pair, at an interval ("1h", or ms) that is a multiple of the run's.

        Without any subscription, every pair of the run is seen.
        """
        self._only("subscribe", "start")
        if pair not in self._intervals:
            raise ValueError(f"no candles of {pair}: the run has {', '.join(self.pairs)}")
        interval_ms = _milliseconds(interval) if interval else self._intervals[pair]
        if (pair, interval_ms) not in self._by_key:
            candles = self._by_key[pair, interval_ms] = Candles(pair, interval_ms)
            self._by_pair.setdefault(pair, candles)
            self.feeds.append(candles)
        return self._by_key[pair, interval_ms]

    def decide_every(self, what: Union[int, str], pair: Optional[str] = None) -> None:
        """Be asked at every so many candles (of a pair; else the first), or every "1h"."""
        self._rule({"every": what} if isinstance(what, str) else {"candles": what}, pair)

    def decide_when(self, indicator: str, is_: str, of: Union[str, float], pair: Optional[str] = None) -> None:
        """Be asked at candles at which decide_when("sma(20)", "crosses", "sma(50)") is so.

        is_ is above, below, crosses, crosses_above or crosses_below; the sides are columns,
        indicators or, on the right, a number. ptnsim does the testing.
        """
        self._rule({"indicator": indicator, "is": is_, "of": of}, pair)

    def decide_on_move(self, fraction: float, pair: Optional[str] = None) -> None:
        """Be asked when the close has moved by a fraction since this rule last asked."""
        self._rule({"moved": fraction}, pair)

    def history(self, candles: Union[int, str]) -> None:
        """Ask for so many candles from before the start, or "all"."""
        self._only("history", "start")
        self._ready["history"] = candles

    def columns(self, *names: str) -> None:
        """Receive these columns only, and time: less to read is faster."""
        self._only("columns", "start")
        self._ready["columns"] = ["time", *(n for n in names if n != "time")]

    def want(self, *names: str) -> None:
        """Receive of outcomes, positions, pending, sessions and portfolio only these."""
        self._only("want", "start")
        self._ready["want"] = list(names)

    def keep(self, candles: int) -> None:
        """Keep at least so many candles of each subscription, and let go of older ones."""
        self._only("keep", "start")
        self._keep = max(1, candles)

    # What it sees.

    def candles(self, pair: str, interval: Union[str, int, None] = None) -> Candles:
        """The candles of a subscription: the pair's first, or that of the interval."""
        if interval:
            return self._by_key[pair, _milliseconds(interval)]
        return self._by_pair[pair]

    @property
    def portfolio(self) -> Portfolio:
        """The account as it stands."""
        view: Dict[str, Any] = {k: math.inf if v is None else v for k, v in self._view.items()}
        return Portfolio(**view)

    def position(self, pair: str) -> Optional[Position]:
        """The open position on a pair; None if there is none."""
        return self._positions.get(pair)

    def positions(self) -> List[Position]:
        """All open positions."""
        return list(self._positions.values())

    def leverage(self, pair: str) -> float:
        """The signed leverage held on a pair; 0 if none is."""
        position = self._positions.get(pair)
        return position.net_leverage if position else 0.0

    def pending(self, pair: str) -> List[PendingOrder]:
        """Orders on their way at the start of this decision."""
        return [o for o in self._pending if o.pair == pair]

    def is_open(self, pair: str) -> bool:
        """Whether the pair's market is open now; else it takes no orders."""
        return pair not in self._closed

    def limits(self, pair: str) -> Limits:
        """What the rules allow on a pair."""
        return self._limits[pair]

    def size(self, pair: str) -> float:
        """A sane leverage for a pair: what shares() gives it among the subscribed ones."""
        if self._sizes is None:
            self._sizes = self.shares([f.pair for f in self.feeds])
        return self._sizes[pair]

    def shares(self, pairs: Sequence[str]) -> Dict[str, float]:
        """A tenth of the largest position of each pair's class, or less where the pairs
        together would take more than three tenths of the portfolio's cap: then they share those
        in proportion. ptnsim's own strategies take the same by default, to the last digit."""
        pairs = list(dict.fromkeys(pairs))
        limits = [self._limits[p] for p in pairs]
        for pair, limit in zip(pairs, limits):
            if limit.halted:
                raise ValueError(f"{pair} takes no orders under {self.rules}; choose the pairs to trade")
        smallest = [max(limit.position_min, limit.order_min) for limit in limits]
        sizes = [max(limit.class_max / 10, least) for limit, least in zip(limits, smallest)]
        cap = limits[0].portfolio_max if limits else math.inf
        total = _weighted(sizes, limits)
        if total > cap * 0.3:
            share = cap * 0.3 / total
            sizes = [max(math.floor(size * share * 1000 + 1e-9) / 1000, least) for size, least in zip(sizes, smallest)]
            if _weighted(sizes, limits) > cap:
                raise ValueError(f"{len(pairs)} pairs are too many to share the portfolio's cap of {cap}")
        return dict(zip(pairs, sizes))

    # What it does.

    def long(self, pair: str, leverage: float, uuid: str = "") -> None:
        """Buy; leverage is a magnitude."""
        self._order({"pair": pair, "order_type": "LONG", "leverage": leverage}, uuid)

    def short(self, pair: str, leverage: float, uuid: str = "") -> None:
        """Sell; leverage is a magnitude."""
        self._order({"pair": pair, "order_type": "SHORT", "leverage": leverage}, uuid)

    def flat(self, pair: str, uuid: str = "") -> None:
        """Close the pair's position."""
        self._order({"pair": pair, "order_type": "FLAT"}, uuid)

    def target(self, pair: str, leverage: float) -> None:
        """Send whatever orders lead to a signed leverage; none if it is there."""
        self._order({"pair": pair, "target": leverage})

    def reduce(self, pair: str, leverage: float) -> None:
        """Make the position smaller by a magnitude."""
        self._order({"pair": pair, "reduce": leverage})

    def wake_at(self, ms: int) -> None:
        """Be asked once more at a later instant, beside the rules."""
        self._only("wake_at", "candles")
        self._wake_at = ms

    # What run() does with it.

    def _only(self, what: str, phase: str) -> None:
        if self._phase != phase:
            raise RuntimeError(f"{what} is for on_{phase}")

    def _rule(self, rule: Dict[str, Any], pair: Optional[str]) -> None:
        self._only("a rule for decisions", "start")
        if pair is not None:
            rule["pair"] = pair
        self._ready.setdefault("decide", []).append(rule)

    def _order(self, order: Dict[str, Any], uuid: str = "") -> None:
        self._only("an order", "candles")
        if uuid:
            order["uuid"] = uuid
        self._orders.append(order)

    def _started(self) -> Dict[str, Any]:
        """The answer to hello, after on_start."""
        unknown = [name for name in self._params if name not in self._known]
        if unknown:
            known = ", ".join(self._known) or "none"
            raise ValueError(f"unknown parameter {', '.join(unknown)}; the strategy takes: {known}")
        if not self.feeds:
            for pair in self.pairs:
                self.subscribe(pair)
        self._ready["subscribe"] = [{"pair": f.pair, "interval_ms": f.interval_ms} for f in self.feeds]
        self._phase = "candles"
        return self._ready

    def _candles(self, message: Dict[str, Any]) -> None:
        for part in message.get("candles", ()):
            self._by_key[part["pair"], part["interval_ms"]]._take(part)

    def _see(self, message: Dict[str, Any]) -> None:
        """Show the instant of a message."""
        self.now = now = message["now_ms"]
        for feed in self.feeds:
            feed._now = now
        self._candles(message)
        self._positions = {
            p["pair"]: Position(p["pair"], p["open_ms"], p["net_leverage"], p["average_entry_price"], p["return"])
            for p in message.get("positions", ())
        }
        self._pending = [PendingOrder(**o) for o in message.get("pending", ())]
        self._closed = message.get("closed", ())
        self._view = message.get("portfolio", self._view)

    def _answer(self) -> bytes:
        """The answer to a question, after on_candles."""
        for feed in self.feeds:
            feed.new = 0
            if self._keep:
                feed._trim(self._keep)
        if not self._orders and not self._wake_at:
            return b'{"type":"orders","now_ms":%d}\n' % self.now
        answer: Dict[str, Any] = {"type": "orders", "now_ms": self.now, "orders": self._orders}
        if self._wake_at:
            answer["wake_at_ms"] = self._wake_at
        self._orders, self._wake_at = [], 0
        return _line(answer)


def run(strategy: Union[Strategy, Type[Strategy]]) -> None:
    """Play a strategy, a class or an object, until the run's end. It does not return."""
    if sys.stdin.isatty():
        sys.exit(f'this is a strategy; run it with: ptnsim run --strategy "exec:python3 {sys.argv[0]}"')
    # From here on descriptor 1 is standard error: a print, or the output of another
    # program, can't get between the messages.
    sys.stdout.flush()
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    try:
        _play(strategy() if isinstance(strategy, type) else strategy, sys.stdin.buffer, out)
    except BrokenPipeError:
        sys.exit("ptnsim is gone")
    except Exception as error:  # the run ends with it
        traceback.print_exc()
        out.write(_line({"type": "error", "message": f"{type(error).__name__}: {error}"}))
        out.flush()
        sys.exit(1)
    sys.exit(0)


def _play(strategy: Strategy, lines: BinaryIO, out: BinaryIO) -> None:
    hello = json.loads(lines.readline())
    if hello.get("type") != "hello" or hello.get("protocol") != PROTOCOL:
        raise ValueError(f"expected a hello of protocol {PROTOCOL}, found {str(hello)[:200]}")
    ctx = Context(hello)
    strategy.on_start(ctx)
    out.write(_line(ctx._started()))
    out.flush()
    for line in lines:
        message = json.loads(line)
        kind = message["type"]
        if kind == "candles":
            ctx._candles(message)
            continue
        ctx._see(message)
        if kind == "end":
            ctx._phase = "end"
        for outcome in message.get("outcomes", ()):
            strategy.on_outcome(ctx, Outcome(**outcome))
        if kind == "end":
            strategy.on_end(ctx)
            out.write(_line({"type": "bye"}))
            out.flush()
            return
        strategy.on_candles(ctx)
        out.write(ctx._answer())
        out.flush()
    raise EOFError("ptnsim closed the line before the end of the run")


def _line(message: Dict[str, Any]) -> bytes:
    return json.dumps(message, allow_nan=False).encode() + b"\n"


def _limits(raw: Dict[str, Any]) -> Limits:
    def bound(name: str) -> float:
        return math.inf if raw[name] is None else float(raw[name])

    return Limits(
        position_min=bound("position_min"), position_max=bound("position_max"), class_max=bound("class_max"),
        order_min=bound("order_min"), order_max=bound("order_max"), weight=bound("weight"),
        portfolio_max=bound("portfolio_max"), cooldown_ms=int(raw["cooldown_ms"]), halted=bool(raw["halted"]),
    )  # fmt: skip


def _weighted(leverages: Sequence[float], limits: Sequence[Limits]) -> float:
    total = 0.0  # sum() adds otherwise since Python 3.12
    for leverage, limit in zip(leverages, limits):
        total += leverage * limit.weight
    return total


def _milliseconds(interval: Union[str, int]) -> int:
    if isinstance(interval, int):
        return interval
    number, unit = interval[:-1], interval[-1:]
    if not number.isdigit() or unit not in _UNITS_MS:
        raise ValueError(f"{interval!r} is no interval; expected such as 5m, 1h or 1d")
    return int(number) * _UNITS_MS[unit]


def _convert(name: str, value: Any, default: T) -> T:
    """A parameter's value as the type of its default."""
    wanted = type(default)
    if wanted is str and type(value) is not str:
        value = json.dumps(value)  # a text that looks like a number came as one
    if wanted is float and type(value) is int:
        value = float(value)
    if not isinstance(value, wanted) or type(value) is not wanted:  # a bool is no int
        raise ValueError(f"parameter {name}: found {value!r}, expected a value such as {default!r}")
    return value
