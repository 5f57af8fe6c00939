"""10. Representation: which functions threshold units on given edges compute, by own weights and by one shared."""

from collections.abc import Iterator
from itertools import chain, combinations, product
from typing import Any

from proofs.checker.reading import Reader, Refuted, Rejected, need

MOST = 40  # values that a unit can choose from
TOPOLOGY = {"units": [[range(MOST)]], "free": "any", "shared": "any"}
READING = {"tables": "any", "weights": [["number"]], "multipliers": [["number"]]}
BASE = {"inputs": range(1, 4), "topologies": [TOPOLOGY], "reading": [READING]}
FORMS = (BASE, BASE | {"hidden": range(3)})
Units = tuple[tuple[int, ...], ...]


def check(fields: dict[str, Any], reader: Reader) -> str:
    inputs, points = fields["inputs"], [*product("01", repeat=fields["inputs"])]
    tables = ["".join(digits) for digits in product("01", repeat=len(points))]
    given = [tables[-1], *map("".join, zip(*points, strict=True))]
    known = {frozenset[str](): frozenset(tables[-1:])}
    for entry in fields["reading"]:
        reads = reader.read(entry["tables"], [tuple(tables)], "tables")
        known[frozenset(reads) - {tables[0]}] = outputs({**entry, "tables": reads}, tables, reader)
    found: dict[Units, tuple[list[str], list[str]]] = {}
    for told in fields["topologies"]:
        units = tuple(map(tuple, told["units"]))
        for number, unit in enumerate(units, len(given)):
            need([*unit] == sorted({*unit}) and max(unit, default=0) < number, f"units: {unit} cannot be read")
        need(units not in found and 0 < len(units) <= MOST, f"topologies: expected 1 to {MOST} units, and each once")
        found[units] = free(units, given, known, reader), shared(units, given, reader)
        for name, right in zip(("free", "shared"), found[units], strict=True):
            need(told[name] == right, f"the topology {units}, {name}: {' '.join(right)}"[:999], Refuted)
    complete = "hidden" not in fields or found.keys() == {*every(inputs, fields["hidden"])}
    need(found and complete, f"these are not all topologies, with {inputs} inputs, that were named", Rejected)
    if len(found) == 1:
        own, one = found.popitem()[1]
        by_one = f"by a shared one {len(one)}: {' '.join(one)}"
        return f"the units {[*map(list, units)]} have {len(own)} of {len(tables)} functions by own weights, {by_one}"
    fewer = sum(len(own) > len(one) for own, one in found.values())
    every_own, every_one = (len({*chain(*(pair[place] for pair in found.values()))}) for place in (0, 1))
    read = "each unit reading something and each hidden one being read"
    which = f"all with up to {fields['hidden']} hidden units, {read}" if "hidden" in fields else "as given"
    says = f"{fewer} have fewer functions by a shared weight than by own ones"
    whole = f"in all there are {every_own} functions by own weights and {every_one} by a shared one"
    return f"of {len(found)} topologies of {inputs} inputs, {which}, {says}; {whole}"


def outputs(entry: dict[str, Any], tables: list[str], reader: Reader) -> frozenset[str]:
    """1, 2. The tables of a unit that reads these: those its weights give; multipliers have to exclude all others."""
    rows = [[*map(int, row)] for row in zip(*entry["tables"], strict=True)]
    need(rows, "tables: expected at least one")
    some = {"".join(str(int(reader.dot(unit, row) >= 0)) for row in rows) for unit in entry["weights"]}
    for numbers in entry["multipliers"]:
        zero = not any(reader.dot(numbers, column) for column in zip(*rows, strict=True))
        need(zero and min(numbers) < 0, "multipliers: a combination that is not zero, or nothing negative", Rejected)
    for table in {*tables} - some:
        reader.burn(len(rows) * len(entry["multipliers"]))
        fits = (zip(numbers, table, strict=True) for numbers in entry["multipliers"])
        out = (all(number == 0 or (number > 0) == (digit == "1") for number, digit in fit) for fit in fits)
        need(any(out), f"nothing is said about {table} from {entry['tables']}"[:999], Rejected)
    return frozenset(some)


def free(units: Units, given: list[str], known: dict[frozenset[str], frozenset[str]], reader: Reader) -> list[str]:
    """3. The tables of the last unit, each unit having any of the tables that the ones it reads allow."""
    states: list[tuple[str, ...]] = [()]
    for number, unit in enumerate(units, 1):
        choices = []
        for state in states:
            values = (*given, *state)
            reader.burn(len(values) + len(unit))
            reads = frozenset(values[source] for source in unit) - {"0" * len(given[0])}
            need(reads in known, f"reading: nothing is said about {sorted(reads)}", Rejected)
            reader.burn(len(known[reads]) * len(values))
            choices.append((state if number < len(units) else (), known[reads]))
        states = [*{(*state, table) for state, tables in choices for table in tables}]
    return sorted(table for (table,) in states)


def shared(units: Units, given: list[str], reader: Reader) -> list[str]:
    """4. The tables at w = 1, 0 and -1, which stand for all w."""
    found = set()
    for w in (1, 0, -1):
        values = [[*map(int, table)] for table in given]
        for unit in units:
            reader.burn(len(unit))
            sums = [sum(values[source][row] for source in unit) for row in range(len(given[0]))]
            values.append([int(w * total >= 0) for total in sums])
        found.add("".join(map(str, values[-1])))
    return sorted(found)


def every(inputs: int, hidden: int) -> Iterator[Units]:
    """5. All topologies with at most so many hidden units."""
    for count in range(hidden + 1):
        ends = range(inputs + 1, inputs + 2 + count)
        choices = ([c for size in range(1, end + 1) for c in combinations(range(end), size)] for end in ends)
        yield from (units for units in product(*choices) if {*ends[:-1]} <= {*chain(*units)})
