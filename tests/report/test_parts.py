"""The parts a report is made of: files written whole, formulas, the graph, drawings in the plane, the trust table."""

from __future__ import annotations

import itertools
import os
import re
from importlib.resources import files
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofs.checker.kinds import KINDS
from proofs.claim import Status
from proofs.report import trust, writing
from proofs.report.graph import HEIGHT, WIDTH, columns, dependency_graph, families, positions, without_shortcuts
from proofs.report.latex import SAFE, plain
from proofs.report.mathml import ELEMENTS, mathml
from proofs.report.planes import clip, panels
from proofs.report.writing import write_whole
from tests.report.settled import TWO_LINES, XOR, corners


def test_a_file_is_written_whole_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b.txt"
    write_whole(path, b"first")
    write_whole(path, b"second")
    assert path.read_bytes() == b"second"
    assert list(path.parent.iterdir()) == [path]


def test_an_interrupt_while_writing_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "b.txt"
    write_whole(path, b"old")

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(writing.Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_keeps_its_permissions_and_a_link_stays_a_link(tmp_path: Path) -> None:
    path, link = tmp_path / "a.txt", tmp_path / "link"
    path.write_bytes(b"old")
    path.chmod(0o640)
    link.symlink_to("a.txt")
    write_whole(link, b"new")
    assert (path.read_bytes(), path.stat().st_mode & 0o777, link.is_symlink()) == (b"new", 0o640, True)
    loop = tmp_path / "loop"
    loop.symlink_to("loop")
    with pytest.raises(OSError, match="symbolic links"):
        write_whole(loop, b"new")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_named_pipe_is_written_through(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    reading = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_whole(path, b"content")
        assert os.read(reading, 100) == b"content"
    finally:
        os.close(reading)
    assert path.is_fifo()
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everything")
def test_a_file_that_may_not_be_written_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"mine")
    path.chmod(0o444)
    with pytest.raises(PermissionError):
        write_whole(path, b"new")
    assert path.read_bytes() == b"mine"


@given(st.text(max_size=60) | st.text("\\{}^_$&<>\"'abfrctextsum ()[]", max_size=60))
def test_any_text_as_formula_becomes_well_formed_mathematics_or_plain_text(latex: str) -> None:
    try:
        tree = ElementTree.fromstring(mathml(latex))
    except ElementTree.ParseError:
        assert any(ord(c) < 32 or ord(c) in (0xFFFE, 0xFFFF) or 0xD800 <= ord(c) < 0xE000 for c in latex)
        return
    assert {element.tag for element in tree.iter()} <= ELEMENTS | {"code"}


def test_a_formula_is_converted_and_keeps_its_words() -> None:
    written = mathml(r"\frac{1}{n}", "1/n < 2", block=True)
    assert written == '<math alttext="1/n &lt; 2"><mfrac><mn>1</mn><mi>n</mi></mfrac></math>'


@pytest.mark.parametrize(
    ("latex", "inside"),
    [
        (r"\sum_{k=1}^{n} a", "<msubsup><mo>∑</mo><mi>𝑘=1</mi><mi>n</mi></msubsup><mi>a</mi>"),
        (r"W^{(1)}_{d, h}", "<msubsup><mi>W</mi><mi>𝑑,ℎ</mi><mi>(1)</mi></msubsup>"),
        (r"e^{x y^{2}}", "<msup><mi>e</mi><mrow><mi>x</mi><msup><mi>y</mi><mn>2</mn></msup></mrow></msup>"),
        (r"a = - b", '<mi>a</mi><mo>=</mo><mo form="prefix">−</mo><mi>b</mi>'),
        (r"(a) - b", "<mo>)</mo><mo>−</mo><mi>b</mi>"),
    ],
)
def test_scripts_of_letters_are_one_token_and_a_sign_is_no_difference(latex: str, inside: str) -> None:
    assert inside in re.sub(' stretchy="false"', "", mathml(latex))


@given(st.text(max_size=80))
def test_plain_latex_prints_and_does_nothing(text: str) -> None:
    commands = set(re.findall(r"\\(?:[A-Za-z]+|.)", plain(text)))
    assert commands <= {command for written in SAFE for command in re.findall(r"\\(?:[A-Za-z]+|.)", written)}


GRAPHS = st.integers(1, 12).flatmap(
    lambda n: st.tuples(*(st.sets(st.integers(0, k - 1), max_size=3) if k else st.just(set()) for k in range(n)))
)


@given(GRAPHS)
def test_premises_stand_left_and_no_two_nodes_touch(below: tuple[set[int], ...]) -> None:
    premises = {f"t{k}": tuple(f"t{p}" for p in sorted(found)) for k, found in enumerate(below)}
    at, width, height = positions(premises)
    assert at.keys() == premises.keys()
    for name, (x, y) in at.items():
        assert 0 <= x <= width - WIDTH
        assert 0 <= y <= height - HEIGHT
        assert all(at[premise][0] + WIDTH <= x for premise in premises[name])
    for (x0, y0), (x1, y1) in itertools.combinations(at.values(), 2):
        assert abs(x0 - x1) >= WIDTH or abs(y0 - y1) >= HEIGHT
    assert sorted(name for column in columns(premises) for name in column) == sorted(premises)


def test_an_arrow_that_others_imply_is_left_out() -> None:
    premises = {"a": (), "b": ("a",), "c": ("a", "b"), "d": ("a",)}
    assert without_shortcuts(premises) == {"a": (), "b": ("a",), "c": ("b",), "d": ("a",)}
    assert families({"a": (), "b": (), "c": ("a",)}) == [{"a": (), "c": ("a",)}, {"b": ()}]


def test_the_graph_tells_status_by_word_mark_and_shape() -> None:
    premises = {"a": (), "b": ("a",), "c": ()}
    status = {"a": Status.PROVED, "b": Status.REFUTED, "c": Status.UNDECIDED}
    svg = dependency_graph(premises, status)
    ElementTree.fromstring(svg)
    for word in Status:
        assert f"{word.mark} {word}" in svg
    style = (files("proofs.report") / "style.css").read_text(encoding="utf-8")
    corners = {node.split('"')[0]: "" for node in svg.split('<a class="')[1:]}
    for name in corners:
        corners[name] = re.search(rf"\.graph \.{name} rect {{[^}}]* rx: (\w+)", style)[1]
    assert sorted(corners) == ["proved", "refuted", "undecided"]
    assert len(set(corners.values())) == 3


def test_clipping_keeps_the_right_side_of_a_line() -> None:
    square = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]
    assert clip(square, (1, 0, -2)) == []
    assert clip(square, (0, 0, 1)) == square
    assert sorted(clip(square, (1, 0, -0.5))) == [(0.5, 0.0), (0.5, 1.0), (1.0, 0.0), (1.0, 1.0)]


def test_a_refutation_shows_where_the_hulls_meet() -> None:
    (panel,) = panels(XOR.data)
    assert (panel.title, panel.text) == ("XOR", "no line")
    assert panel.svg.count('class="hull"') == 2
    assert 'd="M46 46l8 8m0-8l-8 8"' in panel.svg


def test_a_network_shows_both_lines() -> None:
    (panel,) = panels(TWO_LINES.data)
    assert panel.text == "2x₁ + 2x₂ − 1 ≥ 0; −2x₁ − 2x₂ + 3 ≥ 0"
    assert panel.svg.count('class="line"') == 2
    assert panel.svg.count('class="one"') == 1


def test_a_census_shows_every_function() -> None:
    found = {"0" * 4: {"weights": [0, 0], "bias": -1}, "0110": {"multipliers": [1, 1, 1, 1]}}
    drawn = panels({"gradproof": 1, "kind": "census", "inputs": 2, "threshold": 1, "functions": found})
    assert [panel.title for panel in drawn] == ["never", "XOR"]


@pytest.mark.parametrize("data", [{"kind": "identity"}, {"kind": "perceptron"}, {"kind": "census", "inputs": 3}])
def test_other_certificates_have_no_drawing(data: dict[str, object]) -> None:
    assert panels(data) == []


def test_three_dimensional_points_have_no_drawing() -> None:
    assert panels({**XOR.data, "points": [[*point, 0] for point in corners()]}) == []


def test_the_trust_table_counts_the_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = {row.code: row.lines for row in trust.trust_table()}
    assert [code for code, lines in rows.items() if not lines] == ["the statement printed"]
    assert rows["calculus and checker/identity"] == trust.calculus_lines() + trust.checker_lines("identity")
    whole = trust.checker_size()
    parts = [lines for code, lines in rows.items() if code.startswith("checker/")]
    named = set(re.findall(r"checker/(\w+)", " ".join(rows)))
    assert named == set(KINDS)
    assert {"identity", "counterexample", "rounding"} <= named
    assert all(0 < lines <= whole for lines in parts)
    package = tmp_path / "proofs" / "room"
    package.mkdir(parents=True)
    (package / "a.py").write_text("from proofs.room.b import x\nimport proofs.elsewhere\n")
    (package / "b.py").write_text("x = 1\n\n\n")
    monkeypatch.setattr(trust, "_ROOT", tmp_path)
    assert trust.closure(["proofs.room.a"], "proofs.room") == {"proofs.room.a": 2, "proofs.room.b": 3}
