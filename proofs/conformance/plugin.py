"""A pytest plugin, loaded by its entry point: ``assert prove_vjp(...)`` fails with the whole answer as its message.

pytest cuts what it shows of a value short and on one line; of a Proof, a Verdict or a Report it then shows the printed
form: what is wrong, both formulas, the counterexample. ``--gradproof-profile`` says how much conformance checks try;
what they found is a table at the end, and a property ``gradproof`` of the test in JUnit files. A suite that uses none
of it pays nothing: the rooms are imported by the tests, not from here.
"""

from __future__ import annotations

import sys
from collections.abc import Generator, Iterator
from types import TracebackType
from typing import Any

import pytest

_RECOGNISED = 60
"""How many characters of its representation tell a value in pytest's message; it shows more than these."""
_PROFILES = ("quick", "default", "thorough")
_PROPERTY = "gradproof"


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--gradproof-profile``."""
    group = parser.getgroup("gradproof")
    group.addoption("--gradproof-profile", choices=_PROFILES, help="How much conformance checks and Hypothesis try.")


def pytest_configure(config: pytest.Config) -> None:
    """Put the profile asked for in force."""
    name = config.getoption("--gradproof-profile", None)
    if name:
        from proofs.conformance.profiles import use

        use(name)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """Keep the reports of a test as its properties."""
    _reports()
    try:
        return (yield)
    finally:
        item.user_properties += [(_PROPERTY, _summary(report)) for report in _reports()]


def _reports() -> list[Any]:
    """The reports made since the last call."""
    room = sys.modules.get("proofs.conformance.report")
    found = list(room.MADE) if room is not None else []
    if room is not None:
        room.MADE.clear()
    return found


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """Give a failed assertion about a Proof, a Verdict or a Report its answer as the message."""
    if call.excinfo is not None and isinstance(call.excinfo.value, AssertionError):
        error = call.excinfo.value
        message = str(error)
        for answer in _answers(error.__traceback__):
            before, found, _ = message.partition(repr(answer).replace("\n", "\\n")[:_RECOGNISED])
            if found:
                error.args = (f"{before}{answer}",)
                break
    return (yield)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """What the conformance checks of all tests found."""
    reports = [r for group in terminalreporter.stats.values() for r in group if getattr(r, "when", "") == "call"]
    rows = [text for r in reports for name, text in getattr(r, "user_properties", ()) if name == _PROPERTY]
    if rows:
        terminalreporter.section("gradproof: floats tested against formulas")
        for row in dict.fromkeys(rows):
            terminalreporter.write_line(row)


def _summary(report: Any) -> str:
    """One line about a report."""
    said = f"{report.ratio:.2g} of the error allowed, {report.examples} inputs" if report else report.reason
    if report.failure is not None:
        said = report.failure.diagnosis
    return f"{report.status.mark} {report.status.value:<9} {report.text}: {said}"


def _answers(trace: TracebackType | None) -> Iterator[object]:
    """The values that are not PROVED among the variables where an error was raised; pytest keeps its own there."""
    places = (
        ("proofs.claim", "Verdict"),
        ("proofs.gradients.proof", "Proof"),
        ("proofs.conformance.report", "Report"),
    )
    kinds = tuple(getattr(sys.modules[module], kind) for module, kind in places if module in sys.modules)
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is not None and kinds:
        for value in (*trace.tb_frame.f_locals.values(), *trace.tb_frame.f_globals.values()):
            if issubclass(type(value), kinds) and not value:
                yield value
