"""A pytest plugin, loaded by its entry point: ``assert prove_vjp(...)`` fails with the whole answer as its message.

pytest cuts what it shows of a value short and on one line; of a Proof or a Verdict it then shows the printed form:
what is wrong, both formulas, the counterexample.
"""

from __future__ import annotations

import sys
from collections.abc import Generator, Iterator
from types import TracebackType
from typing import Any

import pytest

_RECOGNISED = 60
"""How many characters of its representation tell a value in pytest's message; it shows more than these."""


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """Give a failed assertion about a Proof or a Verdict its answer as the message."""
    if call.excinfo is not None and isinstance(call.excinfo.value, AssertionError):
        error = call.excinfo.value
        message = str(error)
        for answer in _answers(error.__traceback__):
            before, found, _ = message.partition(repr(answer).replace("\n", "\\n")[:_RECOGNISED])
            if found:
                error.args = (f"{before}{answer}",)
                break
    return (yield)


def _answers(trace: TracebackType | None) -> Iterator[object]:
    """The values that are not PROVED among the variables where an error was raised; pytest keeps its own there."""
    places = (("proofs.claim", "Verdict"), ("proofs.gradients.proof", "Proof"))
    kinds = tuple(getattr(sys.modules[module], kind) for module, kind in places if module in sys.modules)
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is not None and kinds:
        for value in (*trace.tb_frame.f_locals.values(), *trace.tb_frame.f_globals.values()):
            if issubclass(type(value), kinds) and not value:
                yield value
