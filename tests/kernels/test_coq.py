"""Coq asked: what it prints is read strictly, what it must reject it rejects; needs coqc where it says so."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest

from proofs.claim import Certificate
from proofs.kernels import coq, finite
from proofs.kernels.files import HEADER, Part, libraries, part
from proofs.report.subjects import every_name, subjects
from tests.kernels.certificates import ALL, XOR, corruptions
from tests.test_cli import gradproof

SLOW = bool(os.environ.get("GRADPROOF_SLOW"))
needs_coqc = pytest.mark.skipif(shutil.which("coqc") is None, reason=f"coqc is not installed: {coq.INSTALL}")
needs_time = pytest.mark.skipif(not SLOW, reason="takes a while: set GRADPROOF_SLOW=1")

CLOSED = "Closed under the global context"
DEP = "functional_extensionality_dep\n  : forall (A : Type) (B : A -> Type) (f g : forall x : A, B x),\n    f = g"
CLASSIC = "Classical_Prop.classic : forall P : Prop, P \\/ ~ P"


@pytest.mark.parametrize(
    ("printed", "axioms"),
    [
        (CLOSED, ()),
        (f"Axioms:\n{DEP}", ("functional_extensionality_dep",)),
        (f"Axioms:\n{CLASSIC}\n{DEP}", ("classic", "functional_extensionality_dep")),
        ("Axioms:", None),
        ("", None),
        (f"{CLOSED}\nAxioms:\n{DEP}", None),
        (f"Axioms:\n{DEP}\nparts.cheat : False", None),
        ("Axioms:\nclassic : False", None),
        ("Axioms:\nparts.functional_extensionality_dep : False", None),
        (f"Axioms:\n{DEP}\nparts.f is assumed to be guarded.", None),
        (f"Axioms:\n  {DEP}", None),
        (f"Fetching opaque proofs\nAxioms:\n{DEP}", None),
    ],
)
def test_only_four_axioms_are_allowed(printed: str, axioms: tuple[str, ...] | None) -> None:
    assert (coq.axioms_in(printed) if printed else None) == axioms


def printed(name: str, **sections: str) -> str:
    marks = [("begin", ""), *((f"axioms {scope}", text) for scope, text in sections.items()), ("end", "")]
    return "".join(f"gradproof: {what} {name}\n{text}\n" for what, text in marks)


PLAIN = Part("xor", "", 1, 1, 2)


@pytest.mark.parametrize(
    ("stdout", "word"),
    [
        (printed("xor", over_Z=CLOSED, over_R=f"Axioms:\n{DEP}"), "accepted"),
        (printed("xor", over_Z=f"Axioms:\n{DEP}", over_R=f"Axioms:\n{DEP}"), "rejected"),
        (printed("xor", over_Z=CLOSED, over_R="Axioms:\nparts.cheat : False"), "rejected"),
        (printed("xor", over_R=f"Axioms:\n{DEP}"), "rejected"),
        (printed("other", over_Z=CLOSED, over_R=CLOSED), "rejected"),
        (printed("xor", over_Z=CLOSED, over_R=CLOSED).replace("gradproof: end xor", ""), "rejected"),
        ("", "rejected"),
    ],
)
def test_the_answer_is_read_strictly(stdout: str, word: str) -> None:
    assert coq._judged(PLAIN, coq._sections(stdout).get("xor")).word == word


def test_the_libraries_assume_nothing() -> None:
    for name, text in libraries().items():
        assert not coq._FORBIDDEN.search(text), name


def test_no_proof_of_ours_is_empty() -> None:
    text = part("xor", subjects("xor")).text
    assert text.count("Qed.") == 3
    assert text.count("Fail solve") == part("xor", subjects("xor")).twins


def test_a_missing_coqc_gives_the_install_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    code, _, stderr = gradproof("kernel", "coq", "xor")
    assert code == 2
    assert "libcoq-coquelicot" in stderr


@pytest.mark.parametrize("script", ["kill -9 $$", "exec sleep 60"])
def test_a_kernel_that_crashes_or_hangs_says_nothing(script: str, tmp_path: Path) -> None:
    run = coq._coqc(["sh", "-c", script], tmp_path, coq.monotonic() + 0.3)
    assert run.code is None


def test_an_unknown_name_is_answered_with_the_nearest(tmp_path: Path) -> None:
    code, _, stderr = gradproof("export", "coq", "softmax_jacobean", "--output", tmp_path)
    assert code == 2
    assert "softmax_jacobian" in stderr
    assert not [*tmp_path.iterdir()]


@pytest.mark.parametrize("command", ["export coq", "export smtlib", "kernel coq", "kernel cvc5"])
def test_help_begins_with_examples(command: str) -> None:
    code, stdout, _ = gradproof(*command.split(), "--help")
    assert code == 0
    assert f"Examples:\n    gradproof {command}" in stdout


def test_the_export_writes_the_libraries_and_a_file_a_theorem(tmp_path: Path) -> None:
    code, stdout, _ = gradproof("export", "coq", "xor", "gelu_derivative", "--output", tmp_path)
    assert (code, stdout.split(" in ")[0]) == (0, "4 statements")
    assert {path.name for path in tmp_path.iterdir()} == {*libraries(), "xor.v", "gelu_derivative.v"}


def test_a_rejected_certificate_is_not_exported(tmp_path: Path) -> None:
    path = tmp_path / "wrong.json"
    path.write_text(Certificate({**XOR, "multipliers": [1, 1, 1, 2]}).to_text())
    code, _, stderr = gradproof("export", "coq", path, "--output", tmp_path / "coq")
    assert code == 2
    assert "does not accept" in stderr


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of what is remembered, with the libraries compiled."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder))
        path = coq._store(coq.version())
        coq._prepare(path, coq.monotonic() + 60)
    return path


def corrupted() -> str:
    """Twenty-four certificates with one number changed, of which Coq must reject the proofs."""
    lines = [HEADER, "Open Scope Z_scope."]
    for data in islice(corruptions(100), 24):
        for stated in finite.formal(data):
            lines += [f"Goal {stated.proposition}.", f"Fail solve [{stated.proof}].", "Abort."]
    return "\n".join(lines)


@needs_coqc
@needs_time
def test_coq_accepts_the_true_and_rejects_the_false(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(store.parents[2]))
    right = [part("softmax_jacobian", subjects("softmax_jacobian")), part("all", [Certificate(data) for data in ALL])]
    answers = coq.ask(right)
    assert [answer.word for answer in answers] == ["accepted", "accepted"]
    assert set(answers[0].axioms) <= {*coq.AXIOMS.values()}
    assert [answer.remembered for answer in coq.ask(right)] == [True, True]
    false = replace(right[1], text=right[1].text.replace("[1; 1; 1; 1]", "[1; 1; 1; 2]", 1))
    hidden = replace(right[0], text="Axiom cheat : False.")
    assert [answer.word for answer in coq.ask([false, hidden])] == ["rejected", "rejected"]
    changed = replace(right[0], text=right[0].text + " ")
    assert [answer.word for answer in coq.ask([changed], seconds=0.1)] == ["unknown"]
    run = coq._compile(corrupted(), store, coq.monotonic() + 60)
    assert (run.code, run.stderr) == (0, "")


@needs_coqc
@needs_time
def test_coq_accepts_every_theorem(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(store.parents[2]))
    parts = [found for name in every_name() if (found := part(name, subjects(name))).statements]
    assert {answer.name: answer.reason for answer in coq.ask(parts) if answer.word != "accepted"} == {}
