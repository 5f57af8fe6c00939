"""A census by classes: accepted when it is whole and right, and not when any part of it is changed."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proofs.checker import Malformed, Rejected, check
from proofs.checker.census import covers
from tests.checker.certificates import certificate, refuted, verdict


def census(inputs: int, classes: list[Any], threshold: int, np_classes: int, path: str = "") -> dict[str, Any]:
    return certificate("census", inputs=inputs, path=path, threshold=threshold, np_classes=np_classes, classes=classes)


SMALL = [
    census(0, [{"weights": [1]}], 2, 2),
    census(1, [{"weights": [1, 0]}], 4, 3),
    census(2, [{"weights": [1, 0, 0]}, {"weights": [1, 1, 1]}], 14, 5),
    census(2, [{"weights": [3, 1, 1]}], 6, 3, "0"),
    census(2, [{"weights": [2, 2, 1]}], 8, 2, "1"),
]


@pytest.mark.parametrize("data", SMALL, ids=lambda data: f"{data['inputs']}{data['path']}")
def test_by_hand(data: dict[str, Any]) -> None:
    assert check(data).kind == "census"
    assert refuted({**data, "threshold": data["threshold"] + 1})
    assert refuted({**data, "np_classes": data["np_classes"] - 1})
    assert isinstance(verdict({**data, "classes": data["classes"] * 2}), Rejected)
    assert isinstance(verdict({**data, "classes": data["classes"][1:]}), Rejected)
    assert isinstance(verdict({**data, "inputs": data["inputs"] + 1}), (Rejected, Malformed))


@pytest.mark.parametrize(
    ("change", "answer"),
    [
        ({"classes": [{"weights": [1, 1, 1]}, {"weights": [1, 0, 0]}]}, Rejected),
        ({"classes": [{"weights": [1, 0, 0]}, {"weights": [1, 1]}]}, Malformed),
        ({"classes": [{"weights": [1, 0, 0]}, {"weights": [1, 1, "1"]}]}, Malformed),
        ({"classes": [{"weights": [1, 0, 0]}, {"weights": [1, 1, -1]}]}, Malformed),
        ({"classes": [{"weights": [1, 0, 0]}, 7]}, Malformed),
        ({"classes": [{"weights": [1, 0, 0]}, {"points": [], "multipliers": []}]}, Malformed),
        ({"classes": [{"weights": [1, 0, 0]}, {"points": [[1, 1, 1]], "multipliers": [1]}]}, Rejected),
        ({"classes": [{"points": [[1, 1, -1], [-1, -1, 1]], "multipliers": [1, 1]}]}, Malformed),
        ({"path": "00"}, Malformed),
        ({"path": "2"}, Malformed),
        ({"path": ["0"]}, Malformed),
        ({"path": "0"}, Rejected),
        ({"inputs": 9}, Malformed),
    ],
)
def test_a_changed_census_is_not_accepted(change: dict[str, Any], answer: type[Exception]) -> None:
    assert type(verdict({**SMALL[2], **change})) is answer


def refutation(multipliers: list[int], points: str) -> dict[str, Any]:
    """Points written as their signs."""
    return {"points": [[1 if sign == "+" else -1 for sign in x] for x in points.split()], "multipliers": multipliers}


PART = census(
    8,
    [
        refutation([1, 1, 2, 1, 1], "---++++++ +-+-+---+ -+++---+- ++---+--+ +---++++-"),
        refutation([1, 1, 1, 1], "---++++++ +-+--++-- -+++---+- ++--+---+"),
        refutation([1, 1, 1, 1], "---++++++ +-+-+--+- -+++---+- ++---+--+"),
        refutation([1, 1, 1, 1], "---++++++ +-+-+-+-- -+++---+- ++---+--+"),
        {"weights": [16, 15, 12, 11, 8, 8, 6, 6, 5]},
        {"weights": [18, 17, 13, 13, 9, 9, 7, 7, 6]},
    ],
    69672960,
    26,
    "11110111001100",
)


def test_a_part_with_refutations_is_accepted() -> None:
    assert check(PART).says.endswith(f"below the node {PART['path']} of the tree")


@settings(max_examples=6)
@given(st.data())
def test_no_number_of_a_refutation_can_be_made_up(data: st.DataObject) -> None:
    """Larger and smaller multipliers may still refute; negative, missing or all-zero ones, and false points, do not."""
    part = deepcopy(PART)
    refutations = [entry for entry in part["classes"] if "points" in entry]
    entry = data.draw(st.sampled_from(refutations))
    place = data.draw(st.integers(0, len(entry["points"]) - 1))
    change = data.draw(st.sampled_from(("negative", "zero", "short", "false", "gone")))
    if change == "negative":
        entry["multipliers"][place] *= -1
    elif change == "zero":
        entry["multipliers"] = [0] * len(entry["multipliers"])
    elif change == "short":
        entry["multipliers"].pop()
    elif change == "false":
        entry["points"][place] = [-value for value in entry["points"][place]]
    else:
        part["classes"].remove(entry)
    with pytest.raises((Rejected, Malformed)):
        check(part)


@settings(max_examples=6)
@given(st.data())
def test_no_class_can_be_left_out_or_exchanged(data: st.DataObject) -> None:
    part = deepcopy(PART)
    first, second = data.draw(st.lists(st.integers(0, len(part["classes"]) - 1), min_size=2, max_size=2, unique=True))
    entries = part["classes"]
    if data.draw(st.booleans()):
        entries[first], entries[second] = entries[second], entries[first]
    else:
        del entries[first]
    with pytest.raises((Rejected, Malformed)):
        check(part)


@given(st.lists(st.integers(0, 10), max_size=12))
def test_paths_cover_the_tree_exactly_when_they_are_its_parts(cuts: list[int]) -> None:
    paths = [""]
    for cut in cuts:
        path = paths.pop(cut % len(paths))
        paths += [f"{path}0", f"{path}1"]
    assert covers(paths)
    assert not covers(paths[1:])
    assert not covers([*paths, paths[0]])
    assert not covers([*paths, f"{paths[-1]}0"])
    if len(paths) > 2:
        assert not covers(["", *paths])
