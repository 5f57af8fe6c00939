"""What a conformance check costs: under 5 s a function, and a point no more than twice torch.autograd.gradcheck's."""

from __future__ import annotations

from time import process_time
from typing import Any

import pytest

from proofs.conformance.cases import spread
from proofs.conformance.judging import judge
from proofs.conformance.subjects import vjp_subject
from tests.benchmarks.peers import problem, torch_gradcheck
from tests.conformance.planted import RIGHT, check

LAYERS = ("softmax", "affine", "layer_norm")


@pytest.mark.parametrize("name", RIGHT)
def test_a_function_is_checked_in_five_seconds(benchmark: Any, name: str) -> None:
    assert benchmark.pedantic(check, (RIGHT[name],), rounds=1)
    assert benchmark.stats.stats.max < 5


@pytest.mark.parametrize("name", LAYERS)
def test_a_point_beside_gradcheck(benchmark: Any, name: str) -> None:
    pytest.importorskip("torch", reason="PyTorch is that of the extra gradproof[torch]")
    layer = RIGHT[name]
    assert layer.backward is not None
    given = problem(layer, 0)
    subject = vjp_subject(layer.forward, layer.backward, layer.shapes, None, None, ("float64",))
    sizes = {d: 4 + k for k, d in enumerate(subject.space.dims)}
    case = subject.space.case(sizes, "float64", spread(2.0))
    judge(subject, case)
    peer = min(_seconds(lambda: torch_gradcheck(given)) for _ in range(5))
    benchmark.pedantic(judge, (subject, case), rounds=5)
    assert benchmark.stats.stats.min <= 2 * peer


def _seconds(run: Any) -> float:
    start = process_time()
    run()
    return process_time() - start
