"""The answer whether two classes are separable, or each of several, and what follows from it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from html import escape
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from proofs.claim import Certificate, Json, Status, Verdict, together
from proofs.separation import packing
from proofs.separation.data import SeparationError, show
from proofs.separation.explain import brief, explain_rows
from proofs.separation.found import Deadline, Multipliers, Weights
from proofs.separation.likelihood import Likelihood, likelihood
from proofs.separation.margins import Margin, margin
from proofs.separation.tables import Table

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_LISTED = 12
"""Numbers listed in texts; `weights` and `multipliers` hold all of them."""


@dataclass(frozen=True, eq=False)
class Separation:
    """Whether w.x + b >= 0 on the rows of the class `positive` and < 0 on the other rows is possible. True when it is.

    verdict: PROVED (separable), REFUTED (not separable) or UNDECIDED, with the certificate that the checker accepted.
    table, labels: the rows asked about, exactly, and whether each is positive. row_numbers: their numbers in the data.
    """

    verdict: Verdict
    table: Table
    labels: NDArray[np.bool_]
    positive: str
    negative: str
    row_numbers: NDArray[np.intp]
    found: Weights | Multipliers | None = None
    seconds: float | None = None

    def __bool__(self) -> bool:
        return self.separable is True

    @property
    def separable(self) -> bool | None:
        """True, False, or None where a limit on time was reached first."""
        return {Status.PROVED: True, Status.REFUTED: False, Status.UNDECIDED: None}[self.verdict.status]

    @cached_property
    def _line(self) -> tuple[tuple[int, ...], int] | None:
        return packing.integer_weights(self.table, self.found) if isinstance(self.found, Weights) else None

    @property
    def weights(self) -> tuple[int, ...] | None:
        """Integers w, one for each feature; None unless separable."""
        return self._line and self._line[0]

    @property
    def bias(self) -> int | None:
        """The integer b; None unless separable."""
        return self._line and self._line[1]

    @property
    def support(self) -> tuple[int, ...]:
        """The numbers of the rows that refute; none when separable."""
        return tuple(int(self.row_numbers[row]) for row in self._by_row)

    @property
    def multipliers(self) -> tuple[Fraction, ...]:
        """One for each row of `support`; those of each class sum to 1, and give the same combination of points."""
        rows = self._by_row
        total = sum(m for row, m in rows.items() if self.labels[row])
        return tuple(Fraction(m, total) for m in rows.values())

    @cached_property
    def _by_row(self) -> dict[int, int]:
        return dict(sorted(self.found.by_row.items())) if isinstance(self.found, Multipliers) else {}

    @property
    def certificate(self) -> Certificate | None:
        """What the checker accepted; None when undecided."""
        return self.verdict.certificate

    @cached_property
    def margin(self) -> Margin | None:
        """Exact bounds on the largest geometric margin, which the checker does not repeat; None unless separable and of
        two classes."""
        if not isinstance(self.found, Weights) or self.labels.all() or not self.labels.any():
            return None
        return margin(self.table, self.labels, self.found, Deadline.after(self.seconds))

    @cached_property
    def likelihood(self) -> Likelihood:
        """Complete, quasi-complete or no separation, and which coefficients of logistic regression diverge.

        Raises SeparationError when the question was left undecided.
        """
        if self.found is None or self.certificate is None:
            raise SeparationError("likelihood: nothing was decided; allow more seconds")
        return likelihood(self.table, self.labels, self.found, self.certificate, Deadline.after(self.seconds))

    @property
    def kind(self) -> str:
        """``complete``, ``quasi-complete`` or ``overlap``, as `likelihood` says."""
        return self.likelihood.kind

    @property
    def diverging(self) -> dict[str, int]:
        """The coefficients that go to infinity, with a sign, as `likelihood` says."""
        return self.likelihood.diverging

    def explain(self) -> str:
        """Why: the weights and the rows closest to the hyperplane, or the rows and multipliers to add up."""
        if self._line is not None:
            return "\n".join([self.verdict.claim.text + ": yes.", *self._closest()])
        if not self._by_row:
            return f"{self.verdict.claim.text}: not decided. {self.verdict.reason}"
        listed = Table(self.table.columns[: MOST_LISTED + 1])
        rows = [(int(self.row_numbers[row]), listed.point(row), bool(self.labels[row])) for row in self._by_row]
        text = explain_rows(rows, self.multipliers, listed.names, (self.positive, self.negative))
        return f"{self.verdict.claim.text}: no.\n{text}"

    def _closest(self) -> Iterator[str]:
        weights, bias = self._line or ((), 0)
        terms = [f"{show(Fraction(w))} {n}" for w, n in zip(weights, self.table.names, strict=True) if w][:MOST_LISTED]
        more = sum(map(bool, weights)) - len(terms)
        yield f"score = {' + '.join([*terms, *([f'... {more} more'] if more else []), str(bias)]).replace('+ -', '- ')}"
        for side, name, word in ((True, self.positive, ">= 0"), (False, self.negative, "< 0")):
            rows = np.flatnonzero(self.labels == side)
            if len(rows):
                scores = self.scores(rows)
                near = scores.index(min(scores) if side else max(scores))
                row = int(self.row_numbers[rows[near]])
                yield f"{name}: every score is {word}; closest to 0 is row {row} with {brief(scores[near])}"

    def scores(self, rows: NDArray[np.intp]) -> list[Fraction]:
        """w.x + b, exactly, at some of `table`'s rows; raises SeparationError unless separable."""
        if self._line is None:
            raise SeparationError("scores: there are no weights, as the classes are not proved separable")
        weights, bias = self._line
        part = self.table.take(rows)
        pairs = list(zip(weights, part.columns, strict=True))
        constant = bias + sum((w * column.offset for w, column in pairs), Fraction(0))
        common = [(w * column.scale, column.digits.astype(object)) for w, column in pairs if w]
        start = np.full(part.rows, constant, dtype=object)
        return list(sum((digits * step for step, digits in common), start=start))

    def plot(self, features: Sequence[str | int] | None = None, ax: Axes | None = None) -> Axes:
        """Draw the rows with the line that separates them, or the point where the hulls meet; returns the axes.

        Data of more than two features need two of them, by name or number: whether those two alone separate is then
        settled and drawn. Raises SeparationError.
        """
        from proofs.separation.plotting import draw

        return draw(self, features, ax)

    def to_dict(self) -> Json:
        """The verdict following `proofs/verdict.schema.json`; `details` holds the weights or the multipliers."""
        return self.verdict.to_dict()

    def to_json(self) -> str:
        """`to_dict` as deterministic text."""
        return json.dumps(self.to_dict(), indent=1, ensure_ascii=False)

    def __str__(self) -> str:
        return str(self.verdict)

    def __rich__(self) -> str:
        return self.verdict.__rich__()

    def _repr_html_(self) -> str:
        return self.verdict._repr_html_()


@dataclass(frozen=True, eq=False)
class Separations:
    """More than two classes: each against the rest, and each against each other, settled when first asked for."""

    ask: Callable[[Any, Any], Separation]
    classes: tuple[Any, ...]

    @cached_property
    def one_vs_rest(self) -> dict[Any, Separation]:
        """Each class against all others."""
        return {label: self.ask(label, None) for label in self.classes}

    @cached_property
    def pairs(self) -> dict[tuple[Any, Any], Separation]:
        """Each two classes without the others, the larger one being the positive one: (smaller, larger)."""
        return {(low, high): self.ask(high, low) for low, high in combinations(self.classes, 2)}

    @property
    def separable(self) -> dict[Any, bool | None]:
        """Of each class against the rest."""
        return {label: found.separable for label, found in self.one_vs_rest.items()}

    def settled(self) -> dict[str, Separation]:
        """The questions one against the rest, and those in pairs if they were asked, by the names of their claims."""
        asked = [*self.one_vs_rest.values(), *self._known.values()]
        return {found.verdict.claim.name: found for found in asked}

    @property
    def _known(self) -> Mapping[tuple[Any, Any], Separation]:
        """The pairs, if they were asked for."""
        known: Mapping[tuple[Any, Any], Separation] = self.__dict__.get("pairs", {})
        return known

    @property
    def status(self) -> Status:
        """PROVED when every question of `settled` is: all those classes are separable."""
        return together([found.verdict.status for found in self.settled().values()])

    def to_dict(self) -> Json:
        """The verdicts of `settled`, by name."""
        verdicts = {name: found.to_dict() for name, found in self.settled().items()}
        return {"schema": "gradproof-separations-1", "verdict": self.status.value, "questions": verdicts}

    def to_json(self) -> str:
        """`to_dict` as deterministic text."""
        return json.dumps(self.to_dict(), indent=1, ensure_ascii=False)

    def rows(self) -> list[tuple[str, str, str]]:
        """(class, separable from the rest, pairs it is not separable in), as far as pairs were asked for."""
        word = {True: "separable", False: "not separable", None: "undecided"}
        return [
            (
                str(label),
                word[found.separable],
                ", ".join(
                    str(pair[pair[0] == label]) + ("" if other.separable is False else " (undecided)")
                    for pair, other in self._known.items()
                    if label in pair and not other.separable
                ),
            )
            for label, found in self.one_vs_rest.items()
        ]

    def __str__(self) -> str:
        return "\n".join(
            f"{label}: {word} from the rest{', not from ' + p if p else ''}" for label, word, p in self.rows()
        )

    def _repr_html_(self) -> str:
        cells = "".join(
            f"<tr><th>{escape(label)}</th><td>{escape(word)}</td><td>{escape(pairs)}</td></tr>"
            for label, word, pairs in self.rows()
        )
        return f"<table><tr><th>class</th><th>from the rest</th><th>not from</th></tr>{cells}</table>"
