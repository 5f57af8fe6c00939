"""How fast it is: ``pytest --benchmark-only -n 0 tests/benchmarks`` prints times and ratios, and asserts none."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sympy

from proofs.calculus.equality import vanishes
from proofs.calculus.normalise import Normaliser
from proofs.calculus.poly import ONE, add, scale
from proofs.calculus.terms import Statement
from proofs.theorems import load, names

ROOT = Path(__file__).parents[2]
COMMAND = "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True); "
PEAK = COMMAND + "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"


@pytest.fixture(scope="module")
def identities() -> dict[str, Statement]:
    """Every equation that a theorem's step states."""
    return {
        f"{name}.{place}": step.subject
        for name in names()
        for place, step in enumerate(load(name).steps, 1)
        if isinstance(step.subject, Statement)
    }


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[[str], None]]:
    """Print past pytest's capture."""

    def said(text: str) -> None:
        with capsys.disabled():
            print(f"\n  {text}", end="")

    yield said
    said("")


def prove(statement: Statement) -> bool:
    """Whether the normal forms of both sides are equal."""
    normaliser = Normaliser(statement)
    difference = add(normaliser(statement.lhs), scale(normaliser(statement.rhs), -ONE))
    return vanishes(normaliser.algebra, difference)


def best(work: Callable[[], object], rounds: int = 5) -> float:
    """The shortest of some runs, in seconds."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def test_identities_for_all_sizes(benchmark: Any, identities: dict[str, Statement], say: Callable[[str], None]) -> None:
    times = {name: best(lambda statement=statement: prove(statement)) for name, statement in identities.items()}
    slowest = max(times, key=times.__getitem__)
    say(f"{len(times)} identities by normal form: median {statistics.median(times.values()) * 1e3:.2f} ms,")
    say(f"slowest {times[slowest] * 1e3:.1f} ms ({slowest}); wanted: median 5 ms, none over 50 ms")
    assert benchmark(lambda: all(prove(statement) for statement in identities.values()))


def two_layer_entry_with_sympy() -> bool:
    """SymPy, sizes all 2: the derivative of the loss by one entry of W1 is the known formula."""
    size = range(2)
    w1, w2, x, y = (
        [[sympy.Symbol(f"{name}{i}{j}", real=True) for j in size] for i in size] for name in ("W", "V", "X", "Y")
    )
    hidden = [[1 / (1 + sympy.exp(-sum(x[n][d] * w1[d][h] for d in size))) for h in size] for n in size]
    logits = [[sum(hidden[n][h] * w2[h][c] for h in size) for c in size] for n in size]
    soft = [[sympy.exp(row[c]) / sum(map(sympy.exp, row)) for c in size] for row in logits]
    loss = -sum(y[n][c] * sympy.log(soft[n][c]) for n in size for c in size) / 2
    error = [[(soft[n][c] * sum(y[n]) - y[n][c]) / 2 for c in size] for n in size]
    known = sum(x[n][0] * hidden[n][0] * (1 - hidden[n][0]) * sum(error[n][c] * w2[0][c] for c in size) for n in size)
    return bool(sympy.simplify(sympy.diff(loss, w1[0][0]) - known) == 0)


def test_two_layer_gradient_against_sympy(
    benchmark: Any, identities: dict[str, Statement], say: Callable[[str], None]
) -> None:
    hence = [name for name in identities if name.startswith("two_layer_w1.")][-1]
    start = time.perf_counter()
    assert two_layer_entry_with_sympy()
    explicit = time.perf_counter() - start
    ours = best(lambda: prove(identities[hence]))
    say(f"dL/dW1 for all sizes {ours * 1e3:.1f} ms; SymPy, one entry, sizes 2: {explicit:.2f} s,")
    say(f"{explicit / ours:.0f} times faster; wanted: 100")
    assert benchmark(lambda: prove(identities[hence]))


def test_report_from_cold(benchmark: Any, tmp_path: Path, say: Callable[[str], None]) -> None:
    command = [sys.executable, "-c", PEAK, sys.executable, "-m", "proofs.cli", "report", "--output", str(tmp_path)]

    def run() -> int:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        return int(done.stdout.splitlines()[-1])

    start = time.perf_counter()
    peak = benchmark.pedantic(run, rounds=1)
    say(f"report from cold: {time.perf_counter() - start:.1f} s; largest of its three processes {peak / 1024:.0f} MB,")
    say(f"all together at most {3 * peak / 1024:.0f} MB; wanted: 15 s, 1 GB")


def test_help(benchmark: Any, say: Callable[[str], None]) -> None:
    def run(*arguments: str) -> None:
        subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, check=True)

    bare, ours = best(lambda: run("-c", "pass")), best(lambda: run("-m", "proofs.cli", "--help"))
    say(f"gradproof --help: {ours:.2f} s, {ours / bare:.1f} times Python starting with nothing")
    benchmark.pedantic(lambda: run("-m", "proofs.cli", "--help"), rounds=3)
