"""Shapes belong to parameters by name: the order in which they are written changes no verdict."""

from typing import Any

import pytest

from proofs.claim import Status
from proofs.gradients import prove_gradient, prove_vjp

ORDERS = ({"x": "N", "w": "N"}, {"w": "N", "x": "N"})


def scaled(x: Any, w: Any) -> Any:
    return x * w


def right(dout: Any, x: Any, w: Any) -> Any:
    return {"dx": dout * w, "dw": dout * x}


def swapped(dout: Any, x: Any, w: Any) -> Any:
    return {"dx": dout * x, "dw": dout * w}


def loss(x: Any, w: Any) -> Any:
    return (x * x * w).sum(), {"dx": 2 * x * w}


@pytest.mark.parametrize("shapes", ORDERS)
def test_the_order_of_the_shapes_changes_no_verdict(shapes: dict[str, str]) -> None:
    assert prove_vjp(scaled, right, shapes).status is Status.PROVED
    assert prove_vjp(scaled, swapped, shapes).status is Status.REFUTED
    assert prove_gradient(loss, shapes, ["x"]).status is Status.PROVED
