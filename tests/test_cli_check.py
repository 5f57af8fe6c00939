"""`gradproof check`: what a user's file registers, what is named without touching it, and every way it can go wrong."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofs.cli.checking import complete_target
from proofs.cli.targets import TargetError, entries, split_target
from tests.test_cli import gradproof, python, validator

ROOT = Path(__file__).parents[1]
PATH = {**os.environ, "PYTHONPATH": str(ROOT)}
EXAMPLE = ROOT / "examples" / "layers.py"
IMPORTS = """
import numpy as np
from proofs import vjp_of
print("what a user's file prints")
"""
TANH = """
def tanh(x):
    return np.tanh(x)

@vjp_of(tanh, shapes={"x": "N D"})
def tanh_backward(dout, x):
    return dout * (1 - np.tanh(x) ** 2)
"""
WRONG = """
@vjp_of(tanh, shapes={"x": "N D"})
def wrong_backward(dout, x):
    return dout * (1 - np.tanh(x))
"""
BRANCHING = """
@vjp_of(tanh, shapes={"x": "N D"})
def branching_backward(dout, x):
    return dout * (1 - np.tanh(x) ** 2) if x.sum() > 0 else dout
"""
ENDING = """
@vjp_of(tanh, shapes={"x": "N D"})
def ending_backward(dout, x):
    raise SystemExit(0)
"""
LOSS = """
from proofs import gradient_of

@gradient_of(shapes={"w": "D", "x": "N D"}, wrt=["w"])
def loss(w, x):
    return ((x @ w) ** 2).sum(), 2 * x.T @ (x @ w)
"""
WRONG_LOSS = """
@gradient_of(shapes={"w": "D", "x": "N D"}, wrt=["w"])
def wrong_loss(w, x):
    return ((x @ w) ** 2).sum(), x.T @ (x @ w)
"""
ENDLESS = """
@vjp_of(tanh, shapes={"x": "N D"})
def endless_backward(dout, x):
    while True:
        dout = dout + 0 * x
"""
UNREGISTERED = """
import numpy as np

def scale(x, c):
    return x * c

class Scale:
    def forward(self, x, c):
        return x * c

    @staticmethod
    def backward(dout, x, c):
        return dout * c, (dout * x).sum()

def loss(w, x):
    return (w * x).sum() ** 2, 2 * (w * x).sum() * x

number = 3
"""


def file(folder: Path, *parts: str, name: str = "layers.py") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(map(dedent, parts)))
    return path


@pytest.mark.parametrize(
    ("parts", "code", "verdicts"),
    [
        ([TANH], 0, ["PROVED"]),
        ([TANH, BRANCHING], 3, ["PROVED", "UNDECIDED"]),
        ([TANH, BRANCHING, WRONG], 1, ["PROVED", "UNDECIDED", "REFUTED"]),
        ([TANH, ENDING], 3, ["PROVED", "UNDECIDED"]),
        ([LOSS, TANH], 0, ["PROVED", "PROVED"]),
        ([LOSS, WRONG_LOSS], 1, ["PROVED", "REFUTED"]),
    ],
)
def test_a_file_exits_by_the_verdicts_on_what_it_registers(
    parts: list[str], code: int, verdicts: list[str], tmp_path: Path
) -> None:
    path = file(tmp_path, IMPORTS, *parts)
    found, shown, said = gradproof("check", path, "--json")
    data = json.loads(shown)
    assert found == code
    assert [row["verdict"] for row in data["gradients"]] == verdicts
    assert data["verdict"] == {0: "PROVED", 1: "REFUTED", 3: "UNDECIDED"}[code]
    assert said == "what a user's file prints\n"
    valid = validator("verdict")
    assert any(row["parts"] for row in data["gradients"])
    for row in data["gradients"]:
        for part in row["parts"].values():
            valid.validate(part)


def test_the_table_names_each_gradient_and_the_rest_says_what_is_wrong(tmp_path: Path) -> None:
    path = file(tmp_path, IMPORTS, TANH, BRANCHING, WRONG)
    code, shown, _ = gradproof("check", path)
    table, *details = shown.split("\n\n")
    words = [line.split()[1:3] for line in table.splitlines()[1:]]
    assert code == 1
    assert words == [["PROVED", "tanh_backward"], ["UNDECIDED", "branching_backward"], ["REFUTED", "wrong_backward"]]
    assert "all N, D >= 1" in table.splitlines()[1]
    assert [detail.splitlines()[0] for detail in details[:-1]] == [f"{path}:13", f"{path}:17"]
    assert f"{path}:15" in details[0].replace("\n", ""), "the line of the branch"
    assert details[-1] == "1 of 3 gradients proved\n"


def test_the_example_holds_three_right_gradients_and_a_wrong_one() -> None:
    code, shown, _ = gradproof("check", EXAMPLE, "--json")
    verdicts = {row["name"]: row["verdict"] for row in json.loads(shown)["gradients"]}
    assert code == 1
    assert verdicts == {
        "affine_backward": "PROVED",
        "softmax_backward": "PROVED",
        "layer_norm_backward": "PROVED",
        "log_softmax_backward": "REFUTED",
    }


def test_code_that_never_returns_is_undecided_in_the_time_given(tmp_path: Path) -> None:
    path = file(tmp_path, IMPORTS, TANH, ENDLESS)
    code, shown, _ = gradproof("check", path, "--seconds", "0.5", "--json")
    answers = {row["name"]: row for row in json.loads(shown)["gradients"]}
    assert code == 3
    assert answers["tanh_backward"]["verdict"] == "PROVED"
    assert "the time allowed has passed" in answers["endless_backward"]["reason"]


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "inf"])
def test_a_time_that_is_none_is_refused(seconds: str) -> None:
    code, _, said = gradproof("check", EXAMPLE, f"--seconds={seconds}")
    assert code == 2
    assert "--seconds: expected a number > 0" in said


def test_one_registered_function_can_be_named(tmp_path: Path) -> None:
    path = file(tmp_path, IMPORTS, TANH, WRONG)
    assert gradproof("check", f"{path}:tanh_backward")[0] == 0
    assert gradproof("check", f"{path}:wrong_backward")[0] == 1


def test_code_is_checked_without_touching_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file(tmp_path, UNREGISTERED, name="untouched/code.py")
    file(tmp_path, name="untouched/__init__.py")
    monkeypatch.chdir(tmp_path)
    module, path = "untouched.code", list(sys.path)
    backward = ["check", f"{module}:Scale.backward", "--forward", f"{module}:scale"]
    assert gradproof(*backward, "--shapes", "c:, x: N D")[0] == 0
    assert gradproof("check", "untouched/code.py:Scale.backward", "--forward", "scale", "--shapes", "x: N, c:")[0] == 0
    assert gradproof("check", f"{module}:loss", "--gradient", "w", "--shapes", "w: N, x: N")[0] == 0
    assert gradproof("check", f"{module}:loss", "--gradient", "x", "--shapes", "w: N, x: N")[0] == 1
    assert sys.path == path


NOISY = """
import os, sys
os.system("echo from another program")
os.write(1, b"from a library\\n")
os.chdir(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, "elsewhere")
"""


def test_what_code_does_to_its_surroundings_is_put_back(tmp_path: Path) -> None:
    path = file(tmp_path / "deep", IMPORTS, NOISY, TANH, name="noisy.py")
    done = python("-m", "proofs.cli", "check", path, "--json", "--certificates", "certificates", cwd=tmp_path, env=PATH)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["written"] == ["certificates/tanh_backward.1.json"]
    assert (tmp_path / "certificates" / "tanh_backward.1.json").is_file()
    assert "from another program\n" in done.stderr
    assert "from a library\n" in done.stderr


@pytest.mark.parametrize("columns", ["0", "1", "20", "abc"])
def test_no_width_of_a_terminal_hides_a_verdict(columns: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    shown = gradproof("check", file(tmp_path, IMPORTS, TANH))[1]
    assert "PROVED" in shown
    assert "tanh_backward" in shown


def test_a_folder_that_is_gone_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    code, _, error = gradproof("check", EXAMPLE)
    assert (code, "the folder you are in" in error) == (2, True)


def test_the_help_of_domains_names_least_sizes() -> None:
    assert "'N: integer >= 2'" in " ".join(gradproof("check", "--help")[1].split())


def test_domains_are_handed_on(tmp_path: Path) -> None:
    path = file(
        tmp_path,
        """
        import numpy as np

        def root(x):
            return np.sqrt(x**2)

        def root_backward(dout, x):
            return dout
        """,
    )
    command = ("check", f"{path}:root_backward", "--forward", "root", "--shapes", "x: N")
    assert gradproof(*command)[0] == 1
    assert gradproof(*command, "--domains", "x: positive")[0] == 0


def test_files_import_their_neighbours_and_each_pair_is_settled_once(tmp_path: Path) -> None:
    for round_, turn in (("once", 1), ("again", -1)):
        first = file(tmp_path, IMPORTS, TANH, name=f"first_{round_}.py")
        second = file(tmp_path, IMPORTS, f"from first_{round_} import tanh", WRONG, name=f"second_{round_}.py")
        names = [
            row["name"] for row in json.loads(gradproof("check", *(first, second)[::turn], "--json")[1])["gradients"]
        ]
        assert sorted(names) == ["tanh_backward", "wrong_backward"]


def test_a_file_in_a_package_may_import_relatively(tmp_path: Path) -> None:
    file(tmp_path, name="relative_package/__init__.py")
    file(tmp_path, IMPORTS, TANH, name="relative_package/activations.py")
    path = file(tmp_path, IMPORTS, "from .activations import tanh", WRONG, name="relative_package/layers.py")
    code, shown, _ = gradproof("check", path, "--json")
    assert code == 1
    assert [row["name"] for row in json.loads(shown)["gradients"]] == ["tanh_backward", "wrong_backward"]


def test_certificates_are_written_and_verify(tmp_path: Path) -> None:
    path = file(tmp_path, IMPORTS, TANH, BRANCHING, WRONG)
    _, shown, _ = gradproof("check", path, "--certificates", tmp_path / "new", "--json")
    written = [Path(name) for name in json.loads(shown)["written"]]
    assert sorted((tmp_path / "new").iterdir()) == sorted(written)
    assert {name.name.partition(".")[0] for name in written} == {"tanh_backward", "wrong_backward"}
    assert all(gradproof("verify", name)[0] == 0 for name in written)


def test_no_name_of_a_function_leads_out_of_the_folder(tmp_path: Path) -> None:
    renamed = "tanh_backward.__qualname__ = '../../\\x1b[31m<locals>\\n✓ PROVED  é' + 'n' * 300\n"
    path = file(tmp_path, IMPORTS, TANH, renamed)
    code, shown, _ = gradproof("check", path, "--certificates", tmp_path / "deep" / "new")
    (written,) = (tmp_path / "deep" / "new").iterdir()
    assert code == 0
    assert re.fullmatch(r"[\w.-]{1,60}\.1\.json", written.name)
    assert {p.name for p in tmp_path.iterdir()} - {"__pycache__"} == {"deep", "layers.py"}
    assert not any(line.startswith("✓ PROVED  é") for line in shown.splitlines())


BACKWARD = ("code.py:Scale.backward", "--forward", "scale")
SHAPES = ("--shapes", "x: N, c:")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["missing.py"], "cannot read missing.py: No such file"),
        (["missing_module.deep"], "no module missing_module.deep"),
        (["not a module"], "neither a FILE.py nor a pkg.module"),
        (["./"], "is a folder"),
        (["code.py"], "code.py registers no gradient; write @vjp_of(forward"),
        (["code.py:scale"], "code.py:scale registers no gradient"),
        (["code.py:scael"], "no scael; did you mean scale?"),
        (["code.py:number"], "code.py:number is int, not a function"),
        (["code.py:Scale.forward", "--gradient", "x", *SHAPES], "is a method of a class; make an object"),
        (["code.py:Scale", "--gradient", "x", *SHAPES], "is a class; make an object"),
        (["code.py:Scale.bakward", *SHAPES, "--gradient", "x"], "no Scale.bakward; did you mean backward?"),
        (["code.py:Scale.backward", *SHAPES], "either --forward"),
        ([*BACKWARD, "--gradient", "x", *SHAPES], "either --forward"),
        ([*BACKWARD], "--shapes is missing"),
        (["code.py", "--forward", "scale", *SHAPES], "names no function; write code.py:function"),
        (["code.py:Scale.backward", "--forward", "gone", *SHAPES], "code.py has no gone"),
        (["code.py", "code.py", "--forward", "scale", *SHAPES], "are for one TARGET:function"),
        (
            [*BACKWARD, "--shapes", "x"],
            "--shapes: expected 'x: N D, w: D M', got 'x'",
        ),
        ([*BACKWARD, "--shapes", " , "], "got nothing"),
        ([*BACKWARD, "--shapes", "x: N, x: N"], "x is there twice"),
        ([*BACKWARD, "--shapes", "x: N-1, c:"], "'N-1' is not a dimension"),
        ([*BACKWARD, "--shapes", "x: N"], "'c' of scale has no shape"),
        (
            [*BACKWARD, "--shapes", "x: N, c:, d: N"],
            "'d' is no parameter of scale",
        ),
        ([*BACKWARD, *SHAPES, "--domains", "x: odd"], "expected real, positive"),
        ([*BACKWARD, *SHAPES, "--domains", "y: real"], "y"),
        (["code.py:loss", "--gradient", "v", "--shapes", "w: N, x: N"], "wrt"),
        (["raises.py"], "raises.py, line 2: ZeroDivisionError"),
        (["ends.py"], "ends.py, line 1: SystemExit"),
        (["syntax.py"], "syntax.py, line 1: SyntaxError"),
        (["needs.py"], "needs.py, line 1: ModuleNotFoundError"),
        (["shapes.py"], "shapes.py, line 3: ShapeError"),
    ],
)
def test_wrong_input_is_answered_with_a_message(
    arguments: list[str], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    file(tmp_path, UNREGISTERED, name="code.py")
    file(tmp_path, "number = 1\nnumber / 0\n", name="raises.py")
    file(tmp_path, "raise SystemExit(0)", name="ends.py")
    file(tmp_path, "def f(:\n", name="syntax.py")
    file(tmp_path, "import a_module_nobody_has", name="needs.py")
    file(tmp_path, "from proofs import vjp_of\ndef f(x): return x\nvjp_of(f, {'y': 'N'})", name="shapes.py")
    code, shown, error = gradproof("check", *arguments)
    assert (code, shown) == (2, "")
    assert error.startswith("error: ")
    assert says in error
    code, shown, _ = gradproof("check", *arguments, "--json")
    assert code == 2
    assert says in json.loads(shown)["error"]


def test_the_certificates_folder_may_not_be_a_file(tmp_path: Path) -> None:
    path = file(tmp_path, IMPORTS, TANH)
    code, _, error = gradproof("check", path, "--certificates", path)
    assert code == 2
    assert "is a file" in error


def test_the_help_says_that_the_file_is_run() -> None:
    assert "RUNS it" in gradproof("check", "--help")[1]


def test_targets_complete_to_folders_and_python_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("layers.py", "layers.txt", "lib/deep.py", ".hidden.py"):
        file(tmp_path, name=name)
    monkeypatch.chdir(tmp_path)
    assert complete_target("") == ["layers.py", "lib/"]
    assert complete_target("la") == ["layers.py"]
    assert complete_target("lib/") == ["lib/deep.py"]
    assert complete_target("[") == []


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("layers.py", ("layers.py", "")),
        ("layers.py:f", ("layers.py", "f")),
        ("pkg.module:Class.f", ("pkg.module", "Class.f")),
        (r"C:\code\layers.py", (r"C:\code\layers.py", "")),
        (r"C:\code\layers.py:f", (r"C:\code\layers.py", "f")),
        ("layers.py:", ("layers.py:", "")),
    ],
)
def test_a_target_is_a_source_and_perhaps_a_function(text: str, parts: tuple[str, str]) -> None:
    assert split_target(text) == parts


NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,3}", fullmatch=True)
SHAPE_TEXTS = st.sampled_from(["", "N", "N D", "D 4*H", "N -> C", "3"])


@given(st.dictionaries(NAMES, SHAPE_TEXTS, min_size=1))
def test_shapes_are_read_as_written(shapes: dict[str, str]) -> None:
    assert entries("--shapes", ", ".join(f"{name}: {shape}" for name, shape in shapes.items())) == shapes


@given(st.text(alphabet="xN:,- >*1", max_size=12))
def test_shapes_are_read_or_refused(text: str) -> None:
    try:
        found = entries("--shapes", text)
    except TargetError:
        return
    assert found
    assert all(name.isidentifier() for name in found)
