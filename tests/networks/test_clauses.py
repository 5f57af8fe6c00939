from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofs.networks.clauses import RESOLVE, Solver, Step
from proofs.separation import EffortExceeded

VARIABLES = 5
LITERALS = st.integers(1, VARIABLES).flatmap(lambda v: st.sampled_from((v, -v)))
CLAUSES = st.lists(st.lists(LITERALS, min_size=1, max_size=3), max_size=30)


def satisfied(clauses: list[list[int]], values: tuple[int, ...]) -> bool:
    return all(any((literal > 0) == (values[abs(literal) - 1] == 1) for literal in clause) for clause in clauses)


def follows(step: Step, earlier: list[Step]) -> bool:
    """Whether no assignment breaks the clause and keeps the ones that it is said to follow from."""
    named = [list(earlier[number].clause) for number in step.data]
    return not any(
        satisfied(named, values) and not satisfied([list(step.clause)], values)
        for values in product((0, 1), repeat=VARIABLES)
    )


@given(CLAUSES, CLAUSES)
def test_an_assignment_or_steps_to_the_empty_clause(given_: list[list[int]], late: list[list[int]]) -> None:
    """The late clauses are only told where an assignment breaks them."""
    solver = Solver(VARIABLES, 10_000)
    for clause in given_:
        solver.add(clause, "given", ())

    def broken(values: tuple[int, ...]) -> list[Step]:
        return [Step(tuple(clause), "late", ()) for clause in late if not satisfied([clause], values)][:2]

    values = solver.search(broken)
    solutions = [v for v in product((0, 1), repeat=VARIABLES) if satisfied([*given_, *late], v)]
    if values is not None:
        assert values in solutions
        return
    assert not solutions
    steps = solver.refutation()
    assert steps[-1].clause == ()
    for number, step in enumerate(steps):
        if step.rule == RESOLVE:
            assert follows(step, steps[:number])
        else:
            assert set(step.clause) in [set(clause) for clause in (given_ if step.rule == "given" else late)]


def test_too_many_conflicts_end_the_search() -> None:
    solver = Solver(2, 0)
    for signs in product((1, -1), repeat=2):
        solver.add([sign * v for sign, v in zip(signs, (1, 2), strict=True)], "given", ())
    with pytest.raises(EffortExceeded, match="too many"):
        solver.search(lambda _: [])
