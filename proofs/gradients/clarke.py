"""A gradient that is right off the kinks and impossible at one: refuted there.

Where arguments of relu, abs and steps are 0, smooth pieces of the function meet, one for every choice of their signs.
Clarke's subdifferential lies in the convex hull of the pieces' gradients (Clarke, Optimization and Nonsmooth Analysis,
1983, Theorem 2.5.1: it is the hull of the limits of gradients, points of a null set left out). What the code returned
is outside that hull if along some direction w it is larger than the gradient of every piece. The certificate refutes
that the product over all pieces of ``relu(<w, returned - gradient of the piece>)`` is 0: the checker differentiates
the pieces, and refuses where another kink is met. A function that jumps there has no subdifferential and is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

import numpy as np
from scipy.optimize import nnls

from proofs.calculus.algebra import DomainError
from proofs.calculus.dual import EvaluationError, Floats
from proofs.calculus.evaluate import Evaluator
from proofs.calculus.normalise import Normaliser
from proofs.calculus.poly import ONE, TooLarge, scale
from proofs.calculus.search import Point
from proofs.calculus.terms import Add, Definition, Diff, Element, Fn, Mul, Num, Statement, Term, without_unused
from proofs.capture import NotCaptured, Parameter
from proofs.claim import Certificate, Claim, Scope, Status, Verdict
from proofs.conclude import conclude
from proofs.gradients.kinks import KINKED, Kink
from proofs.gradients.lemmas import parts_of, rebuilt, simplified
from proofs.gradients.plain import numbers_of, places
from proofs.gradients.recording import Recording, is_output, piece, record_at, upstream_arrays
from proofs.gradients.refutation import Counterexample
from proofs.gradients.stage import PlainStage, Program
from proofs.gradients.statements import OBJECTIVE, objective_of

ZERO, UNIT = Num(Fraction(0)), Num(Fraction(1))
AT_ZERO = 1e-9
MOST_MEETING = 4
"""Kinks that meet in one point: there are 2 to this power pieces."""
CLEAR = 1e-3
Gradient = dict[Element, float]
Signs = Mapping[str, int]


@dataclass(frozen=True)
class Outside:
    """The verdict that a returned gradient is outside the subdifferential, and the input to look at."""

    verdict: Verdict
    counterexample: Counterexample


def outside(text: str, parameters: Sequence[Parameter], program: Program, kink: Kink) -> Outside | None:
    """The refutation at a kink where the code's answer seems to be outside, or None where it is not certain."""
    try:
        recording = simplified(record_at(parameters, program, kink.sizes, exact=True)).recording
        meeting = _Meeting(recording, kink)
        returned = meeting.returned(program)
        direction, nearest = _apart(returned, [meeting.gradient(signs) for signs in meeting.pieces])
        if not direction:
            return None
        statement = without_unused(meeting.statement(returned, direction))
        values = {array.name: tuple(meeting.numbers[array.name]) for array in statement.arrays}
    except (NotCaptured, EvaluationError, ArithmeticError, DomainError, TooLarge, RecursionError):
        return None
    verdict = conclude(
        Claim(f"{text}: at a kink", text),
        Status.REFUTED,
        Certificate(Point({}, {}, values).certificate(statement)),
        scope=Scope("the input shown"),
        reason=_reason(len(meeting.pieces)),
        counterexample=kink.text,
    )
    worst = max(direction, key=lambda element: abs(direction[element]))
    smooth = len(meeting.pieces) == 1
    forms = (
        "the derivative, which exists there"
        if smooth
        else f"a mean of the gradients of the {len(meeting.pieces)} smooth pieces that meet there",
        "another number there" if smooth else "outside their convex hull, the Clarke subdifferential",
        f"{returned[worst] - nearest[worst]:.8g} in this entry from the nearest",
    )
    shown = Counterexample(
        kink.inputs, kink.upstream, meeting.names[worst], nearest[worst], returned[worst], statement, forms
    )
    return Outside(verdict, shown) if verdict.status is Status.REFUTED else None


def _reason(pieces: int) -> str:
    if pieces == 1:
        return "the function is smooth there, and what comes back is not its gradient"
    return f"what comes back is no mean of the gradients of the {pieces} pieces that meet there"


class _Meeting:
    """The smooth pieces of a recording's objective that meet at a point."""

    def __init__(self, recording: Recording, kink: Kink) -> None:
        self.recording, self.kink = recording, kink
        self.numbers = numbers_of(recording, {}, {**kink.inputs, **kink.upstream})
        arrays = (*recording.arrays, *recording.opaque, *upstream_arrays(recording))
        self.arrays = tuple(array for array in arrays if array.name in self.numbers)
        objective = objective_of(recording, is_loss=not kink.upstream)
        whole = Statement(Element(OBJECTIVE), ZERO, (), self.arrays, ())
        opened = (*recording.definitions, Definition(OBJECTIVE, (), objective))
        self.definitions = without_unused(Statement(whole.lhs, ZERO, (), self.arrays, opened)).definitions
        self.normaliser = Normaliser(Statement(whole.lhs, ZERO, (), self.arrays, self.definitions), assume_nonzero=True)
        self.entries: dict[Element, tuple[str, tuple[int, ...]]] = {}
        for p in recording.parameters:
            if p.classes is None and p.name in recording.results:
                found = ((piece(p.name, p.shape, at.key), at.position) for at in places(p.shape, {}))
                self.entries |= {element: (p.name, position) for element, position in found}
        self.names = {
            element: f"{name}[{', '.join(map(str, position))}]" if position else name
            for element, (name, position) in self.entries.items()
        }
        self.kinks = dict(self._kinks())
        meeting = sorted({key for key, _ in self.kinks.values()})
        if len(meeting) > MOST_MEETING:
            raise NotCaptured(f"{len(meeting)} kinks meet")
        self.pieces = [dict(zip(meeting, signs, strict=True)) for signs in product((1, -1), repeat=len(meeting))]

    def _kinks(self) -> Iterator[tuple[Term, tuple[str, int]]]:
        """Every argument that is 0 at the point: the key of its normal form up to a factor, and the factor's sign."""
        at = Evaluator(Statement(ZERO, ZERO, (), self.arrays, self.definitions), {}, self.numbers, Floats())
        for definition in self.definitions:
            for t in parts_of(definition.body):
                if isinstance(t, Fn) and t.name in KINKED and abs(float(at.value(t.argument, {}))) < AT_ZERO:
                    poly = self.normaliser(t.argument)
                    if poly.terms:
                        first = poly.terms[0][1]
                        yield t.argument, (scale(poly, ONE / first).key, 1 if first > 0 else -1)

    def returned(self, program: Program) -> Gradient:
        """What the code returns at the point."""
        stage = PlainStage(np.random.default_rng(0), self.kink.upstream)
        results = program(stage, {name: np.array(array) for name, array in self.kink.inputs.items()})
        arrays = {n: np.asarray(r, dtype=float) for n, r in results.items() if not is_output(n)}
        return {element: float(arrays[name][position]) for element, (name, position) in self.entries.items()}

    def smooth(self, signs: Signs) -> tuple[Definition, ...]:
        """The definitions of one piece, under names of their own."""
        mark = "".join("p" if sign > 0 else "n" for sign in signs.values())
        own = {d.name for d in self.definitions}

        def change(t: Term) -> Term:
            if isinstance(t, Element) and t.name in own:
                return Element(f"{t.name}_{mark}", t.indices)
            return t

        def chosen(t: Term) -> Term:
            if not (isinstance(t, Fn) and t.argument in self.kinks and t.name in KINKED):
                return t
            key, direction = self.kinks[t.argument]
            above = signs[key] * direction > 0
            if t.name == "step":
                return UNIT if above else ZERO
            below = ZERO if t.name == "relu" else Mul((Num(Fraction(-1)), t.argument))
            return t.argument if above else below

        return tuple(
            Definition(f"{d.name}_{mark}", d.indices, rebuilt(rebuilt(d.body, chosen), change))
            for d in self.definitions
        )

    def gradient(self, signs: Signs) -> Gradient:
        """The gradient of one piece. Raises NotCaptured where the piece does not join the first one there."""
        definitions = self.smooth(signs)
        first = self.smooth(self.pieces[0])
        at = Evaluator(
            Statement(ZERO, ZERO, (), self.arrays, tuple({d.name: d for d in (*first, *definitions)}.values())),
            {},
            self.numbers,
            Floats(),
        )
        last, start = Element(definitions[-1].name), Element(first[-1].name)
        value, joined = (float(at.value(t, {})) for t in (last, start))
        if abs(value - joined) > AT_ZERO * (1 + abs(value)):
            raise NotCaptured("the function jumps")
        return {element: float(at.value(Diff(last, element), {})) for element in self.entries}

    def statement(self, returned: Gradient, direction: Mapping[Element, Fraction]) -> Statement:
        """That along `direction` the returned gradient is not larger than that of every piece."""
        definitions: list[Definition] = []
        factors: list[Term] = []
        for signs in self.pieces:
            own = self.smooth(signs)
            definitions += own
            gaps = [
                Mul(
                    (
                        Num(weight),
                        Add((Num(Fraction(returned[e])), Mul((Num(Fraction(-1)), Diff(Element(own[-1].name), e))))),
                    )
                )
                for e, weight in direction.items()
            ]
            factors.append(Fn("relu", Add(tuple(gaps))))
        return Statement(Mul(tuple(factors)), ZERO, (), self.arrays, tuple(definitions))


def _apart(returned: Gradient, pieces: Sequence[Gradient]) -> tuple[dict[Element, Fraction], Gradient]:
    """A direction along which `returned` is larger than every piece, empty if there is none, and the nearest mean."""
    order = list(returned)
    at = np.array([returned[e] for e in order])
    corners = np.array([[g[e] for e in order] for g in pieces]).T
    size = 1 + float(np.max(np.abs(corners), initial=0.0))
    if not (np.all(np.isfinite(at)) and np.all(np.isfinite(corners))):
        return {}, {}
    whole = np.vstack([corners, np.full((1, len(pieces)), 1e3 * size)])
    try:
        shares, _ = nnls(whole, np.append(at, 1e3 * size))
    except (RuntimeError, np.linalg.LinAlgError):  # SciPy gives up: nothing is certain
        return {}, {}
    nearest = corners @ (shares / shares.sum())
    off = at - nearest
    gaps = off @ (at[:, None] - corners)
    if float(np.min(gaps)) <= CLEAR * size * size:
        return {}, {}
    weights = {e: Fraction(float(x)).limit_denominator(1000) for e, x in zip(order, off, strict=True)}
    return {e: w for e, w in weights.items() if w}, dict(zip(order, map(float, nearest), strict=True))
