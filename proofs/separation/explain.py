"""Refutations in words and inequalities, so that a reader adds them up by hand."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from proofs.separation.data import DataSet, Number, Row, data_set, show, show_vector

MOST_ROWS = 12
"""Rows, and numbers of a row, that are listed one by one."""
LONGEST = 3_000
"""Beyond this many characters a refutation is summarised: nobody adds it up by hand."""


def linear_text(coefficients: Sequence[Fraction], names: Sequence[str]) -> str:
    """``w1 + 2 w2 - b``"""
    parts: list[str] = []
    for value, name in zip(coefficients, names, strict=True):
        if value:
            size = "" if abs(value) == 1 else f"{show(abs(value))} "
            sign = ("-" if value < 0 else "") if not parts else (" - " if value < 0 else " + ")
            parts.append(f"{sign}{size}{name}")
    return "".join(parts) or "0"


def affine_text(coefficients: Sequence[Fraction], constant: Fraction, names: Sequence[str]) -> str:
    """``2 x1 - x2 + 3``"""
    text = linear_text(coefficients, names)
    if text == "0":
        return show(constant)
    return text if constant == 0 else f"{text} {'-' if constant < 0 else '+'} {show(abs(constant))}"


def score_text(point: Sequence[Fraction | int]) -> str:
    """w.x + b written out at the row `point`, ``w1 + b`` at (1, 0)."""
    return linear_text([*map(Fraction, point), Fraction(1)], unknowns(len(point)))


def unknowns(dimension: int) -> list[str]:
    """``w1 ... wn b``"""
    return [*(f"w{column}" for column in range(1, dimension + 1)), "b"]


def _combination(data: DataSet, multipliers: Row, label: int) -> str:
    used = [row for row in data.rows(label) if multipliers[row]]
    total = [sum((multipliers[r] * data.points[r][c] for r in used), Fraction(0)) for c in range(data.dimension)]
    total.append(sum((multipliers[row] for row in used), Fraction(0)))
    return linear_text(total, unknowns(data.dimension))


def _or_summary(text: str, multipliers: Row) -> str:
    if len(text) <= LONGEST:
        return text
    used = sum(map(bool, multipliers))
    return f"{used} rows, weighted by the multipliers, add up to one expression that is >= 0 and < 0 at once"


def farkas_sentence(points: Sequence[Sequence[Number]], labels: Sequence[int], multipliers: Row) -> str:
    """The refutation on one line; the multipliers are those of `farkas_multipliers`.

    Raises SeparationError as `data_set` does.
    """
    data = data_set(points, labels)
    sides = []
    for label, relation in ((1, ">= 0"), (0, "< 0")):
        terms = [
            f"{show(multipliers[row])}·[{score_text(data.points[row])} {relation}]"
            for row in data.rows(label)
            if multipliers[row]
        ]
        sides.append(f"{' + '.join(terms)} gives {_combination(data, multipliers, label)} {relation}")
    return _or_summary(f"{sides[0]}, but {sides[1]}: both cannot hold", multipliers)


def explain_farkas(points: Sequence[Sequence[Number]], labels: Sequence[int], multipliers: Row) -> str:
    """The refutation line by line: the rows used, their multipliers, the two sums, the contradiction.

    Raises SeparationError as `data_set` does.
    """
    data = data_set(points, labels)
    lines = ["Suppose w and b separate the rows. Multiply and add:"]
    for label, relation in ((1, ">= 0"), (0, "< 0")):
        for row in data.rows(label):
            if multipliers[row]:
                inequality = f"{score_text(data.points[row])} {relation}"
                place = f"row {row} = {show_vector(data.points[row])}, label {label}"
                lines.append(f"  {show(multipliers[row])} times   {inequality}   ({place})")
        lines.append(f"  sum:   {_combination(data, multipliers, label)} {relation}")
    lines.append("The same expression is >= 0 and < 0: no such w and b exist.")
    return _or_summary("\n".join(lines), multipliers)


def explain_rows(
    rows: Sequence[tuple[int, Sequence[Fraction], bool]],
    multipliers: Sequence[Fraction],
    names: Sequence[str],
    classes: tuple[str, str],
) -> str:
    """A refutation by (row number, point, whether positive) and multipliers; `names` are those of the points' entries.

    The multipliers of each class sum to 1, so that both sides are one point: the hulls meet there.
    """
    shown = ", ".join([*names[:MOST_ROWS], *(["..."] if len(names) > MOST_ROWS else [])])
    lines = [f"Suppose w.x + b >= 0 on every row of the one class and < 0 on every row of the other; x is ({shown})."]
    for side, name, relation in ((True, classes[0], ">= 0"), (False, classes[1], "< 0")):
        used = [
            (row, point, m) for (row, point, positive), m in zip(rows, multipliers, strict=True) if positive == side
        ]
        lines.append(f"{name}, w.x + b {relation}; these rows, by their multipliers:")
        lines += [f"  {brief(m)} times row {row} {_point(point)}" for row, point, m in used[:MOST_ROWS]]
        if len(used) > MOST_ROWS:
            lines.append(f"  and {len(used) - MOST_ROWS} rows more")
        meeting = [sum((m * point[place] for _, point, m in used), Fraction(0)) for place in range(len(names))]
        lines.append(f"  sum: {_point(meeting)}")
    lines.append("The sums are the same point, exactly: there w.x + b would be >= 0 and < 0. No such w and b exist.")
    return "\n".join(lines)


def brief(value: Fraction) -> str:
    """A number as people write it, or rounded where that takes long."""
    text = show(value)
    return text if len(text) <= 12 else f"about {Decimal(value.numerator) / Decimal(value.denominator):.6g}"


def _point(values: Sequence[Fraction]) -> str:
    return "(" + ", ".join([*map(brief, values[:MOST_ROWS]), *(["..."] if len(values) > MOST_ROWS else [])]) + ")"
