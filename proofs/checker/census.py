"""4, 9. Census: every function of 1 to 3 inputs, or every class of threshold functions of 0 to 8, one by one."""

from collections.abc import Iterable
from fractions import Fraction
from itertools import accumulate, groupby, pairwise, product
from math import factorial, prod
from operator import ge, mul
from typing import Any

from proofs.checker import farkas, separator
from proofs.checker.reading import Reader, Refuted, Rejected, need

FORMS = (
    {"inputs": range(1, 4), "threshold": range(257), "functions": "any"},
    {"inputs": range(9), "path": "any", "threshold": "number", "np_classes": "number", "classes": ["any"]},
)
UNIT, REFUTATION = {"weights": [range(10**12)]}, {"points": [[(1, -1)]], "multipliers": ["number"]}
State = tuple[int, int]


def check(fields: dict[str, Any], reader: Reader) -> str:
    if "classes" in fields:
        return check_classes(fields, reader)
    points, separable = [list(row) for row in product((0, 1), repeat=fields["inputs"])], 0
    tables = ["".join(digits) for digits in product("01", repeat=len(points))]
    functions = reader.read(fields["functions"], dict.fromkeys(tables, "any"), "functions")
    for table in tables:
        kind = farkas if "multipliers" in functions[table] else separator
        form = farkas.PROOF if kind is farkas else separator.UNIT
        labels = [int(digit) for digit in table]
        try:
            kind.check({"points": points, "labels": labels, **reader.read(functions[table], form, table)}, reader)
        except Rejected as error:
            raise Rejected(f"function {table}: {error}") from None
        separable += kind is separator
    need(separable == fields["threshold"], f"the number of separable functions is {separable}", Refuted)
    inputs = f"{fields['inputs']} input{'s' * (fields['inputs'] > 1)}"
    return f"{separable} of the {len(tables)} functions of {inputs} are threshold functions"


def check_classes(fields: dict[str, Any], reader: Reader) -> str:
    """9. The tree below `path`, depth first: each leaf takes the next weights, each refutation leaves a subtree out."""
    tree, path, entries = Tree(fields["inputs"] + 1, reader), fields["path"], fields["classes"][::-1]
    threshold, np_classes, classes, stack = 0, 0, 0, [(0, 0)]
    need(isinstance(path, str) and set(path) <= {"0", "1"}, "path: expected a text of digits 0 and 1")
    for digit in path:
        need(sum(stack[0]) != tree.full, "path: it leads past a leaf")
        stack = [tree.children(stack[0])[int(digit)]]
    while stack:
        state = stack.pop()
        need(entries, "there are fewer entries than leaves and refuted subtrees", Rejected)
        if "weights" not in entries[-1] and tree.refuted(state, reader.read(entries[-1], REFUTATION, "classes")):
            entries.pop()
        elif sum(state) != tree.full:
            stack += tree.children(state)[::-1]
        else:
            chow = tree.realised(state, reader.read(entries.pop(), UNIT, "classes")["weights"])
            runs = [(value, len([*run])) for value, run in groupby(chow)]
            orbit = factorial(tree.size) << sum(map(bool, chow))
            threshold += orbit // prod(factorial(length) for _, length in runs)
            np_classes += sum(1 + (value > 0) for value, _ in runs)
            classes += 1
    need(not entries, "there are more entries than leaves and refuted subtrees", Rejected)
    what = f"inputs: {tree.size - 1}, threshold functions: {threshold}, NP classes: {np_classes}, self-dual: {classes}"
    need((fields["threshold"], fields["np_classes"]) == (threshold, np_classes), what, Refuted)
    return what + (f", below the node {path} of the tree" if path else "")


def covers(paths: Iterable[str]) -> bool:
    """Whether every leaf of the tree is below exactly one of the nodes at these paths."""
    ends = sorted(paths)  # a path that begins another stands right before one of those
    apart = not any(after.startswith(path) for path, after in pairwise(ends))
    return apart and sum(Fraction(1, 2 ** len(path)) for path in ends) == 1


class Tree:
    """9. A state is two sets of pairs {x, -x}, as bits: those of which x is true, those of which -x is; `full`: all."""

    def __init__(self, size: int, reader: Reader) -> None:
        points = [x for x in product((1, -1), repeat=size) if x[0] == 1]
        mixed = [x for x in points if min(accumulate(x)) < 0]
        reader.burn(4 * size * len(mixed) ** 2)
        low = {x: ([*accumulate(x)], [-value for value in accumulate(x)]) for x in mixed}
        above = {x: [[[all(map(ge, end, start)) for end in low[y]] for y in mixed] for start in low[x]] for x in mixed}
        order = sorted(range(len(mixed)), key=lambda k: sum(sum(map(sum, side)) for side in above[mixed[k]]))
        self.size, self.reader, self.pairs = size, reader, [mixed[k] for k in order]
        masks = {x: [[sum(s[m][e] << k for k, m in enumerate(order)) for e in (0, 1)] for s in above[x]] for x in mixed}
        self.decides = [masks[x] for x in self.pairs]
        self.place = {tuple(s * v for v in x): (k, s < 0) for k, x in enumerate(self.pairs) for s in (1, -1)}
        self.always, self.full = [x for x in points if x not in low], (1 << len(mixed)) - 1

    def children(self, state: State) -> list[State]:
        """The first open pair decided for x, then for -x, with all that dominates what is true."""
        self.reader.burn(self.size)
        free = ~(state[0] | state[1])
        first = (free & -free).bit_length() - 1
        return [(state[0] | true, state[1] | false) for true, false in self.decides[first]]

    def refuted(self, state: State, entry: dict[str, Any]) -> bool:
        """Whether the points are true in every leaf of this state; their multipliers are checked if so."""
        points, multipliers = entry["points"], entry["multipliers"]
        need({len(x) for x in points} == {self.size}, f"points: expected some, of {self.size} entries each")
        self.reader.burn(len(points) * self.size)
        for x in map(tuple, points):
            k, negative = self.place.get(x, (0, None))
            if not (x[0] == 1 if negative is None else state[negative] >> k & 1):
                return False
        good = len(multipliers) == len(points) and min(multipliers) >= 0 < max(multipliers)
        need(good, "multipliers: expected one for each point, all >= 0 with a sum > 0", Rejected)
        sums = accumulate(self.reader.dot(multipliers, column) for column in zip(*points, strict=True))
        need(max(sums) <= 0, "no refutation: a sum of first entries is positive", Rejected)
        return True

    def realised(self, state: State, weights: list[int]) -> list[int]:
        """The sum of the true points of a leaf, on all of which the weights are checked to be positive."""
        need(len(weights) == self.size, f"weights: expected {self.size}")
        true = [x if state[0] >> k & 1 else tuple(-v for v in x) for k, x in enumerate(self.pairs)] + self.always
        self.reader.burn(len(true) * self.size)
        need(all(sum(map(mul, weights, x)) > 0 for x in true), f"{weights} are not the weights of a leaf", Rejected)
        return [sum(column) for column in zip(*true, strict=True)]
