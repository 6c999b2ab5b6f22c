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
from typing import Any, BinaryIO, Dict, List, NoReturn, Optional, Sequence, Tuple, Type, TypeVar, Union

__all__ = [
    "Candles", "Carry", "Context", "Limits", "Outcome", "PendingOrder", "Portfolio", "Position", "Room", "Strategy", "run",
]  # fmt: skip

PROTOCOL = 1

T = TypeVar("T", int, float, bool, str)
D = TypeVar("D")

_COLUMNS = ("open", "high", "low", "close", "volume", "bid", "ask")
_UNITS_MS = {"s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
_WANTED = ("outcomes", "positions", "pending", "sessions", "portfolio")  # if nothing else is said


class Strategy:
    """The base of a strategy. Override what you need; run() asks for an on_candles at least."""

    def on_start(self, ctx: Context) -> None:
        """Called once, before the clock starts: read parameters, say when to be asked."""

    def on_candles(self, ctx: Context) -> None:
        """Called at every instant of decision, when ctx shows all candles finished by then."""

    def on_outcome(self, ctx: Context, outcome: Outcome) -> None:
        """Called before on_candles (at the end, before on_end) with what became of each order since."""

    def on_end(self, ctx: Context) -> None:
        """Called once, when ctx shows the account at the end. Orders are no longer taken.

        Candles since the last decision do not come with it.
        """


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


@dataclass(frozen=True)
class Room:
    """What the limits leave on a pair for an order that acts now."""

    pair: str
    leverage: float  # by which the position can grow on its side
    portfolio: float  # under the portfolio's cap, weighted
    requests: int  # in the rate limit's window
    cooldown_ms: int  # until the pair takes its next order
    orders: Optional[int] = None  # that the open positions can still take; None: no bound


@dataclass(frozen=True)
class Carry:
    """The next charge for holding a pair."""

    pair: str
    next_ms: int  # when
    multiple: int  # how often it counts: 0 to 3
    charge: float  # what it takes at leverage 1, a fraction


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
        self._room: Sequence[Dict[str, Any]] = ()
        self._carry: Sequence[Dict[str, Any]] = ()
        self._wanted: Sequence[str] = _WANTED
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
        self._known_pair(pair)
        interval_ms = _milliseconds(interval) if interval else self._intervals[pair]
        if (pair, interval_ms) not in self._by_key:
            candles = self._by_key[pair, interval_ms] = Candles(pair, interval_ms)
            self._by_pair.setdefault(pair, candles)
            self.feeds.append(candles)
        return self._by_key[pair, interval_ms]

    def decide_every(
        self, what: Union[int, str], pair: Optional[str] = None, interval: Union[str, int, None] = None
    ) -> None:
        """Be asked at every so many candles (of a pair; else the first), or every "1h".

        In this and the other rules, interval chooses among several subscriptions of the pair.
        """
        self._rule({"every": what} if isinstance(what, str) else {"candles": int(what)}, pair, interval)

    def decide_when(
        self, indicator: str, is_: str, of: Union[str, float],
        pair: Optional[str] = None, interval: Union[str, int, None] = None,
    ) -> None:  # fmt: skip
        """Be asked at candles at which decide_when("sma(20)", "crosses", "sma(50)") is so.

        is_ is above, below, crosses, crosses_above or crosses_below; the sides are columns,
        indicators or, on the right, a number. ptnsim does the testing.
        """
        self._rule({"indicator": indicator, "is": is_, "of": of if isinstance(of, str) else _finite("of", of)}, pair, interval)

    def decide_on_move(
        self, fraction: float, pair: Optional[str] = None, interval: Union[str, int, None] = None
    ) -> None:
        """Be asked when the close has moved by a fraction since this rule last asked."""
        self._rule({"moved": _finite("fraction", fraction)}, pair, interval)

    def history(self, candles: Union[int, str]) -> None:
        """Ask for so many candles from before the start, or "all" that are loaded."""
        self._only("history", "start")
        self._ready["history"] = candles if isinstance(candles, str) else int(candles)

    def columns(self, *names: str) -> None:
        """Receive these columns only, and time: less to read is faster."""
        self._only("columns", "start")
        self._ready["columns"] = ["time", *(n for n in names if n != "time")]

    def want(self, *names: str) -> None:
        """Receive of outcomes, positions, pending, sessions, portfolio, room and carry only these.

        Without it, all but the last two. What was not asked for can't be looked at, and without
        outcomes on_outcome is not called.
        """
        self._only("want", "start")
        self._ready["want"] = self._wanted = list(names)

    def keep(self, candles: int) -> None:
        """Keep at least so many candles of each subscription, and let go of older ones."""
        self._only("keep", "start")
        self._keep = max(1, candles)

    # What it sees.

    def candles(self, pair: str, interval: Union[str, int, None] = None) -> Candles:
        """The candles of a subscription: the pair's first, or that of the interval."""
        found = self._by_key.get((pair, _milliseconds(interval))) if interval else self._by_pair.get(pair)
        if found is None:
            at = f" at {interval}" if interval else ""
            seen = ", ".join(f"{f.pair} at {f.interval_ms} ms" for f in self.feeds) or "nothing"
            raise ValueError(f"{pair}{at} is not subscribed to; what is: {seen}")
        return found

    @property
    def portfolio(self) -> Portfolio:
        """The account as it stands."""
        self._told("portfolio")
        return _made(Portfolio, {k: math.inf if v is None else v for k, v in self._view.items()})

    def position(self, pair: str) -> Optional[Position]:
        """The open position on a pair; None if there is none."""
        self._told("positions", pair)
        return self._positions.get(pair)

    def positions(self) -> List[Position]:
        """All open positions."""
        self._told("positions")
        return list(self._positions.values())

    def leverage(self, pair: str) -> float:
        """The signed leverage held on a pair; 0 if none is."""
        position = self.position(pair)
        return position.net_leverage if position else 0.0

    def pending(self, pair: str) -> List[PendingOrder]:
        """Orders on their way at the start of this decision."""
        self._told("pending", pair)
        return [o for o in self._pending if o.pair == pair]

    def is_open(self, pair: str) -> bool:
        """Whether the pair's market is open now; else it takes no orders."""
        self._told("sessions", pair)
        return pair not in self._closed

    def room(self, pair: str) -> Room:
        """What the limits leave on a pair; ctx.want() must have asked for it."""
        self._told("room", pair)
        raw = next(r for r in self._room if r["pair"] == pair)
        return _made(Room, {k: math.inf if v is None else v for k, v in raw.items()})

    def carry(self, pair: str) -> Carry:
        """The pair's next charge; ctx.want() must have asked for it."""
        self._told("carry", pair)
        return _made(Carry, next(c for c in self._carry if c["pair"] == pair))

    def limits(self, pair: str) -> Limits:
        """What the rules allow on a pair."""
        self._known_pair(pair)
        return self._limits[pair]

    def size(self, pair: str) -> float:
        """A sane leverage for a pair: what shares() gives it among the subscribed ones.

        In on_start those are the ones subscribed to so far; none are all.
        """
        if self._sizes is None or self._phase == "start":
            self._sizes = self.shares([f.pair for f in self.feeds] or self.pairs)
        if pair not in self._sizes:
            raise ValueError(f"{pair} is not subscribed to, and has no share; what is: {', '.join(self._sizes)}")
        return self._sizes[pair]

    def shares(self, pairs: Sequence[str]) -> Dict[str, float]:
        """A tenth of the largest position of each pair's class, or less where the pairs
        together would take more than three tenths of the portfolio's cap: then they share those
        in proportion. ptnsim's own strategies take the same by default, to the last digit."""
        pairs = list(dict.fromkeys(pairs))
        limits = [self.limits(p) for p in pairs]
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
        self._order({"pair": pair, "order_type": "LONG", "leverage": _finite("leverage", leverage)}, uuid)

    def short(self, pair: str, leverage: float, uuid: str = "") -> None:
        """Sell; leverage is a magnitude."""
        self._order({"pair": pair, "order_type": "SHORT", "leverage": _finite("leverage", leverage)}, uuid)

    def flat(self, pair: str, uuid: str = "") -> None:
        """Close the pair's position."""
        self._order({"pair": pair, "order_type": "FLAT"}, uuid)

    def target(self, pair: str, leverage: float) -> None:
        """Send whatever orders lead to a signed leverage; none if it is there."""
        self._order({"pair": pair, "target": _finite("leverage", leverage)})

    def reduce(self, pair: str, leverage: float) -> None:
        """Make the position smaller by a magnitude."""
        self._order({"pair": pair, "reduce": _finite("leverage", leverage)})

    def wake_at(self, ms: int) -> None:
        """Be asked once more at a later instant, beside the rules."""
        self._only("wake_at", "candles")
        if not ms > self.now:
            raise ValueError(f"wake_at: found {ms}, expected an instant after now, which is {self.now}")
        self._wake_at = int(ms)

    # What run() does with it.

    def _only(self, what: str, phase: str) -> None:
        if self._phase != phase:
            raise RuntimeError(f"{what} is for on_{phase}")

    def _known_pair(self, pair: str) -> None:
        if pair not in self._intervals:
            raise ValueError(f"no candles of {pair}: the run has {', '.join(self.pairs)}")

    def _told(self, what: str, pair: Optional[str] = None) -> None:
        """Refuse to answer from nothing."""
        verb = "were" if what.endswith("s") else "was"
        if what not in self._wanted:
            raise RuntimeError(f"{what} {verb} not asked for: ctx.want(..., {what!r})")
        if self._phase == "start":
            raise RuntimeError(f"{what} {verb} not told yet: look in on_candles")
        if pair is not None:
            self._known_pair(pair)

    def _rule(self, rule: Dict[str, Any], pair: Optional[str], interval: Union[str, int, None]) -> None:
        self._only("a rule for decisions", "start")
        if pair is not None:
            rule["pair"] = pair
        if interval:
            rule["interval_ms"] = _milliseconds(interval)
        self._ready.setdefault("decide", []).append(rule)

    def _order(self, order: Dict[str, Any], uuid: str = "") -> None:
        self._only("an order", "candles")
        self._known_pair(order["pair"])
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
        self._sizes = None
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
        self._pending = [_made(PendingOrder, o) for o in message.get("pending", ())]
        self._closed = message.get("closed", ())
        self._view = message.get("portfolio", self._view)
        self._room, self._carry = message.get("room", ()), message.get("carry", ())

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


def run(strategy: Union[Strategy, Type[Strategy]]) -> NoReturn:
    """Play a strategy, a class or an object, until the run's end. It does not return."""
    if sys.stdin.isatty():
        sys.exit(f'this is a strategy; run it with: ptnsim run --strategy "exec:python3 {sys.argv[0]}"')
    # From here on descriptor 1 is standard error: a print, or the output of another
    # program, can't get between the messages.
    sys.stdout.flush()
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    try:
        _play(_decides(strategy() if isinstance(strategy, type) else strategy), sys.stdin.buffer, out)
    except BrokenPipeError:
        sys.exit("ptnsim is gone")
    except Exception as error:  # the run ends with it
        traceback.print_exc()
        out.write(_line({"type": "error", "message": f"{type(error).__name__}: {error}"}))
        out.flush()
        sys.exit(1)
    sys.exit(0)


def _decides(strategy: Strategy) -> Strategy:
    """The strategy, unless it has no on_candles of its own, and would never trade."""
    decide = getattr(strategy, "on_candles", None)
    if decide is None or getattr(decide, "__func__", None) is Strategy.on_candles:
        others = [n for n in dir(strategy) if n.startswith("on_") and not hasattr(Strategy, n)]
        hint = f" (did you mean {' or '.join(others)} to be it?)" if others else ""
        raise TypeError(f"{type(strategy).__name__} has no on_candles(self, ctx) of its own{hint}")
    return strategy


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
            strategy.on_outcome(ctx, _made(Outcome, outcome))
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


def _made(of: Type[D], raw: Dict[str, Any]) -> D:
    """An object of the fields that this client knows; a later ptnsim may send more."""
    known = of.__dataclass_fields__  # type: ignore[attr-defined]
    return of(**{name: value for name, value in raw.items() if name in known})


def _finite(name: str, number: Any) -> float:
    """A number of whatever type (NumPy has its own) as a float."""
    value = float(number)
    if not math.isfinite(value):
        raise ValueError(f"{name}: found {value}, expected a finite number")
    return value


def _milliseconds(interval: Union[str, int]) -> int:
    if not isinstance(interval, str):
        return int(interval)
    number, unit = interval[:-1], interval[-1:]
    if not number.isdigit() or unit not in _UNITS_MS:
        raise ValueError(f"{interval!r} is no interval; expected such as 5m, 1h or 1d")
    return int(number) * _UNITS_MS[unit]


def _convert(name: str, value: Any, default: T) -> T:
    """A parameter's value as the type of its default. What ptnsim can't take for a number
    without a loss, such as 1.10, came as text."""
    wanted = type(default)
    if wanted is str and type(value) is not str:
        return json.dumps(value)  # type: ignore[return-value]
    if wanted is float and type(value) is int or wanted in (int, float) and type(value) is str and "_" not in value:
        try:
            value = wanted(value)
        except ValueError:
            pass
    if type(value) is not wanted or wanted is float and not math.isfinite(value):  # a bool is no int
        raise ValueError(f"parameter {name}: found {value!r}, expected a value such as {default!r}")
    return value
