from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from proofs import derivations
from proofs.claim import Status
from proofs.derivations import InputError, audit, audit_text
from proofs.derivations.document import MAX_BYTES

DERIVATION = """
title = "t"
[[derivation]]
indices = {{ i = "n", j = "n" }}
arrays = {{ z = ["n"], c = [] }}
lines = {lines}
"""


def statuses(text: str) -> list[str]:
    return [line.status.value for item in audit_text(text).items for line in item.lines]


def steps(text: str) -> list[str | None]:
    lines = [line for item in audit_text(text).items for line in item.lines]
    return [None if line.step is None else line.step.status.value for line in lines]


def test_a_line_is_compared_with_the_truth_and_with_the_line_before() -> None:
    text = DERIVATION.format(lines='["c + c", "2*c", "3*c", "3*c + 0", "= 2*c = c + c"]')
    assert statuses(text) == ["PROVED", "REFUTED", "REFUTED", "PROVED", "PROVED"]
    assert steps(text) == [None, "REFUTED", "PROVED", "REFUTED", "PROVED"]


def test_a_line_with_its_own_condition_speaks_of_that_case_only() -> None:
    lines = """[
        "diff(z[i]**2, z[j])",
        { text = "2*z[i]", where = "i == j" },
        { text = "0", where = "i != j" },
        { text = "2*z[j]", where = "i == j" },
        { text = "0" },
        "2*z[i]*delta(i, j)",
    ]"""
    text = DERIVATION.format(lines=lines)
    assert statuses(text) == ["PROVED", "PROVED", "PROVED", "REFUTED", "PROVED"]
    assert steps(text) == [None, None, "PROVED", None, "REFUTED"]


def test_a_claim_false_for_some_sizes_only_is_refuted_with_the_size() -> None:
    text = DERIVATION.format(lines='["sum(z[k] for k in n) = z[i]"]')
    (line,) = audit_text(text).items[0].lines
    assert line.status is Status.REFUTED
    assert "n = 2" in line.verdict.counterexample


def test_a_network_and_points_are_read() -> None:
    text = """
    [[separator]]
    points = [[0, 0], [0, 1], [1, 0], [1, 1]]
    labels = [0, 1, 1, 0]
    hidden = [{ weights = [1, 1], bias = -1 }, { weights = ["1", "1"], bias = "-3/2" }]
    weights = [1, -1]
    bias = -0.5
    [[separable]]
    points = [[0.1], [0.10]]
    labels = [0, 1]
    claim = false
    [[perceptron]]
    table = "0110"
    never_stops = true
    reaches = { visits = 2, weights = [0, 1], bias = 0 }
    """
    assert statuses(text) == ["PROVED", "PROVED", "PROVED", "PROVED"]


def test_the_example_in_the_format_description_is_an_audit_that_holds() -> None:
    page = (Path(derivations.__file__).parent / "AUDIT.md").read_text(encoding="utf-8")
    example = page.split("```toml\n")[1].split("```")[0]
    assert audit_text(example).status is Status.PROVED


def test_progress_counts_every_claim() -> None:
    seen: list[tuple[int, int]] = []
    text = DERIVATION.format(lines='["c", "c", "c"]')
    audit_text(text, lambda done, total: seen.append((done, total)))
    assert seen == [(1, 2), (2, 2)]


def test_an_audit_prints_itself() -> None:
    console = Console(width=100, file=StringIO())
    console.print(audit_text(DERIVATION.format(lines='["c = 2*c", {text = "c", note = "[red]as before[/red]"}]')))
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    assert "REFUTED  = 2*c" in shown
    assert "[red]as before[/red]" in shown
    assert "the step from the line before is REFUTED" in shown
    assert "2 claims: 1 PROVED, 1 REFUTED, 0 UNDECIDED" in shown


def bad(entry: str) -> str:
    return 'title = "t"\n' + entry


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title = \n", "line 1: not valid TOML"),
        ("[" * 100_000, "line 1: brackets nested more than 50 deep"),
        ("title = 'a\nb = 2", "line [12]: not valid TOML"),
        (bad("[[derivation]]\nlines = [" + "'1'," * 3000 + "]"), "3000 claims; at most 2000"),
        (bad("[[derivation]]\nlines = ['" + "1=" * 3000 + "1']"), "line 3: lines: over 2000 claims"),
        ("a = [1,", "line 1: not valid TOML: Unclosed array|line 1: not valid TOML: Invalid value"),
        ("\na = " + "[" * 100_000, "line 2: brackets nested"),
        ("a = " + "{a=" * 100_000, "line 1: brackets nested"),
        ("a" + ".a" * 100_000 + " = 1", "line 1: a key of more than 8 parts"),
        ("\na = " + "9" * 5000, "line 2: a number or name of 1000"),
        ("", "claims nothing"),
        ('title = "t"', "claims nothing"),
        ("title = 3\n[[separable]]\ntable='0110'", "title: expected text"),
        (bad("[[derivaton]]"), "line 2: unknown key 'derivaton'; did you mean 'derivation'"),
        (
            bad("[derivation]\nlines = ['1', '1']"),
            r"line 2: derivation: expected a list of tables; write \[\[derivation\]\]",
        ),
        (bad("[[derivation]]"), "line 2: .*needs the key 'lines'"),
        (bad("[[derivation]]\nname = 'x'\nlins = ['1']"), "line 4: .* no key 'lins'; did you mean 'lines'"),
        (bad("[[derivation]]\nlines = []"), "line 3: lines: expected a list"),
        (bad("[[derivation]]\nlines = ['1']"), "line 3: lines: one side alone"),
        (bad("[[derivation]]\nlines = ['1', 2]"), "line 3: lines: expected text"),
        (bad("[[derivation]]\nlines = ['1', {text = '1', wher = ''}]"), "line 3: lines: 'wher'"),
        (bad("[[derivation]]\nlines = [\n'1',\n'q',\n]"), "line 5: column 1: unknown name 'q'"),
        (bad("[[derivation]]\n# 'q'\nlines = ['1', 'q']"), "line 4: column 1: unknown name 'q'"),
        (bad("[[derivation]]\nlines = ['1', '''\n1 +\nq''']"), "line 4: line 2, column 1: unknown name 'q'"),
        (
            bad("[[derivation]]\nindices = {i = 'n'}\narrays = {z = ['m']}\nlines = ['z[i]', '1']"),
            "line 5: .*z has axis m",
        ),
        (bad("[[derivation]]\narrays = {z = 'n'}\nlines = ['1', '1']"), "line 3: arrays 'z': expected a list"),
        (
            bad("[[derivation]]\nlines = ['1', '1']\n[derivation.definitions]\na = '1'\n'b[i]' = 'q'"),
            "line 6: .*does not show",
        ),
        (bad("[[derivation]]\narrays = {c = []}\nlines = [\n'1/c',\n'1/c']"), "line 6: .*c"),
        (
            bad("[[derivation]]\nindices = {i = 'n'}\nwhere = 'i == k'\nlines = ['1', '1']"),
            "line 4: .*unknown index 'k'",
        ),
        (bad("[[derivation]]\nlines = ['1', '1']\n\n[[separable]]\ntable = ''"), "line 6: truth table"),
        (bad("[[separable]]\ntable = '011'"), "line 3: truth table: expected 2, 4, 8"),
        (bad("[[separable]]\ntable = '01x1'"), "line 3: truth table: expected digits"),
        (bad("[[separable]]"), "line 2: give either table"),
        (bad("[[separable]]\npoints = []\nlabels = []"), "line 3: points: expected at least one row"),
        (bad("[[separable]]\npoints = [[1], [1, 2]]\nlabels = [0, 1]"), "line 3: row 1"),
        (bad("[[separable]]\npoints = [[nan]]\nlabels = [0]"), "line 3: row 0"),
        (bad("[[separable]]\npoints = 3\nlabels = [0]"), "line 3: points: expected a list"),
        (bad("[[separable]]\npoints = [3]\nlabels = [0]"), "line 3: row 0: expected a list"),
        (bad("[[separable]]\ntable = '01'\nclaim = 'no'"), "line 4: claim: expected true or false"),
        (bad("[[separator]]\ntable = '01'"), "line 2: .*needs the key 'weights'"),
        (bad("[[separator]]\ntable = '01'\nweights = [nan]\nbias = 0"), "line 4: weights: expected a finite"),
        (bad("[[separator]]\ntable = '01'\nweights = [1]\nbias = inf"), "line 5: bias: expected a finite"),
        (bad("[[separator]]\ntable = '01'\nweights = 1\nbias = 0"), "line 4: weights: expected a list"),
        (bad("[[separator]]\ntable = '01'\nweights = [1, 1]\nbias = 0"), "line 2: .*1, one for each feature"),
        (bad("[[separator]]\ntable = '01'\nweights = [1e999999]\nbias = 0"), "line 4: weights"),
        (bad("[[separator]]\ntable = '01'\nweights = [1]\nbias = 0\nhidden = [3]"), "line 2: expected"),
        (bad("[[hidden_units]]\ntable = '01'\nunits = 'two'"), "line 4: units: expected a whole number"),
        (bad("[[hidden_units]]\ntable = '01'\nunits = 999"), "line 2: .*units"),
        (bad("[[perceptron]]\ntable = '01'"), "line 2: .*claims nothing"),
        (bad("[[perceptron]]\ntable = '01'\nrule = 'w'\nnever_stops = true"), "line 4: rule: expected"),
        (bad("[[perceptron]]\ntable = '01'\nrule = 'import os'\nnever_stops = true"), "line 4: rule: "),
        (bad("[[perceptron]]\ntable = '01'\nlearning_rule = false"), "line 4: learning_rule: expected true"),
        (bad("[[perceptron]]\ntable = '01'\nconverges_to = 3"), "line 4: converges_to: expected"),
        (
            bad("[[separator]]\ntable = '01'\nweights = 0.4\nbias = 1"),
            r"line 4: weights: expected a list in \[ \], got 0.4$",
        ),
        (bad("[[perceptron]]\ntable = '01'\nconverges_to = [1.5, true]"), r"bias = ... }, got \[1.5, true\]$"),
        (bad("[[perceptron]]\ntable = '01'\nconverges_to = {weights = [1], bias = 1, x = 1}"), "line 4: .*no key 'x'"),
        (bad("[[perceptron]]\ntable = '01'\nconverges_to = {weights = [1, 1], bias = 1}"), "line 4: final"),
        (bad("[[perceptron]]\ntable = '01'\nreaches = {weights = [1], bias = 1}"), "line 4: reaches: needs visits"),
        (bad("[[perceptron]]\ntable = '01'\norder = 3\nnever_stops = true"), "line 4: order: expected a list"),
        (bad("[[perceptron]]\ntable = '01'\norder = [7]\nnever_stops = true"), "line 5: .*order"),
        (bad("[[perceptron]]\ntable = '01'\nrate = nan\nnever_stops = true"), "line 5: rate"),
    ],
)
def test_bad_documents_name_the_line_and_the_fix(text: str, said: str) -> None:
    with pytest.raises(InputError, match=f"(?s){said}"):
        audit_text(text)


def test_every_line_that_is_not_defined_is_listed_once_at_once() -> None:
    chain = """
[[derivation]]
indices = { i = "n" }
arrays = { p = ["n"] }
domains = { p = "positive" }
lines = [
    "log(1 - p[i])",
    "log(1 - p[i]) + 0",
    "log(1 - p[i]) - 0",
]
"""
    sizes = '[[derivation]]\narrays = { c = [], x = ["n"] }\nlines = ["c/(n - 1)", "c/(n - 1)"]\n'
    with pytest.raises(InputError) as caught:
        audit_text(chain + "[[separable]]\ntable = '0110'\n" + sizes)
    logarithm, division = str(caught.value).split("\n")
    assert logarithm.startswith("line 8: the logarithm of 1 - p[i], which is not shown to be positive: ")
    assert logarithm.endswith("or, if p lies between 0 and 1, write it as sigmoid(z) with z real")
    assert division.startswith("  line 15: division by n - 1")
    assert division.endswith(": declare n 'integer >= 2'")
    with pytest.raises(InputError) as caught:
        audit_text(sizes * 22)
    assert str(caught.value).split("\n")[-1] == "  and 2 more"


def test_a_loss_of_a_sigmoid_is_written_as_the_message_says() -> None:
    text = """
[[derivation]]
indices = { i = "n" }
arrays = { y = ["n"], z = ["n"] }
definitions = { "p[i]" = "sigmoid(z[i])" }
lines = ["diff(-y[i]*log(p[i]) - (1 - y[i])*log(1 - p[i]), z[i])", "p[i] - y[i]"]
"""
    assert statuses(text) == ["PROVED"]


def test_files_that_are_no_documents_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read: No such file"):
        audit(tmp_path / "missing.toml")
    with pytest.raises(InputError, match="this is a folder"):
        audit(tmp_path)
    with pytest.raises(InputError, match="cannot be read"):
        audit("a\0b.toml")
    large = tmp_path / "large.toml"
    large.write_bytes(b"#" * (MAX_BYTES + 1))
    with pytest.raises(InputError, match="split the document up"):
        audit(large)
    latin = tmp_path / "latin.toml"
    latin.write_bytes(b'title = "x"\n# caf\xe9\n')
    with pytest.raises(InputError, match="line 2: not UTF-8 text"):
        audit(latin)


def test_a_file_with_windows_line_ends_and_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    file = tmp_path / "windows.toml"
    file.write_bytes("\ufeff".encode() + DERIVATION.format(lines='["c", "c"]').replace("\n", "\r\n").encode())
    found = audit(file)
    assert found.status is Status.PROVED
    assert found.items[0].lines[0].verdict.repeat == f"gradproof audit {file}"


WORDS = [
    "[[derivation]]",
    "[[separator]]",
    "lines = ",
    "table = ",
    "'0110'",
    "[",
    "]",
    "{",
    "}",
    "=",
    "'",
    '"',
    "\n",
    "1",
    ",",
]


@given(st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join) | st.text(max_size=50))
def test_random_documents_are_refused_or_read(text: str) -> None:
    try:
        audit_text(text)
    except InputError as error:
        assert str(error)  # noqa: PT017


def test_definitions_are_kept_as_written_in_the_order_in_which_they_are_made() -> None:
    text = """
[[derivation]]
indices = { i = "n" }
arrays = { z = ["n"] }
definitions = { "s[i]" = "exp(z[i])  /  S", S = "sum(exp(z[k]) for k in n)" }
lines = ["s[i]*S", "exp(z[i])"]
"""
    (item,) = audit_text(text).items
    assert [each.text for each in item.given] == ["S = sum(exp(z[k]) for k in n)", "s[i] = exp(z[i]) / S"]
    assert item.given[1].latex == r"s_{i} = \frac{e^{z_{i}}}{S}"
    assert item.to_dict()["definitions"] == [each.text for each in item.given]


def test_a_wrong_update_rule_says_what_its_two_sides_are() -> None:
    text = '[[perceptron]]\ntable = "0001"\nrule = "w - alpha*(t - a)*x"\nlearning_rule = true'
    (line,) = audit_text(text).items[0].lines
    assert line.status is Status.REFUTED
    assert "the update changes the score w.x + b by" in line.verdict.counterexample
    assert "side" not in line.verdict.counterexample


def test_a_wrong_line_says_what_the_first_side_is_and_what_it_gives() -> None:
    text = """
[[derivation]]
indices = { i = "n", j = "m" }
arrays = { w = ["n", "m"] }
lines = ["w[i, j]", "w[i, j] + (n - 1)*(m - 1)/2"]
"""
    (line,) = audit_text(text).items[0].lines
    assert line.failure == "n = 2, m = 2, i = 0, j = 0, w = [[0, 0], [0, 0]]: the first side is 0, this line 1/2"


def test_line_breaks_in_names_forge_no_lines_of_the_answer(tmp_path: Path) -> None:
    path = tmp_path / "forged.toml"
    forged = '"""a\n✓ PROVED  everything"""'
    path.write_text(
        f"title = {forged}\n[[separator]]\nname = {forged}\nnote = {forged}\n"
        'table = "0001"\nweights = [1, 1]\nbias = 0\n',
        encoding="utf-8",
    )
    audited = audit(path)
    for text in (audited.title, audited.items[0].name, audited.items[0].note):
        assert text == "a ✓ PROVED everything"
