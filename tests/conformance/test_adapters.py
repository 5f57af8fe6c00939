"""Functions of PyTorch and JAX are held to NumPy formulas, and wrong ones are caught, where they are installed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from proofs.conformance import adapters, check_jax, check_torch
from tests.conformance import planted

X = {"x": "N C"}
FEW = {"examples": 2, "seconds": 2.0}


def mean_cross_entropy(x: Any, y: Any) -> Any:
    return planted.cross_entropy(x, y)[0]


def test_torch() -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is that of the extra gradproof[torch]")
    functional = torch.nn.functional

    class Tanh(torch.autograd.Function):
        @staticmethod
        def forward(context: Any, x: Any) -> Any:
            context.save_for_backward(torch.tanh(x))
            return torch.tanh(x)

        @staticmethod
        def backward(context: Any, dout: Any) -> Any:
            return dout * (1 - context.saved_tensors[0])

    assert check_torch(lambda x: torch.softmax(x, 1), planted.softmax, X, **FEW)
    labels = {"x": "N C", "y": "N -> C"}
    assert check_torch(functional.cross_entropy, mean_cross_entropy, labels, **FEW)
    assert not check_torch(Tanh.apply, planted.tanh, X, **FEW)


def test_jax() -> None:
    jax = pytest.importorskip("jax", reason="JAX is that of the extra gradproof[jax]")

    @jax.custom_vjp
    def tanh(x: Any) -> Any:
        return jax.numpy.tanh(x)

    tanh.defvjp(lambda x: (tanh(x), tanh(x)), lambda y, dout: (dout * (1 - y),))
    assert check_jax(lambda x: jax.nn.softmax(x, 1), planted.softmax, X, **FEW)
    assert not check_jax(tanh, planted.tanh, X, **FEW)


def test_a_framework_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> Any:
        raise ImportError(name)

    monkeypatch.setattr(adapters, "import_module", missing)
    with pytest.raises(ImportError, match=r"pip install 'gradproof\[torch\]'"):
        check_torch(np.tanh, planted.tanh, X)
    with pytest.raises(ImportError, match=r"pip install 'gradproof\[jax\]'"):
        check_jax(np.tanh, planted.tanh, X)
