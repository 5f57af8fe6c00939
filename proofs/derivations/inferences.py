"""What a table of accuracies gives away by its numbers, its sets' sizes and the batch size alone.

First every row is asked whether its values are possible at all for a set of its size (Brown and Heathers 2017). What
looks odd is then said in two lines: what follows from the numbers, settled exactly, and the claim it puts in doubt. No
table can settle that one, so it is UNDECIDED, with the likely explanation in its place and how often chance alone
would give such numbers under each other explanation that was thought of.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial
from itertools import combinations, islice

from proofs.claim import Certificate, Claim, Scope, Status, Verdict
from proofs.conclude import conclude
from proofs.derivations import chances
from proofs.derivations.claims import Claims, Pending
from proofs.derivations.document import Entry
from proofs.derivations.findings import LIKELY, Against, Inference, Table
from proofs.derivations.printed import Printed, rounding_certificate
from proofs.derivations.results import Results, read_table
from proofs.derivations.settling import settle

AS_PRINTED = Scope("the numbers as printed, rounded to the nearest, a half either way")
LONGEST_LIST = 6
MOST_SIZES = 1_000
RARE = Fraction(1, 100)
"""A mini-batch is suspected only where the set itself gives such numbers once in a hundred times or less."""
MOST_PARTS = 10_000
"""A mini-batch with more rows is not looked for: no usual number of digits tells its multiples from other numbers."""


def read_results(entry: Entry) -> Claims:
    """The claims of a results table. Raises InputError that names the line."""
    table = read_table(entry)
    lines: list[Pending] = []
    for row in table.sizes:
        lines += [_possible(table, row), *_last_batch(table, row)]
    lines += _one_measurement(table)
    for row in table.class_counts:
        lines += _constant(table, row)
    lines += _epochs(table)
    if not lines:
        raise entry.fail("[[results]] settles nothing; say how many rows the sets have: sizes = { test = 10_000 }")
    rows = tuple((row, tuple(value.text for value in values)) for row, values in table.rows.items())
    return Claims(entry, table.name, tuple(lines), table=Table(table.by, table.columns, rows))


def _possible(table: Results, row: str) -> Pending:
    """Is every value of the row some k/N, rounded?"""
    values, size = table.rows[row], table.sizes[row]
    text = f"{row}: every value is a share of {_many(size, 'row')}"
    certificate = rounding_certificate(size, values)
    bad = [place for place, value in enumerate(values) if not value.counts(size)]
    if bad:
        found = "; ".join(
            f"{_cell(table, row, place)} is none: {_beside(values[place], size)}" for place in bad[:LONGEST_LIST]
        )
        settled = partial(_refuted, f"{table.name}.{row}", text, certificate, found)
    else:
        settled = partial(_proved, f"{table.name}.{row}", text, certificate, _counted(values, size))
    return Pending(text, "", table.entry.line("accuracy", row), settled, cells=tuple((row, place) for place in bad))


def _last_batch(table: Results, row: str) -> Iterator[Pending]:
    """Are the values those of the mini-batch that is left at the end of a pass, rather than of the whole set?"""
    values, size, batch = table.rows[row], table.sizes[row], table.batch
    if not 0 < batch < size:
        return
    full, rest = divmod(size, batch)
    part = rest or batch
    if part > MOST_PARTS or not all(value.counts(part) for value in values):
        return
    equal = "each count of right answers equally likely"
    against = [Against(f"on all {size:,} rows, {equal}", chances.of_multiples(values, size, part))]
    if rest:
        full_batch = chances.of_multiples(values, batch, part)
        against.append(Against(f"on a full mini-batch of {batch:,}, {equal}", full_batch))
    which = "the last mini-batch of a pass" if rest else "one mini-batch"
    inference = Inference(f"it is the accuracy of {which}, {_many(part, 'row')}", tuple(against))
    if not inference.likely or against[0].chance > RARE:
        return
    line = table.entry.line("accuracy", row)
    left = f"{size:,} = {full:,} * {batch:,} + {rest:,}" if rest else f"a mini-batch has {_many(batch, 'row')}"
    text = f"{row}: every value is a multiple of 1/{part}, rounded; {left}"
    certificate = rounding_certificate(part, values)
    fitting = [n for n in range(1, min(batch, MOST_SIZES) + 1) if all(value.counts(n) for value in values)]
    reason = (
        f"{_counted(values, part)}; sizes up to {min(batch, MOST_SIZES):,} that give every value: {_listed(fitting)}"
    )
    yield Pending(text, "", line, partial(_proved, f"{table.name}.{row}.multiples", text, certificate, reason))
    cells = tuple((row, place) for place in range(len(values)))
    yield _doubtful(table, f"{row} is the accuracy on all {size:,} rows", line, inference, cells)


def _one_measurement(table: Results) -> Iterator[Pending]:
    """Rows that agree in every column: two measurements, or one?"""
    for one, other in combinations(table.rows, 2):
        pairs = [*zip(table.rows[one], table.rows[other], strict=True)]
        if any(a.value != b.value for a, b in pairs):
            continue
        against: tuple[Against, ...] = ()
        if one in table.sizes and other in table.sizes:
            sizes = table.sizes[one], table.sizes[other]
            chance = chances.of_agreement((min(pair, key=lambda value: value.places) for pair in pairs), sizes)
            sets = f"on two sets of {sizes[0]:,} and {sizes[1]:,} rows, the printed accuracy being the true one of both"
            against = (Against(sets, chance),)
        inference = Inference("they are one measurement under two names", against)
        if inference.likely or (not against and len(pairs) > 1):
            cells = tuple((row, place) for row in (one, other) for place in range(len(pairs)))
            line = table.entry.line("accuracy", other)
            yield _doubtful(table, f"{one} and {other} are two measurements", line, inference, cells)


def _constant(table: Results, row: str) -> Iterator[Pending]:
    """Values that are the share of a class: does the network give one answer to everything?"""
    values, size, counts = table.rows[row], table.sizes[row], table.class_counts[row]
    finer = {value.places: {v for v in values if v.places >= value.places} for value in values}
    chance = {places: chances.of_shares(fine, size, counts) for places, fine in finer.items()}
    for value in dict.fromkeys(values):
        fitting = value.counts(size)
        classes = [label for label, count in enumerate(counts) if count in fitting]
        fine, by_count = finer[value.places], chance[value.places]
        if not classes or (by_count > LIKELY and len({counts[label] for label in classes}) > 1):
            continue
        places = [place for place, other in enumerate(values) if other == value]
        named = " or ".join(map(str, classes[:LONGEST_LIST])) + " ..." * (len(classes) > LONGEST_LIST)
        at = f" at {table.at(places)}" if table.at(places) else ""
        line, cells = table.entry.line("accuracy", row), tuple((row, place) for place in places)
        text = f"{row}: {value.text}{at} is the share of class {named}"
        shares = tuple(counts[label] for label in classes)
        certificate = rounding_certificate(size, (value,) * len(shares), shares)
        rows = _many(size, "row")
        reason = ", ".join(f"class {label}: {counts[label]:,} of {rows}" for label in classes[:LONGEST_LIST])
        yield Pending(text, "", line, partial(_proved, f"{table.name}.{row}.share", text, certificate, reason))
        if by_count > LIKELY:
            continue
        digits = " of as many digits" * (len(fine) < len({*values}))
        among = f", any of {len(fine)} different values{digits}" * (len(fine) > 1)
        against = (
            Against(f"each count of right answers equally likely{among}", by_count),
            Against(
                f"every answer guessed at random, for any of {len(counts)} classes",
                chances.of_a_guess(value, size, len(counts)),
            ),
        )
        inference = Inference(f"it answers {named} to every row", against)
        yield _doubtful(table, f"{row}: the network{at} gives more than one answer", line, inference, cells)


def _epochs(table: Results) -> Iterator[Pending]:
    """So many passes over the training set: how many steps, and do the steps given agree?"""
    passes, taken = _many(table.epochs, "epoch"), _many(table.steps, "step")
    needed = ("epochs", table.epochs), ("batch", table.batch), ("sizes = { training = ... }", table.training)
    missing = ", ".join(key for key, value in needed if not value)
    if missing and (table.epochs or table.steps):
        claimed = ", ".join(_many(n, noun) for n, noun in ((table.epochs, "epoch"), (table.steps, "step")) if n)
        unsettled = f"steps are epochs times the mini-batches in a pass over the training set; missing here: {missing}"
        yield _unsettled(table, f"the table was made after {claimed}", unsettled)
    if missing:
        return
    size = table.training
    rest = size % table.batch
    whole = _many(table.epochs * -(-size // table.batch), "step")
    without = (
        f", or {table.epochs * (size // table.batch):,} without the last mini-batch of {_many(rest, 'row')}"
        if rest
        else ""
    )
    are = "is" if table.epochs == 1 else "are"
    if not table.steps:
        unsettled = f"accuracies alone do not tell the number of steps; {passes} {are} {whole}{without}"
        yield _unsettled(table, f"the table was made after {passes}, {whole}", unsettled)
        return
    text = f"{taken} {'is' if table.steps == 1 else 'are'} {passes}"
    full = f"({size} - {rest})/{table.batch}"
    claim = f"({table.steps} - {table.epochs}*{full})*({table.steps} - {table.epochs}*({full} + {int(rest > 0)}))"
    settled = partial(_steps, f"{table.name}.steps", text, claim, f"{passes} {are} {whole}{without}")
    yield Pending(text, "", table.entry.line("steps"), settled)


def _unsettled(table: Results, text: str, reason: str) -> Pending:
    """A claim about epochs or steps that the table cannot settle."""
    verdict = Verdict(Claim(f"{table.name}.epochs", text), Status.UNDECIDED, AS_PRINTED, reason=reason)
    return Pending(text, "", table.entry.line("steps" if table.steps else "epochs"), lambda: verdict)


def _steps(name: str, text: str, difference: str, reason: str) -> Verdict:
    """Is either difference, with or without the last mini-batch, zero?"""
    verdict = settle(difference, "0", name=name)
    return replace(verdict, claim=Claim(name, text), reason=reason, counterexample="")


def _doubtful(
    table: Results, text: str, line: int, inference: Inference, cells: tuple[tuple[str, int], ...]
) -> Pending:
    verdict = Verdict(Claim(table.name, text), Status.UNDECIDED, AS_PRINTED, reason=inference.reason)
    return Pending(text, "", line, lambda: verdict, inference=inference, cells=cells)


def _proved(name: str, text: str, certificate: Certificate, reason: str) -> Verdict:
    return conclude(Claim(name, text), Status.PROVED, certificate, scope=AS_PRINTED, reason=reason)


def _refuted(name: str, text: str, certificate: Certificate, found: str) -> Verdict:
    inverse = Certificate({"gradproof": 1, "kind": "counterexample", "of": dict(certificate.data)})
    return conclude(Claim(name, text), Status.REFUTED, inverse, scope=AS_PRINTED, counterexample=found)


def _cell(table: Results, row: str, place: int) -> str:
    at = table.at([place])
    return f"{table.rows[row][place].text}{f' at {at}' if at else ''}"


def _beside(value: Printed, size: int) -> str:
    """``of 30 rows, 26 are 0.866667 and 27 are 0.900000``"""
    below = int(value.value * size)
    unit, scale = ("%", 100) if value.text.endswith("%") else ("", 1)
    places = min(value.places + 2, 15)
    shown = [
        f"{k:,} {'is' if k == 1 else 'are'} {scale * k / size:.{places}f}{unit}"
        for k in (below, below + 1)
        if k <= size
    ]
    return f"of {_many(size, 'row')}, {' and '.join(shown)}"


def _many(count: int, noun: str) -> str:
    """``1 row``, ``50,000 rows``"""
    return f"{count:,} {noun}{'s' * (count != 1)}"


def _counted(values: Sequence[Printed], size: int) -> str:
    """``0.75: 12 of 16; 0.375: 6 of 16``, each value once."""
    said = []
    for value in islice(dict.fromkeys(values), LONGEST_LIST):
        counts = value.counts(size)
        span = f"{counts[0]:,}" if len(counts) == 1 else f"{counts[0]:,} to {counts[-1]:,}"
        said.append(f"{value.text}: {span} of {size:,}")
    return "; ".join(said) + (" ..." if len(set(values)) > LONGEST_LIST else "")


def _listed(numbers: Iterable[int]) -> str:
    listed = [f"{n:,}" for n in numbers]
    return ", ".join(listed[:LONGEST_LIST]) + (" ..." if len(listed) > LONGEST_LIST else "")
