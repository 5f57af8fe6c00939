"""The census and all functions of four variables: ``pytest --benchmark-only -n 0 tests/benchmarks``."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from proofs.checker import check
from proofs.separation.boolean import decide_every
from proofs.separation.census import Tally, count_all, count_unit, local_processes, settle_census, unit_paths

WORKERS = 2
CLASSES = 52980624
"""OEIS A001532 at 10: the self-dual classes of n = 9."""
SHARE = 0.02


def test_every_function_of_four_variables(benchmark: Callable[..., Any]) -> None:
    assert benchmark(decide_every, 4).threshold.sum() == 1882


def test_census_of_seven_with_the_checker(benchmark: Any) -> None:
    def run() -> str:
        unit = count_unit(7, "", certify=True)
        return settle_census(7, unit.tally, unit.certificates).status.value

    assert benchmark.pedantic(run, rounds=3) == "PROVED"


def test_census_of_eight(benchmark: Any) -> None:
    """Started from nothing, processes included."""
    tally = benchmark.pedantic(count_all, (8,), {"pool": lambda: local_processes(WORKERS)}, rounds=2)
    assert tally.threshold == 17561539552946


def test_checking_takes_a_share_of_finding(benchmark: Any, capsys: pytest.CaptureFixture[str]) -> None:
    start = time.process_time()
    unit = count_unit(7, "", certify=True)
    found = time.process_time() - start
    data = settle_census(7, unit.tally, unit.certificates).certificate
    assert data is not None
    benchmark.pedantic(check, (data.data,), rounds=3)
    with capsys.disabled():
        print(f"\ncensus 7: found in {found:.2f} s, checked in {benchmark.stats['min']:.2f} s")


def test_the_first_share_of_nine(benchmark: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """Units in their shuffled order until 2 % are done, by number; the rest by the classes counted in them."""
    paths = unit_paths(9)
    first = paths[: round(SHARE * len(paths))]

    def run() -> Tally:
        return sum((count_unit(9, path).tally for path in first), Tally())

    start = time.process_time()
    tally = benchmark.pedantic(run, rounds=1)
    spent = time.process_time() - start
    whole = spent * CLASSES / tally.classes
    with capsys.disabled():
        share = f"{len(first)} of {len(paths)} units, {tally.classes / CLASSES:.2%} of all classes"
        print(f"\ncensus 9: {share} in {spent:.0f} s of processor time, so {whole / 60:.0f} min of it in all,")
        print(f"{whole / 60 / WORKERS:.0f} min on {WORKERS} idle cores")
