"""The command line: exit codes, pure JSON, helpful errors, nothing half-written, a quick start."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from typer.testing import CliRunner

from proofs.cli import app
from proofs.theorems import layer_names, names, premises

ROOT = Path(__file__).parents[1]
HEAVY = ("sympy", "z3", "matplotlib", "scipy", "numpy", "jinja2", "flint", "latex2mathml")
DOCUMENT = """
title = "two lines"
[[derivation]]
name = "square"
arrays = { x = [] }
lines = ["(x + 1)**2", "x**2 + 2*x + 1"]
"""
WRONG = DOCUMENT.replace("2*x", "3*x")


def gradproof(*arguments: object, charset: str = "utf-8") -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a command run in this process."""
    result = CliRunner(charset=charset).invoke(app, [str(argument) for argument in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


def python(*arguments: object, **options: Any) -> subprocess.CompletedProcess[str]:
    """A new Python process in the project's folder."""
    command = [sys.executable, *map(str, arguments)]
    settings = {"cwd": ROOT, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    return subprocess.run(command, text=True, check=False, timeout=100, **settings)


@pytest.fixture
def document(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "document.toml"
    path.write_text(DOCUMENT)
    return path


def validator(name: str) -> Draft202012Validator:
    schemas = {
        kind: json.loads((files("proofs") / f"{kind}.schema.json").read_text()) for kind in ("verdict", "theorem")
    }
    registry: Registry[Any] = Registry().with_resources(
        (schema["$id"], Resource.from_contents(schema)) for schema in schemas.values()
    )
    Draft202012Validator.check_schema(schemas[name])
    return Draft202012Validator(schemas[name], registry=registry)


@pytest.mark.parametrize("command", [[], ["check"], ["network"]])
def test_help_is_quick(command: list[str]) -> None:
    script = (
        f"import sys, proofs.cli\ntry: proofs.cli.app([*{command}, '--help'])\nexcept SystemExit: pass\n"
        f"print(set({HEAVY}) & set(sys.modules))"
    )
    done = python("-c", script)
    assert done.stdout.splitlines()[-1] == "set()", done.stderr


def test_verify_loads_the_checker_alone(tmp_path: Path) -> None:
    assert gradproof("prove", "xor", "--certificates", tmp_path)[0] == 0
    script = (
        f"import sys, proofs.cli\ntry: proofs.cli.app(['verify', {str(tmp_path / 'xor.1.json')!r}])\n"
        "except SystemExit as end: assert end.code in (0, None)\n"
        "print(sorted({m.split('.')[1] for m in sys.modules if m.startswith('proofs.')}))"
    )
    done = python("-c", script)
    assert done.stdout.splitlines()[-1] == "['checker', 'cli', 'program']", done.stderr
    assert done.stdout.startswith("accepted (farkas)")


COMMANDS = ("check", "separate", "network", "list", "prove", "audit", "census", "report", "verify", "export", "kernel")


@pytest.mark.parametrize("command", [[], *([name] for name in COMMANDS), ["export", "coq"], ["kernel", "cvc5"]])
def test_help_begins_with_examples_that_parse(command: list[str]) -> None:
    code, shown, _ = gradproof(*command, "--help")
    assert code == 0
    lines = shown.splitlines()
    start = lines.index("  Examples:")
    assert start == 2
    examples = [line.split()[1:] for line in lines[start + 1 : lines.index("", start)]]
    assert examples
    for example in examples:
        assert gradproof(example[0], "--help")[0] == 0
    assert not command or any(example[: len(command)] == command for example in examples)


def test_list_shows_every_theorem_and_what_it_rests_on() -> None:
    code, shown, _ = gradproof("list", "--json")
    rows = json.loads(shown)["theorems"]
    assert code == 0
    assert tuple(row["name"] for row in rows) == names()
    assert {row["name"]: tuple(row["rests_on"]) for row in rows} == premises()
    place = {name: number for number, name in enumerate(names())}
    assert all(place[premise] < place[name] for name in names() for premise in premises()[name])
    listed = gradproof("list")[1]
    assert all(name in listed for name in names())


def test_prove_shows_every_step_of_a_named_theorem() -> None:
    code, shown, progress = gradproof("prove", "xor")
    assert code == 0
    assert shown.count("rule:") == shown.count("checker proved:")
    assert shown.rstrip().endswith("1 of 1 theorem proved")
    assert "z3 suggested, not relied on: Z3 found the multipliers" in shown
    assert "assumed" not in shown
    assert progress == ""


def test_prove_shows_in_full_what_is_named_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    from proofs.theorems import running

    monkeypatch.setattr(running, "settle_all", lambda chosen, _progress: [*map(running.settle_named, chosen[:2])])
    code, shown, _ = gradproof("prove", "l2_penalty", "--layers")
    assert code == 0
    named, other, last = shown.rstrip().rsplit("\n", 2)
    assert "checker proved:" in named
    assert other.startswith(f"✓ PROVED    {layer_names()[0]}  ")
    assert last == "2 of 2 layers and losses proved"
    assert gradproof("prove", "l2_penalty")[1].endswith("1 of 1 layer or loss proved\n")
    assert gradproof("prove", "l2_penalty", "xor")[1].endswith("2 of 2 theorems, layers and losses proved\n")


def test_prove_as_json_follows_the_schema() -> None:
    code, shown, _ = gradproof("prove", "xor", "softmax_symmetry", "--json")
    data = json.loads(shown)
    assert code == 0
    assert [theorem["name"] for theorem in data["theorems"]] == ["xor", "softmax_symmetry"]
    for theorem in data["theorems"]:
        validator("theorem").validate(theorem)
        for step in theorem["steps"]:
            validator("verdict").validate({key: step[key] for key in step if key not in ("rule", "text")})


def test_the_schema_refuses_a_verdict_without_an_accepted_certificate() -> None:
    _, shown, _ = gradproof("prove", "xor", "--json")
    step = json.loads(shown)["theorems"][0]["steps"][0]
    verdict = {key: step[key] for key in step if key not in ("rule", "text")}
    valid = validator("verdict")
    assert valid.is_valid(verdict)
    assert not valid.is_valid({**verdict, "certificate": None})
    assert not valid.is_valid({**verdict, "evidence": []})
    assert not valid.is_valid({**verdict, "verdict": "TRUE"})
    assert not valid.is_valid({**verdict, "more": 1})


def test_an_unknown_theorem_is_answered_with_the_nearest() -> None:
    code, shown, error = gradproof("prove", "softmax_jacobean")
    assert (code, shown) == (2, "")
    assert "softmax_jacobian" in error
    code, shown, error = gradproof("prove", "softmax_jacobean", "--json")
    assert code == 2
    assert "did you mean softmax_jacobian" in json.loads(shown)["error"]


def test_certificates_are_written_and_verify(tmp_path: Path) -> None:
    code, shown, _ = gradproof("prove", "xor", "--certificates", tmp_path / "new" / "folder", "--json")
    written = [Path(path) for path in json.loads(shown)["written"]]
    assert code == 0
    assert sorted((tmp_path / "new" / "folder").iterdir()) == sorted(written)
    for path in written:
        code, shown, _ = gradproof("verify", path, "--json")
        assert code == 0
        assert json.loads(shown)["accepted"] is True


def test_a_false_certificate_is_rejected_and_no_certificate_is_wrong_input(tmp_path: Path) -> None:
    gradproof("prove", "xor", "--certificates", tmp_path)
    good = json.loads((tmp_path / "xor.1.json").read_text())
    path = tmp_path / "bad.json"
    path.write_text(json.dumps({**good, "multipliers": [1, 1, 1, 2]}))
    assert gradproof("verify", path)[0] == 1
    assert json.loads(gradproof("verify", path, "--json")[1])["accepted"] is False
    for text in ("{", "[]", '{"gradproof": 1, "kind": "magic"}'):
        path.write_text(text)
        assert gradproof("verify", path)[0] == 2
    assert gradproof("verify", tmp_path / "missing.json")[0] == 2
    assert gradproof("verify", tmp_path)[0] == 2


def test_audit_exits_by_verdict(document: Path) -> None:
    assert gradproof("audit", document)[0] == 0
    document.write_text(WRONG)
    code, shown, _ = gradproof("audit", document, "--json")
    data = json.loads(shown)
    assert code == 1
    assert [line["verdict"] for item in data["items"] for line in item["lines"]] == ["REFUTED"]
    validator("verdict").validate(data["items"][0]["lines"][0]["found"])


@pytest.mark.parametrize(
    "text", ["[[derivation]", "", '[[derivation]]\nlines = ["__import__(\'os\')", "1"]', "[[separator]]\ntable = ''"]
)
def test_a_document_that_cannot_be_read_is_wrong_input(text: str, document: Path) -> None:
    document.write_text(text)
    code, shown, error = gradproof("audit", document)
    assert (code, shown) == (2, "")
    assert re.match(r"error: .+", error)
    assert "Traceback" not in error


@pytest.mark.parametrize("command", [["prove", "--nonsense"], ["report", "--format", "docx"], ["verify"], ["nonsense"]])
def test_wrong_usage_exits_2(command: list[str]) -> None:
    assert gradproof(*command)[0] == 2


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("mine")
    for command in (["report", "--output", path], ["prove", "xor", "--certificates", path]):
        code, _, error = gradproof(*command)
        assert code == 2
        assert str(path) in error
    assert gradproof("prove", "xor", "--certificates", path / "below")[0] == 2
    assert path.read_text() == "mine"


def test_colour_only_where_it_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b" not in gradproof("prove", "xor")[1]
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[1;32m" in gradproof("prove", "xor")[1]
    monkeypatch.setenv("NO_COLOR", "1")
    assert not re.search("\x1b\\[[0-9;]*3[0-9]", gradproof("prove", "xor")[1])


@pytest.mark.parametrize("charset", ["ascii", "utf-8"])
def test_json_in_any_terminal_encoding(charset: str) -> None:
    code, shown, _ = gradproof("prove", "xor", "--json", charset=charset)
    assert code == 0
    assert shown.isascii() == (charset == "ascii")
    assert json.loads(shown)["theorems"][0]["title"] == "XOR has no linear separator"


def interrupted(script: str) -> tuple[int, str]:
    """Exit code and stderr of a script that says ``ready`` and is then interrupted, also in a shell's background."""
    listening = "import signal\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"
    command = [sys.executable, "-c", listening + script]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGINT)
        _, error = process.communicate(timeout=60)
        return process.returncode, error


def test_an_interrupt_exits_130_and_leaves_nothing(tmp_path: Path) -> None:
    output = tmp_path / "report"
    code, error = interrupted(
        "import signal, sys\nimport proofs.report, proofs.cli\n"
        "def wait(*_): print('ready', flush=True); signal.pause()\n"
        "proofs.report.render = wait\nproofs.report.gather = lambda **_: None\n"
        f"sys.argv = ['gradproof', 'report', '--output', {str(output)!r}]\nproofs.cli.main()"
    )
    assert code == 130
    assert "Traceback" not in error
    assert list(tmp_path.iterdir()) == []


def test_an_interrupt_ends_the_workers() -> None:
    code, error = interrupted(
        "import signal, sys\nfrom proofs.theorems.running import run\n"
        "try: print('ready', flush=True); run([('a', signal.pause), ('b', signal.pause)])\n"
        "except KeyboardInterrupt: sys.exit(130)"
    )
    assert code == 130
    assert "Error" not in error


def test_an_error_of_ours_never_looks_like_a_verdict() -> None:
    done = python(
        "-c",
        "import sys, proofs.theorems, proofs.cli\n"
        "proofs.theorems.names = lambda: 1 // 0\nsys.argv = ['gradproof', 'list']\nproofs.cli.main()",
    )
    assert done.returncode == 70
    assert "ZeroDivisionError" in done.stderr
