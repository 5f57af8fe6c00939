"""Results tables: what follows from the numbers is settled exactly; what is likely has its odds and is never proved."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from rich.console import Console

from proofs import derivations
from proofs.checker import check
from proofs.claim import Status
from proofs.derivations import InputError, Item, Line, audit_text


def entry(**keys: object) -> Item:
    """The settled entry of a document of one table; dictionaries and lists are written as TOML writes them."""
    text = "\n".join(f"{key} = {_toml(value)}" for key, value in keys.items())
    (item,) = audit_text(f"[[results]]\n{text}\n").items
    return item


def _toml(value: object) -> str:
    match value:
        case dict():
            return f"{{ {', '.join(f'{key} = {_toml(part)}' for key, part in value.items())} }}"
        case list():
            return f"[{', '.join(map(_toml, value))}]"
        case _:
            return json.dumps(value)


def inferred(item: Item) -> list[tuple[str, str, str]]:
    return [(line.text, line.inference.word, line.inference.text) for line in item.lines if line.inference]


def possible(item: Item) -> dict[str, Status]:
    return {line.text.split(":")[0]: line.status for line in item.lines if "is a share of" in line.text}


def printed(count: int, size: int, places: int) -> str:
    return f"{count / size:.{places}f}"


SIZES = st.integers(1, 300)


@given(SIZES, st.integers(0, 4), st.data())
def test_what_a_count_prints_is_never_called_impossible(size: int, places: int, data: st.DataObject) -> None:
    counts = data.draw(st.lists(st.integers(0, size), min_size=1, max_size=5))
    item = entry(accuracy={"test": [printed(count, size, places) for count in counts]}, sizes={"test": size})
    assert possible(item) == {"test": Status.PROVED}


@given(SIZES, st.integers(1, 4), st.data())
def test_what_no_count_prints_is_always_called_impossible(size: int, places: int, data: st.DataObject) -> None:
    everything = {round(float(printed(k, size, places)) * 10**places) for k in range(size + 1)}
    near = {d + step for d in everything for step in (-1, 0, 1)}  # a half may be rounded the other way
    digits = data.draw(st.integers(0, 10**places))
    assume(digits not in near)
    value = f"{digits / 10**places:.{places}f}"
    item = entry(accuracy={"test": ["1.0", value]}, sizes={"test": size})
    assert possible(item) == {"test": Status.REFUTED}
    (line,) = item.lines
    assert value in line.verdict.counterexample
    assert line.cells == (("test", 1),)
    assert line.verdict.certificate is not None
    assert check(line.verdict.certificate.data)


def test_an_impossible_value_is_shown_between_its_neighbours() -> None:
    (line,) = entry(accuracy={"test": ["0.90", "0.8993"]}, sizes={"test": 300}).lines
    said = "0.8993 at column 2 is none: of 300 rows, 269 are 0.896667 and 270 are 0.900000"
    assert line.verdict.counterexample == said


def test_digits_are_read_as_they_are_written() -> None:
    sizes = {"test": 30}
    assert possible(entry(accuracy={"test": [0.87]}, sizes=sizes)) == {"test": Status.PROVED}
    assert possible(entry(accuracy={"test": ["0.870"]}, sizes=sizes)) == {"test": Status.REFUTED}
    assert possible(entry(accuracy={"test": [86.7]}, unit="percent", sizes=sizes)) == {"test": Status.PROVED}
    assert possible(entry(accuracy={"test": [86.6]}, unit="percent", sizes=sizes)) == {"test": Status.REFUTED}
    assert possible(entry(accuracy={"test": [".5"]}, sizes={"test": 2})) == {"test": Status.PROVED}


SIXTEENTHS = st.lists(st.integers(0, 16), min_size=3, max_size=6, unique=True)


@given(SIXTEENTHS)
def test_multiples_of_the_rest_of_a_pass_are_found(counts: list[int]) -> None:
    values = [printed(count, 16, 4) for count in counts]
    item = entry(accuracy={"training": values}, sizes={"training": 50_000}, batch=64)
    assert [line.status for line in item.lines] == [Status.PROVED, Status.PROVED, Status.UNDECIDED]
    last = "it is the accuracy of the last mini-batch of a pass, 16 rows"
    assert inferred(item) == [("training is the accuracy on all 50,000 rows", "likely", last)]


@given(st.lists(st.integers(0, 50_000), min_size=1, max_size=5))
def test_numbers_that_are_no_multiples_are_left_alone(counts: list[int]) -> None:
    assume(any(min(count % 3125, -count % 3125) > 5 for count in counts))
    values = [printed(count, 50_000, 4) for count in counts]
    item = entry(accuracy={"training": values}, sizes={"training": 50_000}, batch=64)
    assert inferred(item) == []


def test_two_round_numbers_are_no_evidence() -> None:
    item = entry(accuracy={"training": ["0.50", "0.25"]}, sizes={"training": 50_000}, batch=64)
    assert inferred(item) == []
    item = entry(accuracy={"training": ["0.500", "0.250", "0.125"]}, sizes={"training": 50_000}, batch=64)
    assert [word for _, word, _ in inferred(item)] == ["likely"]


def test_digits_too_few_to_tell_are_left_alone() -> None:
    item = entry(accuracy={"training": [0.9, 0.8, 0.4]}, sizes={"training": 50_000}, batch=64)
    assert [line.status for line in item.lines] == [Status.PROVED]


def test_one_mini_batch_of_a_set_that_has_no_rest() -> None:
    item = entry(accuracy={"training": [0.9375, 0.8125]}, sizes={"training": 51_200}, batch=16)
    assert inferred(item)[0][2] == "it is the accuracy of one mini-batch, 16 rows"


EQUAL = ["0.1135", "0.7168", "0.7616"]


def test_one_measurement_under_two_names() -> None:
    item = entry(accuracy={"validation": EQUAL, "test": EQUAL}, sizes={"validation": 10_000, "test": 10_000})
    same = "they are one measurement under two names"
    assert inferred(item) == [("validation and test are two measurements", "likely", same)]
    unknown = entry(accuracy={"validation": EQUAL, "test": EQUAL})
    assert inferred(unknown) == [("validation and test are two measurements", "possible", same)]
    other = [*EQUAL[:-1], "0.7617"]
    assert not inferred(entry(accuracy={"validation": EQUAL, "test": other}, sizes={"test": 10_000}))
    coarse = {"validation": ["1.0"], "test": ["1.0"]}
    assert not inferred(entry(accuracy=coarse, sizes={"validation": 10_000, "test": 10_000}))


COUNTS = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]


@given(st.integers(0, 9))
def test_the_share_of_a_class_is_named(label: int) -> None:
    values = ["0.9001", printed(COUNTS[label], 10_000, 4)]
    item = entry(accuracy={"test": values}, class_counts={"test": COUNTS})
    (share,) = [line for line in item.lines if "share of class" in line.text]
    assert share.status is Status.PROVED
    assert share.text.endswith(f"at column 2 is the share of class {label}")
    assert share.verdict.certificate is not None
    assert share.verdict.certificate.data["counts"] == [COUNTS[label]]
    ((claim, _, text),) = inferred(item)
    assert claim == "test: the network at column 2 gives more than one answer"
    assert text == f"it answers {label} to every row"


def test_a_share_that_guessing_would_give_is_possible_rather_than_likely() -> None:
    item = entry(accuracy={"test": ["0.5000"]}, class_counts=[4999, 5000, 1])
    assert [word for _, word, _ in inferred(item)] == ["likely"]
    item = entry(accuracy={"test": ["0.500"]}, class_counts=[500, 500])
    assert [word for _, word, _ in inferred(item)] == ["likely"]
    item = entry(accuracy={"test": ["0.50"]}, class_counts=[50, 50])
    assert [word for _, word, _ in inferred(item)] == ["possible"]


def test_digits_too_few_to_name_a_class_are_left_alone() -> None:
    item = entry(accuracy={"test": ["0.1"]}, class_counts=COUNTS)
    assert not inferred(item)
    assert not [line for line in item.lines if "share of class" in line.text]


@pytest.mark.parametrize("other", [0.3, 0.7616, "0.3000"])
def test_a_number_with_few_digits_hides_no_share_of_a_class(other: float | str) -> None:
    item = entry(accuracy={"test": [0.1135, other]}, sizes={"test": 10_000}, class_counts=COUNTS)
    (share,) = [line for line in item.lines if "share of class" in line.text]
    assert (share.status, share.text) == (Status.PROVED, "test: 0.1135 at column 1 is the share of class 1")
    assert [word for _, word, _ in inferred(item)] == ["likely"]
    weighed = item.lines[-1].verdict.reason
    assert ("any of 2 different values" in weighed) == (other != 0.3)


def test_a_share_that_only_one_class_has_is_named_with_any_digits_and_nothing_inferred() -> None:
    item = entry(accuracy={"test": ["0.3"]}, class_counts=[3_000, 7_000])
    assert [line.text for line in item.lines if "share of class" in line.text] == ["test: 0.3 is the share of class 0"]
    assert not inferred(item)


@given(st.permutations(range(5)))
def test_the_order_of_the_columns_does_not_matter(order: Sequence[int]) -> None:
    training = ["0.125", "0.125", "0.6875", "0.75", "0.75"]
    test = ["0.1135", "0.1135", "0.7168", "0.7616", "0.7616"]
    names = ["1", "0.1", "0.01", "0.001", "0.0001"]

    def findings(places: Sequence[int]) -> list[tuple[str, str]]:
        item = entry(
            accuracy={"training": [training[k] for k in places], "test": [test[k] for k in places]},
            columns=[names[k] for k in places],
            sizes={"training": 50_000, "test": 10_000},
            class_counts=COUNTS,
            batch=64,
        )
        return [(line.status.value, " ".join(sorted(line.text.replace(",", "").split()))) for line in item.lines]

    assert findings(order) == findings(range(5))


@pytest.mark.parametrize(
    ("steps", "status"),
    [(7_820, Status.PROVED), (7_810, Status.PROVED), (782, Status.REFUTED), (7_812, Status.REFUTED)],
)
def test_steps_are_counted_with_or_without_the_rest(steps: int, status: Status) -> None:
    item = entry(accuracy={"training": [0.5]}, sizes={"training": 50_000}, batch=64, epochs=10, steps=steps)
    assert item.lines[-1].status is status
    assert "10 epochs are 7,820 steps, or 7,810 without the last mini-batch of 16 rows" in item.lines[-1].verdict.reason


def test_epochs_alone_are_not_settled_by_a_table() -> None:
    line = entry(accuracy={"training": [0.5]}, sizes={"training": 50_000}, batch=64, epochs=10).lines[-1]
    assert line.status is Status.UNDECIDED
    assert line.text == "the table was made after 10 epochs, 7,820 steps"


@pytest.mark.parametrize(
    ("keys", "text", "missing"),
    [
        ({"steps": 7_800, "epochs": 10}, "10 epochs, 7,800 steps", "batch"),
        ({"steps": 7_800, "batch": 64}, "7,800 steps", "epochs"),
        ({"steps": 1}, "1 step", "epochs, batch"),
        ({"epochs": 1}, "1 epoch", "batch"),
    ],
)
def test_steps_that_cannot_be_settled_are_said_with_what_is_missing(
    keys: dict[str, int], text: str, missing: str
) -> None:
    item = entry(accuracy={"training": [0.5]}, sizes={"training": 50_000}, **keys)
    assert item.status is Status.UNDECIDED
    assert item.lines[-1].text == f"the table was made after {text}"
    assert item.lines[-1].verdict.reason.endswith(f"missing here: {missing}")
    assert item.lines[-1].number == 4


def test_the_training_set_needs_no_row_of_its_own() -> None:
    keys: dict[str, object] = {"steps": 1, "epochs": 10, "batch": 64}
    unknown = entry(accuracy={"test": [0.5]}, sizes={"test": 10_000}, **keys)
    assert unknown.status is Status.UNDECIDED
    assert unknown.lines[-1].verdict.reason.endswith("missing here: sizes = { training = ... }")
    known = entry(accuracy={"test": [0.5]}, sizes={"test": 10_000, "training": 50_000}, **keys)
    assert [line.status for line in known.lines] == [Status.PROVED, Status.REFUTED]


def test_one_of_a_thing_is_not_called_many() -> None:
    item = entry(accuracy={"train": [0.5]}, sizes={"train": 1}, batch=1, epochs=1)
    possible, made = item.lines
    assert possible.text == "train: every value is a share of 1 row"
    assert possible.verdict.counterexample == "0.5 is none: of 1 row, 0 are 0.000 and 1 is 1.000"
    assert made.text == "the table was made after 1 epoch, 1 step"
    assert made.verdict.reason.endswith("1 epoch is 1 step")
    item = entry(accuracy={"train": [0.5]}, sizes={"train": 6}, batch=2, epochs=1, steps=3)
    assert (item.lines[-1].text, item.lines[-1].verdict.reason) == ("3 steps are 1 epoch", "1 epoch is 3 steps")
    item = entry(accuracy={"training": [0.9375, 0.8125]}, sizes={"training": 51_200}, batch=16)
    assert item.lines[1].text.endswith("rounded; a mini-batch has 16 rows")


def test_likely_is_a_word_of_its_own_in_the_terminal_and_in_the_data() -> None:
    text = """
[[results]]
name = "Accuracy"
by = "rate"
columns = ["1", "[red]2[/red]"]
accuracy = { training = [0.9375, 0.0625] }
sizes = { training = 50_000 }
batch = 64
"""
    found = audit_text(text)
    console = Console(width=120, file=StringIO(), color_system="standard", force_terminal=True, legacy_windows=False)
    console.print(found)
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    (said,) = [row for row in shown.splitlines() if "likely: it is" in row]
    assert "\x1b[33m" in said
    assert "\x1b[32m" not in said
    assert "0.9375" in shown
    assert "[red]2[/red]" in shown
    (item,) = found.to_dict()["items"]
    assert item["table"]["rows"] == {"training": ["0.9375", "0.0625"]}
    likely = item["lines"][-1]["inference"]
    assert (likely["word"], likely["against"][1]["chance"]) == ("likely", "289/4225")
    assert item["lines"][-1]["verdict"] == "UNDECIDED"
    json.dumps(found.to_dict())


def test_a_table_with_nothing_odd_is_proved_to_be_possible_and_no_more() -> None:
    lines: tuple[Line, ...] = entry(accuracy={"test": [0.8992, 0.7616]}, sizes={"test": 10_000}).lines
    assert [(line.status, line.inference) for line in lines] == [(Status.PROVED, None)]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("", "line 1: .*needs the key 'accuracy'"),
        ("acuracy = 3", "line 2: .*no key 'acuracy'; did you mean 'accuracy'"),
        ("accuracy = 3", r"line 2: accuracy: expected \{ test = \[0.8992, ...\] \}, got 3"),
        ("accuracy = {}", "line 2: accuracy: expected"),
        ("accuracy = { test = [] }", "line 2: accuracy: test: expected a list"),
        ("accuracy = { test = 0.5 }", "line 2: accuracy: test: expected a list"),
        (
            "accuracy.val = [0.5]\naccuracy.test = [89.92]",
            "line 3: .*89.92 is above 1; .*write 0.8992, or say unit = 'percent'",
        ),
        ("accuracy = { test = [101] }", "101 is above 1; an accuracy is a share, between 0 and 1$"),
        ("accuracy = { test = [-0.1] }", "-0.1 is below 0"),
        ("accuracy = { test = [nan] }", "got NaN; leave the column out"),
        ("accuracy = { test = [inf] }", "got Infinity"),
        ("accuracy = { test = [true] }", "expected a decimal such as 0.9375, got true"),
        ('accuracy = { test = ["90%"] }', "expected a decimal such as 0.9375, got '90%'"),
        ('accuracy = { test = ["١"] }', "expected a decimal"),
        ("accuracy = { test = [1e-400] }", "at most 20 digits"),
        ("accuracy = { test = [1e400] }", "at most 20 digits"),
        ("accuracy = { test = [0.5, 0.25], train = [0.5] }", "test and train have 2 and 1 values; give one a column"),
        ("accuracy = { test = [0.5] }", "settles nothing; say how many rows"),
        ("accuracy = { test = [0.5] }\nsizes = 10", "line 3: sizes: expected { test = 10_000 }"),
        ("accuracy = { test = [0.5] }\nsizes = { test = -5 }", "line 3: sizes: test: expected a whole number from 1"),
        ("accuracy = { test = [0.5] }\nsizes = { test = 0 }", "expected a whole number from 1"),
        ("accuracy = { test = [0.5] }\nsizes = { test = 1e4 }", "expected a whole number from 1"),
        ("accuracy = { test = [0.5] }\nsizes = { test = 9_000_000_000_000 }", "expected a whole number from 1 to 10"),
        ("accuracy = { test = [0.5] }\nsizes = { tset = 10 }", "accuracy has no row 'tset'; it has test"),
        ("accuracy = { test = [0.5] }\nsizes = { test = 10 }\nbatch = 0", "line 4: batch: expected a whole number"),
        ("accuracy = { test = [0.5] }\ncolumns = ['a', 'b']", "line 3: columns: expected a list of 1 names"),
        ("accuracy = { test = [0.5] }\nclass_counts = [5]", "line 3: class_counts: test: expected from 2 to"),
        ("accuracy = { test = [0.5] }\nclass_counts = [5, -1]", "expected whole numbers from 0"),
        ("accuracy = { test = [0.5] }\nclass_counts = [0, 0]", "add up to 0 rows"),
        ("accuracy = { val = [0.5] }\nclass_counts = [3, 4]", "accuracy has no row 'test'; it has val"),
        ("accuracy = { test = [0.5] }\nclass_counts = [3, 4]\nsizes = { test = 8 }", "add up to 7; correct one"),
        ("accuracy = { test = [0.5] }\nunit = 'permille'", "line 3: unit: expected 'fraction' or 'percent'"),
        ("accuracy = { test = [0.5, 0.9] }\nunit = 'percent'", "line 3: unit: no value is above 1 percent; leave out"),
        ("accuracy = { test = [190] }\nunit = 'percent'", "190 is above 100 percent"),
        ("accuracy = { " + ", ".join(f"r{k} = [0.5]" for k in range(21)) + " }", "21 rows; at most 20"),
        ("accuracy = { test = [" + "0.5," * 201 + "] }", "201 values; at most 200"),
    ],
)
def test_bad_tables_name_the_line_and_the_fix(body: str, said: str) -> None:
    with pytest.raises(InputError, match=f"(?s){said}"):
        audit_text(f"[[results]]\n{body}\n")


def test_the_table_in_the_format_description_is_read() -> None:
    page = (Path(derivations.__file__).parent / "AUDIT.md").read_text(encoding="utf-8")
    (example,) = [block for block in re.findall(r"```toml\n(.*?)```", page, re.DOTALL) if "[[results]]" in block]
    (item,) = audit_text(example).items
    assert [word for _, word, _ in inferred(item)] == ["likely", "likely"]


def test_the_words_of_a_whole_table() -> None:
    item = entry(
        by="rate",
        columns=["1", "0.01"],
        accuracy={"training": ["0.9375", "0.0625"], "test": ["0.8992", "0.1028"]},
        sizes={"training": 50_000, "test": 10_000},
        class_counts=COUNTS,
        batch=64,
    )
    equal = "each count of right answers equally likely"
    assert [(line.status.value, line.text, line.verdict.reason) for line in item.lines] == [
        (
            "PROVED",
            "training: every value is a share of 50,000 rows",
            "0.9375: 46,873 to 46,877 of 50,000; 0.0625: 3,123 to 3,127 of 50,000",
        ),
        (
            "PROVED",
            "training: every value is a multiple of 1/16, rounded; 50,000 = 781 * 64 + 16",
            "0.9375: 15 of 16; 0.0625: 1 of 16; sizes up to 64 that give every value: 16, 32, 48, 64",
        ),
        (
            "UNDECIDED",
            "training is the accuracy on all 50,000 rows",
            f"what chance would give the same: on all 50,000 rows, {equal}: 1 in 380,000; "
            f"on a full mini-batch of 64, {equal}: 1 in 14",
        ),
        (
            "PROVED",
            "test: every value is a share of 10,000 rows",
            "0.8992: 8,992 of 10,000; 0.1028: 1,028 of 10,000",
        ),
        ("PROVED", "test: 0.1028 at rate 0.01 is the share of class 7", "class 7: 1,028 of 10,000 rows"),
        (
            "UNDECIDED",
            "test: the network at rate 0.01 gives more than one answer",
            f"what chance would give the same: {equal}, any of 2 different values: 1 in 500; "
            "every answer guessed at random, for any of 10 classes: 1 in 11",
        ),
    ]
