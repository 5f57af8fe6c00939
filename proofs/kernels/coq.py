"""Coq asked: the parts compiled in two processes, its answer read strictly, accepted parts remembered by content.

A part counts as accepted when coqc ends without an error and without a word on stderr, every twin's proof failed, and
`Print Assumptions` names nothing beyond four axioms of the real numbers; over Z, no axiom at all.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from time import monotonic
from typing import Literal

from proofs.kernels.files import Part, libraries, whole

PROCESSES = 2
PARTS_A_FILE = 8
SECONDS = 170.0
INSTALL = "apt-get install --no-install-recommends coq libcoq-coquelicot"
COMMAND = ("coqc", "-q", "-w", "-ambiguous-paths")
AXIOMS = {
    "functional_extensionality_dep": "functional_extensionality_dep",
    "FunctionalExtensionality.functional_extensionality_dep": "functional_extensionality_dep",
    "ClassicalDedekindReals.sig_forall_dec": "sig_forall_dec",
    "ClassicalDedekindReals.sig_not_dec": "sig_not_dec",
    "Classical_Prop.classic": "classic",
}
_MARK = re.compile(r"^gradproof: (begin|axioms over_Z|axioms over_R|end) (\w+)$", re.MULTILINE)
_CLOSED = "Closed under the global context"
_AXIOM = re.compile(r"([\w.]+)(?: :.*)?")
_FORBIDDEN = re.compile(
    r"\b(Admitted|admit|Axioms?|Parameters?|Conjecture|Hypothes[ie]s|Variables?|Context|bypass_check)\b"
)


class CoqMissing(RuntimeError):
    """There is no coqc with Coquelicot here; the message says how to install them."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What Coq says of one part: accepted, rejected, or why neither is known; statements over Z, which use no axioms,
    and over R, with the axioms that they use."""

    name: str
    word: Literal["accepted", "rejected", "unknown"]
    over_z: int
    over_r: int
    twins: int
    axioms: tuple[str, ...] = ()
    reason: str = ""
    left_out: tuple[str, ...] = ()
    remembered: bool = False

    @property
    def statements(self) -> int:
        return self.over_z + self.over_r


def version() -> str:
    """The version of coqc. Raises CoqMissing."""
    if shutil.which("coqc") is None:
        raise CoqMissing(f"coqc is not installed; on Debian or Ubuntu: {INSTALL}")
    shown = subprocess.run(["coqc", "--version"], capture_output=True, text=True, timeout=30, check=False).stdout
    return " ".join(shown.split())


def ask(parts: Sequence[Part], *, seconds: float = SECONDS, fresh: bool = False) -> tuple[Answer, ...]:
    """Coq's answer to each part, in order, within about `seconds`; `fresh` asks again what is remembered.

    Raises CoqMissing when coqc or Coquelicot is not installed.
    """
    end = monotonic() + seconds
    store = _store(version())
    known = {} if fresh else {part.name: found for part in parts if (found := _remembered(store, part))}
    waiting = sorted((part for part in parts if part.name not in known), key=lambda part: -len(part.text))
    for part in waiting:
        if part.statements == 0:
            known[part.name] = _answer(part, "unknown", "nothing in it is exported to Coq")
        elif _FORBIDDEN.search(part.text):
            known[part.name] = _answer(part, "rejected", "its text assumes something")
    waiting = [part for part in waiting if part.name not in known]
    if waiting:
        _prepare(store, end)
        shares = [waiting[start::PROCESSES] for start in range(PROCESSES)]
        with ThreadPoolExecutor(PROCESSES) as pool:
            for answers in pool.map(lambda share: _settle(share, store, end), shares):
                known |= {answer.name: answer for answer in answers}
        for part in waiting:
            _remember(store, part, known[part.name])
    return tuple(known[part.name] for part in parts)


def _answer(part: Part, word: Literal["accepted", "rejected", "unknown"], reason: str = "") -> Answer:
    return Answer(part.name, word, part.over_z, part.over_r, part.twins, (), reason, part.left_out)


def _settle(share: Sequence[Part], store: Path, end: float) -> list[Answer]:
    """A few parts a file, so that what is done by the end of the time is known."""
    files = (share[start : start + PARTS_A_FILE] for start in range(0, len(share), PARTS_A_FILE))
    return [answer for parts in files for answer in _settle_file(parts, store, end)]


def _settle_file(share: Sequence[Part], store: Path, end: float) -> list[Answer]:
    """Compile the parts in one file; a part that fails is taken out, and the others are compiled again."""
    answers: list[Answer] = []
    left = list(share)
    while left:
        run = _compile(whole(left), store, end)
        marks = [(match[1], match[2]) for match in _MARK.finditer(run.stdout)]
        if run.code == 0 and not run.stderr.strip():
            sections = _sections(run.stdout)
            return [*answers, *(_judged(part, sections.get(part.name)) for part in left)]
        begun = [name for what, name in marks if what == "begin"]
        at_fault = next((part for part in left if begun and part.name == begun[-1]), left[0])
        if run.code is None:
            reason = "coqc was stopped at its time limit, or crashed"
            return [*answers, *(_answer(part, "unknown", reason) for part in left)]
        answers.append(_answer(at_fault, "rejected", _error(run.stderr)))
        left.remove(at_fault)
    return answers


def _error(stderr: str) -> str:
    return " ".join(re.sub(r'File "[^"]*/', 'File "', stderr).split())[:500] or "coqc failed without a message"


def _sections(stdout: str) -> dict[str, dict[str, str]]:
    """For each part, what was printed after each of its marks; nothing for a part that is not there whole."""
    found: dict[str, dict[str, str]] = {}
    marks = [*_MARK.finditer(stdout)]
    ends = [*(mark.start() for mark in marks[1:]), len(stdout)]
    for match, end in zip(marks, ends, strict=False):
        text = stdout[match.end() : end]
        found.setdefault(match[2], {})[match[1]] = text.strip()
    return {name: sections for name, sections in found.items() if "begin" in sections and sections.get("end") == ""}


def _judged(part: Part, sections: dict[str, str] | None) -> Answer:
    wanted = (
        {"begin", "end"} | ({"axioms over_Z"} if part.over_z else set()) | ({"axioms over_R"} if part.over_r else set())
    )
    if sections is None or sections.keys() != wanted or sections["begin"]:
        return _answer(part, "rejected", "Coq did not print what it was asked to")
    used: set[str] = set()
    if part.over_z and sections["axioms over_Z"] != _CLOSED:
        return _answer(part, "rejected", f"over Z it rests on {sections['axioms over_Z'][:200]}")
    if part.over_r:
        axioms = axioms_in(sections["axioms over_R"])
        if axioms is None:
            return _answer(part, "rejected", f"it rests on more than is allowed: {sections['axioms over_R'][:300]}")
        used.update(axioms)
    return Answer(part.name, "accepted", part.over_z, part.over_r, part.twins, tuple(sorted(used)), "", part.left_out)


def axioms_in(printed: str) -> tuple[str, ...] | None:
    """The axioms that `Print Assumptions` printed, None unless every one of them is allowed."""
    if printed == _CLOSED:
        return ()
    head, *lines = printed.splitlines()
    named = [_AXIOM.fullmatch(line) for line in lines if not line.startswith(" ")]
    if head != "Axioms:" or not named or not lines or lines[0].startswith(" "):
        return None
    names = [AXIOMS.get(match[1]) if match else None for match in named]
    return None if None in names else tuple(sorted({name for name in names if name}))


@dataclass(frozen=True, slots=True)
class _Run:
    code: int | None
    stdout: str
    stderr: str


def _compile(text: str, store: Path, end: float) -> _Run:
    """Run coqc on a text beside the compiled libraries; the code is None when it was stopped, or ended by a signal."""
    with tempfile.TemporaryDirectory(prefix="gradproof-coq-") as folder:
        path = Path(folder) / "parts.v"
        path.write_text(text, encoding="utf-8")
        return _coqc([*COMMAND, "-R", str(store), "", str(path)], Path(folder), end)


def _coqc(command: list[str], folder: Path, end: float) -> _Run:
    """Without the variables by which a user's own Coq libraries would come in."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COQ")}
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        stdout, stderr = process.communicate(timeout=max(0.1, end - monotonic()))
    except subprocess.TimeoutExpired:
        process.kill()
        stdout, stderr = process.communicate()
        return _Run(None, stdout, stderr)
    except BaseException:
        process.kill()
        process.wait()
        raise
    return _Run(process.returncode if process.returncode >= 0 else None, stdout, stderr)


def _store(coqc: str) -> Path:
    """The folder of what is remembered: one for each version of coqc and of the libraries."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "gradproof" / "coq" / _digest(coqc, *COMMAND, *libraries().values())


def _digest(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:32]


def _prepare(store: Path, end: float) -> None:
    """The libraries compiled in the store, put there as a whole. Raises CoqMissing when Coquelicot is not there."""
    if all((store / f"{name}o").is_file() for name in libraries()):
        return
    store.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=store.parent) as folder:
        for name, text in libraries().items():
            (Path(folder) / name).write_text(text, encoding="utf-8")
            run = _coqc([*COMMAND, name], Path(folder), end)
            if "Coquelicot" in run.stderr and "Cannot find" in run.stderr:
                raise CoqMissing(f"Coquelicot is not installed; on Debian or Ubuntu: {INSTALL}")
            if run.code != 0 or run.stderr.strip():
                raise RuntimeError(f"coqc does not accept {name}: {_error(run.stderr)}")
        store.mkdir(exist_ok=True)
        for name in libraries():
            Path(folder, f"{name}o").replace(store / f"{name}o")


def _remembered(store: Path, part: Part) -> Answer | None:
    try:
        data = json.loads((store / f"{_digest(whole([part]))}.json").read_text(encoding="utf-8"))
        answer = Answer(**{**data, "axioms": tuple(data["axioms"]), "left_out": part.left_out, "remembered": True})
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return answer if answer.word == "accepted" and answer.name == part.name else None


def _remember(store: Path, part: Part, answer: Answer) -> None:
    if answer.word == "accepted":
        path = store / f"{_digest(whole([part]))}.json"
        with tempfile.NamedTemporaryFile("w", dir=store, delete=False, encoding="utf-8") as file:
            json.dump(asdict(answer), file)
        Path(file.name).replace(path)
