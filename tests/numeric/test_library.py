"""Every layer and loss of the library keeps float32, and leaves its inputs as they were."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pytest

from proofs.capture import read_parameter
from proofs.gradients.plain import drawn
from proofs.gradients.recording import dimensions
from proofs.theorems.library import LAYERS, LOSSES


def inputs(shapes: Mapping[str, str]) -> list[Any]:
    parameters = tuple(read_parameter(name, text) for name, text in shapes.items())
    sizes = {d: 2 + n for n, d in enumerate(dimensions(parameters))}
    found = drawn(np.random.default_rng(5), parameters, sizes, {})
    return [x.astype(np.float32) if x.dtype.kind == "f" else x for x in found.values()]


def arrays(given: Any) -> Iterator[Any]:
    if isinstance(given, (tuple, list)):
        for part in given:
            yield from arrays(part)
    elif isinstance(given, (np.ndarray, np.floating)):
        yield given


def assert_single(given: Any) -> None:
    assert {str(x.dtype) for x in arrays(given) if x.dtype.kind == "f"} == {"float32"}


def held(given: list[Any]) -> list[Any]:
    return [np.array(x) for x in given]


@pytest.mark.parametrize("name", LAYERS)
def test_a_layer_keeps_float32_and_its_inputs(name: str) -> None:
    layer = LAYERS[name]
    given = inputs(layer.shapes)
    before = held(given)
    returned = layer.forward(*given)
    out, rest = (returned[0], returned[1:]) if isinstance(returned, tuple) else (returned, tuple(given))
    assert_single(out)
    assert_single(layer.backward(np.ones_like(out), *rest))
    for x, y in zip(given, before, strict=True):
        np.testing.assert_array_equal(x, y)


@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_keeps_float32_and_its_inputs(name: str) -> None:
    given = inputs(LOSSES[name].shapes)
    given = [np.abs(x) if x.ndim == 0 else x for x in given]
    before = held(given)
    assert_single(LOSSES[name].function(*given))
    for x, y in zip(given, before, strict=True):
        np.testing.assert_array_equal(x, y)
