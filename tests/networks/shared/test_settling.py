"""Verdicts about shared weights: exact, enclosed, refuted, undecided; and the certified accuracy."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofs.checker import check
from proofs.claim import Status
from proofs.networks.shared import (
    Bound,
    Piece,
    Topology,
    TopologyError,
    certified_accuracy,
    read_topology,
    settle_shared_weight,
    shared_weight_set,
)
from proofs.networks.shared.cover import OPEN, Part, right_rows
from proofs.networks.shared.pieces import polynomial_text, rounded, settled_text, weight_text
from proofs.networks.shared.plotting import draw_accuracy, draw_set
from proofs.networks.shared.topology import task
from tests.networks.shared.reference import ALL, certain, problems

POINTS = [*product((0, 1), repeat=2)]
XOR = [0, 1, 1, 0]
APART = Topology.of(2, [("linear", [1]), ("inverse", [2]), ("abs", [3, 4])], [5])
SQUARES = Topology.of(2, [("linear", [1, 2]), ("square", [3]), ("inverse", [4]), ("linear", [3, 5])], [6])
BENT = Topology.of(2, [("tanh", [1, 2]), ("square", [1, 2]), ("inverse", [4]), ("tanh", [3, 5])], [6])
TOPOLOGIES = Path(__file__).parents[3] / "examples" / "topologies"


@pytest.mark.parametrize(
    ("topology", "interval", "status", "kind"),
    [
        (APART, ("0.1", 2), Status.PROVED, "shared_weight"),
        (APART, (-2, "-0.1"), Status.PROVED, "shared_weight"),
        (APART, (-1, 1), Status.REFUTED, "shared_weight"),
        (SQUARES, ("0.85", "0.9"), Status.PROVED, "shared_weight"),
        (SQUARES, ("0.8", "0.9"), Status.REFUTED, "shared_weight"),
        (SQUARES, (1, 1), Status.REFUTED, "shared_weight"),
        (BENT, ("0.6", "0.89"), Status.PROVED, "shared_cover"),
        (BENT, ("0.6", 1), Status.REFUTED, "shared_cover"),
        (BENT, ("0.3", "0.7"), Status.REFUTED, "shared_cover"),
        (BENT, (0, "0.1"), Status.REFUTED, "shared_cover"),
        (BENT, ("0.7", "0.7"), Status.PROVED, "shared_cover"),
    ],
)
def test_an_interval(topology: Topology, interval: Any, status: Status, kind: str) -> None:
    verdict = settle_shared_weight(topology, POINTS, XOR, interval=interval)
    assert verdict.status is status
    assert verdict.certificate is not None
    assert check(dict(verdict.certificate.data)).kind == verdict.certificate.kind == kind
    assert (verdict.counterexample.startswith("at w = ")) == (status is Status.REFUTED)


def test_the_set_has_algebraic_ends() -> None:
    found = shared_weight_set(SQUARES, POINTS, XOR)
    assert found.verdict
    assert found.exact
    root = "0.840896 (2 w^4 - 1 = 0)"
    assert " or ".join(map(str, found.right)) == f"(-1, -{root}] or [{root}, 1)"
    assert [w in found for w in (1, -1, 0, "0.8408964", "0.8408965", "-0.9")] == [
        False,
        False,
        False,
        False,
        True,
        True,
    ]
    assert found.right[1].low is not None
    assert found.right[1].low.factor == (-1, 0, 0, 0, 2)


def test_the_set_of_a_bent_network_is_enclosed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("proofs.networks.shared.cover.HALVINGS", 12)
    found = shared_weight_set(BENT, POINTS, XOR, window=(-1, 1))
    assert found.verdict
    assert not found.exact
    low = max(piece.low.low for piece in found.right if piece.low)
    high = max(piece.high.high for piece in found.right if piece.high)
    assert (round(float(low), 3), round(float(high), 3)) == (0.592, 0.893)
    assert "{0}" in [str(piece) for piece in found.wrong]
    assert Fraction(9, 10) not in found


def test_nothing_is_claimed_without_time() -> None:
    undecided = settle_shared_weight(BENT, POINTS, XOR, interval=("0.6", "0.85"), seconds=1e-9)
    assert undecided.status is Status.UNDECIDED
    assert undecided.certificate is None
    assert "time allowed" in undecided.reason
    nothing = shared_weight_set(BENT, POINTS, XOR, seconds=1e-9)
    assert (nothing.verdict.status, nothing.right, nothing.wrong) == (Status.UNDECIDED, (), ())


def test_a_boundary_that_enclosures_cannot_tell_is_undecided() -> None:
    """w |tanh(w x1) - tanh(w x2)| is exactly 0 at x1 = x2 = 1, which a ball around 0 does not show."""
    nodes = [("tanh", [1]), ("tanh", [2]), ("inverse", [4]), ("linear", [3]), ("abs", [5, 6])]
    verdict = settle_shared_weight(Topology.of(2, nodes, [7]), POINTS, XOR, interval=(1, 2), seconds=0.3)
    assert verdict.status is Status.UNDECIDED


def test_a_degree_that_is_too_high_is_looked_at_by_enclosures() -> None:
    topology = Topology.of(1, [("square", [1 + k]) for k in range(9)], [10])
    verdict = settle_shared_weight(topology, [[1]], [1], interval=(1, "1.001"))
    assert verdict
    assert verdict.certificate is not None
    assert verdict.certificate.kind == "shared_cover"


@pytest.mark.parametrize("interval", [(1,), (2, 1), 3, "12", (1, "x"), (1, float("inf"))])
def test_an_interval_that_is_none_is_refused(interval: Any) -> None:
    with pytest.raises(ValueError, match="interval"):
        settle_shared_weight(APART, POINTS, XOR, interval=interval)


@given(problems(ALL), st.fractions(-2, 2, max_denominator=8), st.fractions(0, 1, max_denominator=8))
def test_a_verdict_is_never_against_an_evaluation(problem: Any, low: Fraction, length: Fraction) -> None:
    topology, rows, labels = problem
    verdict = settle_shared_weight(topology, rows, labels, interval=(low, low + length), seconds=0.2)
    if verdict.status is Status.PROVED:
        for w in (low, low + length / 3, low + length):
            assert all(certain(topology, row, label, w) is not False for row, label in zip(rows, labels, strict=True))
    if verdict.status is Status.REFUTED:
        assert verdict.counterexample


@pytest.mark.parametrize(
    ("name", "inputs", "exact"), [("xor", 2, "w in (-inf, 0) or (0, inf)"), ("parity3", 3, "w in (0, inf)")]
)
def test_networks_found_by_the_search(name: str, inputs: int, exact: str) -> None:
    topology = read_topology(TOPOLOGIES / f"{name}.json")
    points = [*product((0, 1), repeat=inputs)]
    labels = [sum(point) % 2 for point in points]
    assert settle_shared_weight(topology, points, labels).claim.text.endswith(exact)
    assert settle_shared_weight(topology, points, labels, interval=("0.1", 2))


def classify() -> tuple[Topology, list[list[int]], list[int]]:
    """Which of three sums is the largest, through tanh and a Gaussian."""
    nodes = [
        ("tanh", [1, 2]),
        ("gaussian", [1, 3]),
        ("tanh", [3, 0]),
        ("linear", [4]),
        ("linear", [5, 2]),
        ("relu", [6, 1]),
    ]
    topology = Topology.of(3, nodes, [7, 8, 9])
    points = [[a, b, c] for a in range(3) for b in range(2) for c in range(2)]
    out = topology.values(np.array(points), np.array([0.75]))[0]
    labels = out.argmax(axis=1).tolist()
    return topology, points, [*labels[:-2], (labels[-2] + 1) % 3, (labels[-1] + 1) % 3]


def test_the_accuracy_is_bounded_below() -> None:
    topology, points, labels = classify()
    found = certified_accuracy(topology, points, labels, ("0.5", 1), seconds=10)
    assert found.status is Status.PROVED
    assert (
        0
        < found.least
        <= min(right_rows(task(topology, points, labels), [Fraction(k, 64) for k in range(32, 65)]).sum(axis=1))
    )
    assert found.parts[0][0] == Fraction(1, 2)
    assert found.parts[-1][1] == 1
    assert all(left[1] == right[0] for left, right in zip(found.parts, found.parts[1:], strict=False))
    for verdict in found.verdicts:
        assert f"at least {found.least} of 12 rows" in verdict.evidence[-1].detail
    for w in (Fraction(1, 2), Fraction(2, 3), Fraction(1)):
        known = [
            certain(topology, list(map(Fraction, row)), label, w) for row, label in zip(points, labels, strict=True)
        ]
        assert known.count(True) >= found.least
    assert found.to_dict()["least"] == found.least
    assert str(found.least) in str(found)


def test_long_covers_are_several_certificates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("proofs.networks.shared.accuracy.MOST_STEPS", 5_000)
    topology, points, labels = classify()
    found = certified_accuracy(topology, points, labels, ("0.5", 1), seconds=10)
    assert len(found.verdicts) > 1
    assert all(found.verdicts)


def test_no_right_row_is_undecided() -> None:
    found = certified_accuracy(APART, POINTS[1:3], [0, 0], (1, 2))
    assert (found.status, found.least) == (Status.UNDECIDED, 0)


def test_the_line_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("proofs.networks.shared.cover.HALVINGS", 12)
    ax = draw_set(shared_weight_set(SQUARES, POINTS, XOR))
    closed = [line.get_markerfacecolor() != "white" for line in ax.lines if line.get_marker() == "o"]
    assert closed == [False, True, True, False]
    assert ax.get_xlabel() == "shared weight w"
    inside = draw_set(shared_weight_set(BENT, POINTS, XOR, window=(-1, 1)), (Fraction(0), Fraction(1)))
    assert inside.get_legend_handles_labels()[1] == [
        "accuracy (floating point)",
        "all right (proved)",
        "a row wrong (proved)",
    ]
    bound = draw_accuracy(certified_accuracy(*classify(), ("0.5", 1), seconds=2))
    assert "at least (proved)" in bound.get_legend_handles_labels()[1]


def test_numbers_beyond_all_doubles_are_no_trouble() -> None:
    large = 10**390
    line = Topology.of(1, [("linear", [1]), ("inverse", [0]), ("linear", [2, 3])], [4])
    found = shared_weight_set(line, [[large]], [1])
    assert found.verdict
    assert str(found.right[0]) == "(-inf, 0)" or found.right
    assert draw_set(found).lines
    bent = Topology.of(1, [("linear", [1]), ("tanh", [2])], [3])
    assert settle_shared_weight(bent, [[large]], [1], interval=(1, large))
    nothing = certified_accuracy(Topology.of(1, [("sin", [1]), ("tanh", [2])], [3]), [[large]], [1], (1, large))
    assert nothing.status is Status.UNDECIDED


def test_pieces_are_shown() -> None:
    half = Bound.of(Fraction(1, 2))
    assert str(Piece(half, half, True, True)) == "{0.5}"
    assert str(Piece(None, half)) == "(-inf, 0.5)"
    assert polynomial_text((-1, 1, 0, -3)) == "-3 w^3 + w - 1"
    assert polynomial_text(()) == "0"
    assert Piece(half, None, True).to_dict()["text"] == "[0.5, inf)"


def test_bad_data_is_refused_before_any_work() -> None:
    with pytest.raises(TopologyError):
        settle_shared_weight(APART, [[0]], [0])
    with pytest.raises(TopologyError):
        certified_accuracy(APART, POINTS, XOR, (2, 1))


LATE = Topology.of(2, [("tanh", [1, 2]), ("sin", [3])], [4])


def half_open(_: Any, low: Fraction, high: Fraction) -> list[Part]:
    """A search that ran out of time in the middle."""
    return [Part(low, Fraction(0), 1), Part(Fraction(0), high, OPEN)]


def test_a_window_with_an_open_half_is_undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("proofs.networks.shared.settling.find_cover", half_open)
    found = shared_weight_set(LATE, POINTS, XOR)
    assert found.verdict.status is Status.UNDECIDED
    assert found.verdict.certificate is None
    assert "for no w" not in found.verdict.claim.text
    assert "not for w in [-4, 0]; open: w in (0, 4]" in found.verdict.reason
    assert ([str(piece) for piece in found.wrong], [str(piece) for piece in found.open]) == (["[-4, 0]"], ["(0, 4]"])
    assert [piece["text"] for piece in found.verdict.details["open"]] == ["(0, 4]"]
    labels = draw_set(found).get_legend_handles_labels()[1]
    assert "a row wrong (no certificate)" in labels
    assert not any("(proved)" in label for label in labels)


def test_small_gaps_are_named_in_the_claim() -> None:
    found = shared_weight_set(BENT, POINTS, XOR, window=(-1, 1))
    assert found.verdict
    assert "; open: w in " in found.verdict.claim.text
    assert "/" not in found.verdict.claim.text
    named = shared_weight_set(BENT, POINTS, XOR, window=np.array([-1, 1.0]), text="XOR").verdict  # type: ignore[arg-type]
    assert named.claim.text.startswith("XOR; open: w in ")
    assert str(found) == str(found.verdict)
    assert repr(found).startswith("<SharedWeightSet PROVED: of the w in [-1, 1]")
    assert found.__rich__() == found.verdict.__rich__()
    assert found._repr_html_() == found.verdict._repr_html_()


def test_a_window_without_a_right_weight_is_proved() -> None:
    found = shared_weight_set(LATE, POINTS, [1, 1, 1, 1], window=(1, 2))
    assert found.verdict.claim.text == "of the w in [1, 2], the network computes the labels for no w"
    assert found.verdict


@given(st.fractions(-3, 3), st.fractions(0, 2), st.fractions(-5, 5))
def test_rounded_pieces_hold_inside_and_outside(low: Fraction, length: Fraction, w: Fraction) -> None:
    piece = Piece(Bound.of(low), Bound.of(low + length), True, True)
    inside, outside = rounded(piece, outward=False), rounded(piece, outward=True)
    for x in (w, low, low + length, low + length / 2):
        assert piece.contains(x) or not inside.contains(x)
        assert outside.contains(x) or not piece.contains(x)


def test_weights_are_shown_as_decimals() -> None:
    shown = [weight_text(Fraction(x)) for x in ("0.1", "1/3", 0.1, -12582911 / 4194304)]
    assert shown == ["0.1", "1/3", "the double nearest 0.1", "the double nearest -2.999999761581421"]
    assert weight_text(Fraction(10**12 + 1, 10**13)).endswith("/10000000000000 (about 0.1)")
    third = Piece(Bound.of(Fraction(1, 3)), Bound.of(Fraction(2, 3)), True, True)
    assert settled_text((third,)) == "w in [0.333334, 0.666666]"
    assert settled_text((third,), outward=True) == "w in [0.333333, 0.666667]"
    assert settled_text((third,) * 10).endswith(" or 2 more pieces")
    assert settled_text(()) == "no w"
    verdict = settle_shared_weight(APART, POINTS, XOR, interval=(0.1, 2))
    assert verdict.claim.text.startswith("for every w in [the double nearest 0.1, 2] ")


def test_an_accuracy_is_shown_as_a_table() -> None:
    found = certified_accuracy(*classify(), ("0.5", 1), seconds=2)
    assert "\n    w from 0.5 to " in str(found)
    assert "\n" not in repr(found)
    assert "Fraction" not in repr(found) + str(found) + found.__rich__() + found._repr_html_()


def test_what_no_certificate_says_is_not_drawn_as_proved() -> None:
    found = certified_accuracy(*classify(), ("0.5", 1), seconds=2)
    assert found.proved == [(Fraction(1, 2), Fraction(1))]
    (thick,) = [line for line in draw_accuracy(found).lines if line.get_label() == "at least (proved)"]
    assert np.all(np.asarray(thick.get_ydata()) == found.least / 12)
    lost = replace(found, verdicts=tuple(replace(one, status=Status.UNDECIDED) for one in found.verdicts))
    assert lost.proved == []
    labels = draw_accuracy(lost).get_legend_handles_labels()[1]
    assert labels == ["accuracy (floating point)", "found right (no certificate)"]
