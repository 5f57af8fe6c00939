"""What each kind of verdict rests on: proved by what, tested by what, assuming what, and which code must be right.

The code's size is counted in the files themselves, along their own import statements, whenever the table is printed.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).parents[1]
_ROOT = _PACKAGE.parent
BEGIN = "<!-- trust table: written by `python -m proofs.report.trust README.md` -->\n"
END = "<!-- end of trust table -->"
HEADS = ("claim", "what is proved", "by", "only tested", "assumed", "code that must be right")
_FRONT = ("proofs.checker", "proofs.checker.reading")


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of claim and what a verdict on it rests on."""

    claim: str
    proved: str
    by: str
    tested: str
    assumed: str
    code: str
    lines: int = 0


KINDS = (
    Row(
        "An equation between index terms holds for all sizes",
        "Equal for all real inputs in the printed domain and all sizes in the printed scope",
        "Equal normal forms (calculus) and, apart from it, the checker: both sides enclosed at the sizes of the "
        "small model, at points the prover cannot choose, to 50 digits",
        "SymPy derived the line; its word is not used",
        "The rules the calculus postulates, printed with each verdict; that SHA-256 points are as good as random",
        "calculus and checker/identity",
    ),
    Row(
        "An equation is false",
        "At the printed sizes, indices and exact rational values the two sides differ",
        "The checker: enclosures of both sides, rounded outwards, do not meet",
        "",
        "",
        "checker/counterexample",
    ),
    Row(
        "A line, or a network of threshold units, computes the labels",
        "Every point is on the side its label asks for",
        "The checker, in exact rationals",
        "",
        "",
        "checker/separator",
    ),
    Row(
        "No line separates the points",
        "A combination of the inequalities that adds up to 0 > 0 (Farkas)",
        "The checker, in exact rationals; a reader, by adding the printed lines",
        "Z3 found the multipliers; its word is not used",
        "",
        "checker/farkas",
    ),
    Row(
        "No integer weights are smaller",
        "In each case of a tree the inequalities add up to more than smaller weights can reach",
        "The checker, in exact rationals; a reader, by adding the printed lines",
        "Z3 found the weights and the multipliers; its word is not used",
        "",
        "checker/minimal",
    ),
    Row(
        "So many hidden threshold units are too few",
        "Clauses on the units' outputs, each a Farkas refutation or following from others, down to the empty one",
        "The checker, in exact rationals; a reader, where the clauses are few",
        "Z3 finds no weights either; its word is not used",
        "That units may be complemented and put in order (two sentences in FORMAT.md, section 7)",
        "checker/resolution",
    ),
    Row(
        "For which shared weights a network computes the labels, and that it does for every one of an interval",
        "On each cell between the roots of the polynomials whose signs matter, and at each root: all answers right, or "
        "a row that is wrong",
        "The checker, in exact rationals: roots counted by Sturm's theorem, signs by division",
        "",
        "Sturm's theorem; piecewise polynomial activations",
        "checker/shared_weight",
    ),
    Row(
        "How many rows a network answers as labelled for every shared weight of an interval",
        "At least so many on each part, or a row that is wrong on it; any activation",
        "The checker: enclosures of the outputs on the part, of their values in its middle and of their slopes",
        "The least accuracy at the weights tried, which shows how far the bound is from the truth",
        "The mean value theorem",
        "checker/shared_cover",
    ),
    Row(
        "How often the perceptron is updated at most",
        "R^2 / gamma^2 for a margin gamma that the given line has on these rows",
        "The checker, in exact rationals",
        "Random runs, with other orders and rates: none had more updates",
        "Novikoff's inequality (FORMAT.md, section 6): the identities it adds up are proved, their sum is not",
        "checker/novikoff",
    ),
    Row(
        "How many functions of two or three inputs have a line",
        "Each function has a line or a refutation, and none is left out",
        "The checker, in exact rationals",
        "",
        "",
        "checker/census",
    ),
    Row(
        "Which functions a topology has by weights of its own, and by one shared weight",
        "For all that a unit can read: weights for each table that it can have, and a combination of rows equal to 0 "
        "against each other table; the network at 1, 0 and -1",
        "The checker, in exact rationals",
        "Z3 and cvc5 agree on AND; their word is not used",
        "That the sign of a shared weight decides (two sentences in FORMAT.md, section 10)",
        "checker/representation",
    ),
    Row(
        "A printed accuracy is possible, or impossible, for a set of so many rows",
        "Some whole number of right answers rounds to the printed digits, or none does; or the number given does",
        "The checker, in integers",
        "",
        "That digits were rounded to the nearest, a half either way. What is called likely is not proved: its chances "
        "are those of the models printed beside it",
        "checker/rounding",
    ),
    Row(
        "What the perceptron rule reaches, and what it never reaches",
        "The run, state by state; the closed list of states; the repeated state",
        "The checker, in exact rationals",
        "",
        "",
        "checker/perceptron",
    ),
    Row(
        "NumPy code computes the gradient of NumPy code, for all sizes",
        "The formula that was captured is the derivative of the captured function, or differs at the printed point",
        "As the two rows above, for the captured formulas",
        "That the capture is faithful: two captures at different sizes agree, and the formula is compared with the "
        "code itself on plain arrays",
        "Real arithmetic in place of floating point; that the code's run depends on nothing but its arguments",
        "calculus, capture, gradients and checker/identity",
    ),
    Row(
        "Coq accepts a theorem",
        "The statement in the exported file, which was read back and is the claim, for all sizes",
        "coqc, from the file and the hand-written libraries alone",
        "That Coq rejects the statement with a sign, a factor, an index or a number changed",
        "Coq; its axioms of the real numbers, named with each theorem; over the integers no axioms",
        "kernels/reading, kernels/comparing, kernels/finite, kernels/networks and kernels/shared",
    ),
    Row(
        "cvc5 decides a fact about threshold units",
        "The same as the checker: no weights exist, or these do",
        "Every step of cvc5's proof gone through again in exact arithmetic, or its weights put in again",
        "Z3 decides the same text; where they disagree both are kept and shown",
        "That the text put to both says the fact; what cvc5 assumes is compared with the fact",
        "kernels/alethe, kernels/alethe_steps and kernels/assertions",
    ),
    Row(
        "The NumPy code of numeric/ computes the formula",
        "Nothing: floating-point code is tested, not proved",
        "",
        "Hypothesis against ball arithmetic on the formula, float32 and float64, with derived tolerances",
        "That the platform's exp, log and tanh are accurate to a few units in the last place",
        "numeric/",
    ),
    Row(
        "The formal statement says what the sentence says",
        "Nothing: this is for a reader to judge",
        "",
        "",
        "Read the statement; also Python, its integers, fractions and decimal",
        "the statement printed",
    ),
)


@cache
def path_of(module: str) -> Path | None:
    """The file of one of our modules, None for anything else."""
    base = _ROOT.joinpath(*module.split("."))
    for path in (base.with_suffix(".py"), base / "__init__.py"):
        if path.is_file():
            return path
    return None


def closure(starts: Iterable[str], room: str, within: frozenset[str] = frozenset()) -> dict[str, int]:
    """The modules of `room` that `starts` need, directly or not, and their lines; `within` ones are not followed."""
    found: dict[str, int] = {}
    pending = list(starts)
    while pending:
        module = pending.pop()
        path = path_of(module)
        if module in found or path is None or not (module == room or module.startswith(f"{room}.")):
            continue
        found[module], imports = _lines_and_imports(path)
        if module not in within:
            pending += imports
    return found


@cache
def _lines_and_imports(path: Path) -> tuple[int, list[str]]:
    text = path.read_text(encoding="utf-8")
    names: list[str] = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return len(text.splitlines()), names


def checker_lines(*kinds: str) -> int:
    """Lines of the checker that decide certificates of these kinds: its front, the kinds' own files, what they need."""
    starts = [*_FRONT, *(f"proofs.checker.{kind}" for kind in kinds)]
    return sum(closure(starts, "proofs.checker", frozenset({"proofs.checker"})).values())


def checker_size() -> int:
    """Lines of the whole checker."""
    return _lines(_PACKAGE / "checker")


def calculus_lines() -> int:
    """Lines of the calculus that decide whether two normal forms are equal."""
    settle = frozenset({"proofs.calculus.settle"})
    decide = closure(["proofs.calculus.normalise", "proofs.calculus.equality"], "proofs.calculus", settle)
    return sum((decide | closure(settle, "proofs.calculus", settle)).values())


@cache
def trust_table() -> tuple[Row, ...]:
    """The table, claim type by claim type."""
    return tuple(replace(kind, lines=code_lines(kind.code)) for kind in KINDS)


def code_lines(code: str) -> int:
    """Lines of the code that a row names: rooms, modules, and the kinds of certificate in the checker."""
    return sum(_size(part) for part in re.split(", | and ", code))


def _size(part: str) -> int:
    if part.startswith("checker/"):
        return checker_lines(part.removeprefix("checker/"))
    if part == "calculus":
        return calculus_lines()
    if (module := _PACKAGE / f"{part}.py").is_file():
        return len(module.read_text(encoding="utf-8").splitlines())
    folder = next((f for f in (_PACKAGE / part, _ROOT / part) if f.is_dir()), None)
    return _lines(folder) if folder else 0


def _lines(folder: Path) -> int:
    return sum(len(path.read_text(encoding="utf-8").splitlines()) for path in sorted(folder.rglob("*.py")))


def as_markdown(rows: Iterable[Row]) -> str:
    """The table as Markdown."""
    head = "| claim | what is proved | by | only tested | assumed | code that must be right | lines |\n"
    head += "| --- | --- | --- | --- | --- | --- | ---: |\n"
    return head + "".join(
        f"| {r.claim} | {r.proved} | {r.by} | {r.tested} | {r.assumed} | {r.code} | {r.lines or ''} |\n" for r in rows
    )


def in_markers(text: str, rows: Iterable[Row]) -> str:
    """A document with the table put between its two marker lines. Raises ValueError when it has none."""
    return between(text, BEGIN, as_markdown(rows), END)


def between(text: str, begin: str, table: str, end: str) -> str:
    """A document with a table put between two lines of it. Raises ValueError when it has not both."""
    before, found, rest = text.partition(begin)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise ValueError(f"the document has no place for the table: expected the lines {begin!r} and {end!r}")
    return f"{before}{begin}\n{table}\n{end}{after}"


if __name__ == "__main__":
    for name in sys.argv[1:]:
        path = Path(name)
        path.write_text(in_markers(path.read_text(encoding="utf-8"), trust_table()), encoding="utf-8")
