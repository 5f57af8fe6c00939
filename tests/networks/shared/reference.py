"""What a topology answers at one weight, worked out plainly: rational, algebraic, or enclosed to 300 bits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from flint import arb, ctx, fmpq, fmpq_poly, fmpz_poly
from hypothesis import strategies as st

from proofs.networks.shared import Topology

PIECEWISE = ("linear", "step", "inverse", "abs", "relu", "square")
ALL = (*PIECEWISE, "sin", "gaussian", "tanh", "sigmoid", "cos")


def rational(x: Fraction) -> fmpq:
    return fmpq(x.numerator, x.denominator)


def answer(topology: Topology, row: Sequence[Any], label: int, w: Any, sign: Callable[[Any], int]) -> bool:
    """Whether the row is right at w, in any arithmetic of piecewise polynomials that knows signs."""
    values = [w * 0 + 1, *(w * 0 + x for x in row)]
    for activation, sources in topology.nodes:
        z = w * sum((values[source] for source in sources), w * 0)
        values.append(
            {
                "linear": lambda z=z: z,
                "inverse": lambda z=z: -z,
                "square": lambda z=z: z * z,
                "abs": lambda z=z: -z if sign(z) < 0 else z,
                "relu": lambda z=z: z if sign(z) > 0 else z * 0,
                "step": lambda z=z: z * 0 + (1 if sign(z) > 0 else 0),
                "tanh": lambda z=z: z,
                "sigmoid": lambda z=z: z * 0 + 1,
                "gaussian": lambda z=z: z * 0 + 1,
            }[activation]()
        )
    out = [values[k] for k in topology.outputs]
    if len(out) == 1:
        return (sign(out[0]) > 0) == (label == 1)
    return all(sign(out[label] - other) > 0 for k, other in enumerate(out) if k != label)


def right_at(topology: Topology, row: Sequence[Fraction], label: int, w: Fraction) -> bool:
    """At a rational w, exactly; tanh, sigmoid and gaussian at the only output alone."""
    return answer(topology, [rational(x) for x in row], label, rational(w), lambda x: (x > 0) - (x < 0))


class Algebraic:
    """An element of Q(a), a being the root of an irreducible polynomial in an interval, as a polynomial in a."""

    def __init__(self, field: tuple[fmpq_poly, arb], value: fmpq_poly) -> None:
        self.field, self.value = field, value % field[0]

    def _make(self, value: fmpq_poly) -> Algebraic:
        return Algebraic(self.field, value)

    def __add__(self, other: Any) -> Algebraic:
        return self._make(self.value + (other.value if isinstance(other, Algebraic) else other))

    def __mul__(self, other: Any) -> Algebraic:
        return self._make(self.value * (other.value if isinstance(other, Algebraic) else other))

    def __sub__(self, other: Algebraic) -> Algebraic:
        return self._make(self.value - other.value)

    def __neg__(self) -> Algebraic:
        return self._make(-self.value)

    def sign(self) -> int:
        if self.value.degree() < 0:
            return 0
        with ctx.workprec(2000):
            total = arb(0)
            for a in reversed(self.value.coeffs()):
                total = total * self.field[1] + arb(a)
        assert not total.contains(0)
        return 1 if total > 0 else -1


def right_at_root(
    topology: Topology, row: Sequence[Fraction], label: int, factor: Sequence[int], low: Fraction, high: Fraction
) -> bool:
    """At the root between `low` and `high` of an irreducible polynomial."""
    with ctx.workprec(2000):
        real = [root.real for root, _ in fmpz_poly(list(factor)).complex_roots() if root.imag == 0]
        (root,) = [x for x in real if arb(rational(low)) <= x <= arb(rational(high)) or len(factor) == 2]
    field = (fmpq_poly(list(factor)), root)
    w = Algebraic(field, fmpq_poly([0, 1]))
    return answer(topology, [rational(x) for x in row], label, w, lambda x: x.sign())


def enclosed(topology: Topology, row: Sequence[Fraction], w: Fraction) -> list[arb] | None:
    """The outputs at a rational w, enclosed; None where a step cannot be decided."""
    with ctx.workprec(300):
        v = arb(rational(w))
        values = [arb(1), *(arb(rational(x)) for x in row)]
        for activation, sources in topology.nodes:
            z = v * sum((values[source] for source in sources), arb(0))
            if activation == "step" and z.contains(0) and z != 0:
                return None
            values.append(
                {
                    "linear": lambda z=z: z,
                    "inverse": lambda z=z: -z,
                    "square": lambda z=z: z * z,
                    "abs": lambda z=z: abs(z),
                    "relu": lambda z=z: z.max(arb(0)),
                    "step": lambda z=z: arb(1 if z > 0 else 0),
                    "tanh": lambda z=z: z.tanh(),
                    "sigmoid": lambda z=z: 1 / (1 + (-z).exp()),
                    "gaussian": lambda z=z: (-z * z / 2).exp(),
                    "sin": lambda z=z: z.sin_pi(),
                    "cos": lambda z=z: z.cos_pi(),
                }[activation]()
            )
        return [values[k] for k in topology.outputs]


def certain(topology: Topology, row: Sequence[Fraction], label: int, w: Fraction) -> bool | None:
    """Whether the row is right at a rational w; None where 300 bits do not tell."""
    out = enclosed(topology, row, w)
    if out is None:
        return None
    differences = out if len(out) == 1 else [out[label] - other for k, other in enumerate(out) if k != label]
    if all(x > 0 for x in differences):
        return len(out) > 1 or label == 1
    return len(out) == 1 and label == 0 if any(x <= 0 for x in differences) else None


NUMBERS = st.one_of(st.integers(-2, 2).map(Fraction), st.fractions(-3, 3, max_denominator=4))


@st.composite
def topologies(draw: st.DrawFn, activations: Sequence[str] = PIECEWISE, outputs: int = 1) -> Topology:
    """Small networks; the outputs are the last nodes."""
    inputs = draw(st.integers(1, 2))
    count = draw(st.integers(outputs, 5))
    nodes = []
    for number in range(inputs + 1, inputs + 1 + count):
        sources = draw(st.lists(st.integers(0, number - 1), min_size=1, max_size=3, unique=True))
        nodes.append((draw(st.sampled_from(activations)), sorted(sources)))
    last = inputs + count
    return Topology.of(inputs, nodes, range(last - outputs + 1, last + 1))


@st.composite
def problems(
    draw: st.DrawFn, activations: Sequence[str] = PIECEWISE, outputs: int = 1
) -> tuple[Topology, list[list[Fraction]], list[int]]:
    """A topology, up to four rows, and labels, mostly those of some weight."""
    topology = draw(topologies(activations, outputs))
    rows = draw(st.lists(st.lists(NUMBERS, min_size=topology.inputs, max_size=topology.inputs), min_size=1, max_size=4))
    if outputs == 1 and draw(st.integers(0, 3)):
        w = draw(st.sampled_from((Fraction(1, 2), Fraction(1), Fraction(-3, 4))))
        labels = [int(certain(topology, row, 1, w) is True) for row in rows]
    else:
        labels = draw(st.lists(st.integers(0, max(1, outputs - 1)), min_size=len(rows), max_size=len(rows)))
    return topology, rows, labels
