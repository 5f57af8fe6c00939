"""`gradproof kernel`: a second opinion on theorems, claims and certificates from a prover that is not ours."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from proofs.cli.export import NO_FACTS, NamesArgument
from proofs.cli.terminal import JsonOption, counted, fail, new_console, print_json, refuse_file, say, write_files

if TYPE_CHECKING:
    from proofs.kernels.coq import Answer

HELP = """\b
Examples:
  gradproof kernel coq softmax_jacobian xor
  gradproof kernel cvc5 xor

Have a prover that is not ours accept theorems once more.
"""
app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help=HELP)
SecondsOption = Annotated[float, typer.Option(min=1, max=3600, help="Stop the prover after about so many seconds.")]
FreshOption = Annotated[bool, typer.Option("--fresh", help="Ask again what is remembered from an earlier run.")]


@app.command(short_help="Have Coq accept theorems.")
def coq(
    names: NamesArgument = None,
    seconds: SecondsOption = 170,
    fresh: FreshOption = False,
    as_json: JsonOption = False,
) -> None:
    """\b
    Examples:
      gradproof kernel coq
      gradproof kernel coq softmax_jacobian xor --json
      gradproof kernel coq certificates/xor.1.json

    State theorems in Coq, prove them there, and look at the axioms used. What was accepted once is remembered.

    Exit codes: 0 all accepted, 2 Coq is missing or a name is wrong, 3 something not accepted. A verdict of gradproof's
    own stays as it was.
    """
    from proofs.kernels.coq import CoqMissing, ask
    from proofs.kernels.files import part
    from proofs.report.subjects import SubjectError, named

    try:
        parts = [part(name, subjects) for name, subjects in named(names)]
        answers = ask([one for one in parts if names or one.statements], seconds=seconds, fresh=fresh)
    except (SubjectError, CoqMissing) as error:
        fail(str(error), as_json)
    except OSError as error:
        fail(f"cannot keep what Coq accepts in {error.filename}: {error.strerror}; set XDG_CACHE_HOME", as_json)
    accepted = sum(answer.word == "accepted" for answer in answers)
    if as_json:
        listed = [{**_plain(answer), "left_out": list(answer.left_out)} for answer in answers]
        print_json({"schema": "gradproof-kernel-1", "kernel": "coq", "accepted": accepted, "answers": listed})
    else:
        _show(answers, accepted)
    raise typer.Exit(0 if accepted == len(answers) else 3)


def _plain(answer: Answer) -> dict[str, object]:
    fields = ("name", "word", "over_z", "over_r", "twins", "reason", "remembered")
    return {**{name: getattr(answer, name) for name in fields}, "axioms": list(answer.axioms)}


def _show(answers: tuple[Answer, ...], accepted: int) -> None:
    console = new_console()
    marks = {"accepted": ("green", "✓"), "rejected": ("red", "✗"), "unknown": ("yellow", "?")}
    for answer in answers:
        colour, mark = marks[answer.word]
        rests = f"; axioms: {', '.join(answer.axioms) or 'none'}" if answer.word == "accepted" else f": {answer.reason}"
        console.print(f"[bold {colour}]{mark} {answer.word:8}[/] [bold]{answer.name}[/] ", end="")
        what = f"{counted(answer.statements, 'statement')}, {counted(answer.twins, 'twin')} rejected"
        console.print(f"{what if answer.word == 'accepted' else ''}{rests}".lstrip(": "), markup=False)
        for reason in answer.left_out:
            console.print(f"    left out: {reason}", markup=False)
    console.print(f"Coq accepts {accepted} of {len(answers)}", markup=False)


@app.command(short_help="Have cvc5 decide separability facts.")
def cvc5(
    names: NamesArgument = None,
    seconds: SecondsOption = 30,
    keep: Annotated[Path, typer.Option(metavar="DIR", help="Where files go if Z3 and cvc5 disagree.")] = Path(
        "disagreement"
    ),
    as_json: JsonOption = False,
) -> None:
    """\b
    Examples:
      gradproof kernel cvc5
      gradproof kernel cvc5 xor and_or_weights --json

    Decide again with cvc5 which points can be separated, and have the checker look at its proof or its line.

    Exit codes: 0 all accepted, 2 cvc5 is missing or a name is wrong, 3 something not accepted, 70 Z3 and cvc5
    disagree. A verdict of gradproof's own stays as it was.
    """
    from proofs.kernels.smt import Cvc5Missing, SolversDisagree, ask
    from proofs.report.subjects import SubjectError, separability_facts

    refuse_file(keep, as_json)
    try:
        found = separability_facts(names)
        if not found:
            fail(NO_FACTS.format(names=", ".join(names or ())), as_json)
        opinions = ask(found, seconds=seconds)
    except (SubjectError, Cvc5Missing) as error:
        fail(str(error), as_json)
    except SolversDisagree as error:
        write_files({keep / name: text.encode() for name, text in error.files.items()}, as_json)
        say(f"error: {error}; both answers are in {keep}", error=True)
        raise typer.Exit(70) from None
    accepted = sum(opinion.word == "accepted" for opinion in opinions)
    if as_json:
        answers = [{"name": one.name, "word": one.word, "reason": one.reason} for one in opinions]
        print_json({"schema": "gradproof-kernel-1", "kernel": "cvc5", "accepted": accepted, "answers": answers})
    else:
        for one in opinions:
            if names or one.word != "accepted":
                say(f"{one.word} {one.name}: {one.reason}")
        say(f"{accepted} of {counted(len(opinions), 'fact')} accepted from cvc5")
    raise typer.Exit(0 if accepted == len(opinions) else 3)
