"""The answer of this room: one verdict a gradient, and one word for all of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import escape

from proofs.claim import Json, Scope, Status, Verdict, together
from proofs.gradients.kinks import Kink
from proofs.gradients.refutation import Counterexample

COLOURS = {"PROVED": "#1a7f37", "REFUTED": "#cf222e", "UNDECIDED": "#9a6700"}
INDICES = re.compile(r"\[([^\[\]]*)\]|\bfor (\w+) in")
Row = tuple[str, str]


@dataclass(frozen=True)
class Proof:
    """What was found about a function and its gradient. True in a condition only when every part is PROVED.

    `obstacle` says why nothing, or not everything, was settled; `note` what else was met, for example why the scope is
    only some sizes. `counterexamples` are those of refuted parts, `call` the code that meets them; `kinks` what comes
    back where the derivative does not exist; `opaque` what was treated as unknown and shown not to matter.
    """

    text: str
    scope: Scope
    parts: Mapping[str, Verdict]
    obstacle: str = ""
    note: str = ""
    counterexamples: Mapping[str, Counterexample] = field(default_factory=dict)
    call: str = ""
    kinks: tuple[Kink, ...] = ()
    opaque: tuple[str, ...] = ()
    constants: tuple[str, ...] = ()

    @property
    def status(self) -> Status:
        found = together([verdict.status for verdict in self.parts.values()])
        return Status.UNDECIDED if self.obstacle else found

    @property
    def reason(self) -> str:
        if self.obstacle:
            return self.obstacle
        return "; ".join(f"{name}: {v.reason}" for name, v in self.parts.items() if not v and v.reason)

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What the parts take for granted, each once."""
        found = [_alike(a.text) for verdict in self.parts.values() for a in verdict.assumptions]
        return tuple(
            dict.fromkeys([*found, *(f"{constant}, as the code's module has it now" for constant in self.constants)])
        )

    @property
    def lemmas(self) -> tuple[str, ...]:
        """What was shown on the way and used for the gradients, each once."""
        return tuple(
            dict.fromkeys(e.detail for verdict in self.parts.values() for e in verdict.evidence if e.layer == "lemma")
        )

    def __bool__(self) -> bool:
        return self.status is Status.PROVED

    def to_dict(self) -> Json:
        """The answer as plain JSON data."""
        return {
            "schema": "gradproof-gradients-1",
            "text": self.text,
            "verdict": self.status.value,
            "scope": self.scope.text,
            "assumptions": list(self.assumptions),
            "opaque": list(self.opaque),
            "lemmas": list(self.lemmas),
            "kinks": [{"text": kink.text, "inside": kink.inside} for kink in self.kinks],
            "reason": self.reason,
            "note": self.note,
            "counterexamples": {name: found.to_dict() for name, found in self.counterexamples.items()},
            "parts": {name: verdict.to_dict() for name, verdict in self.parts.items()},
        }

    def rows(self) -> Iterator[Row]:
        """What a reader wants to see, as (label, text)."""
        yield "scope", self.scope.text
        for label, texts in (
            ("assuming", "; ".join(self.assumptions)),
            ("opaque", "; ".join(self.opaque)),
            ("reason", self.obstacle),
            ("note", self.note),
        ):
            if texts:
                yield label, texts
        for kink in self.kinks:
            yield "at a kink", kink.text
        yield from (("resting on", text) for text in self.lemmas)
        for status in (Status.PROVED, Status.UNDECIDED, Status.REFUTED):
            names = [n for n, verdict in self.parts.items() if verdict.status is status and not n.startswith("lemma ")]
            if status is Status.UNDECIDED:
                yield from ((f"{status.mark} {status}", f"{name}: {self.parts[name].reason}") for name in names)
            elif names:
                yield f"{status.mark} {status}", ", ".join(names)

    def refutation(self) -> Iterator[Row]:
        """The first counterexample: the wrong entry, both formulas, and lines to paste."""
        for found in list(self.counterexamples.values())[:1]:
            right = "is the nearest right one" if found.told else "is right"
            yield "wrong entry", f"{found.entry}: {found.returned:.8g} came back, {found.expected:.8g} {right}"
            yield from zip(("right", "code", "code - right"), found.formulas, strict=True)
            lines = [*found.lines, *([self.call] if self.call else [])]
            yield from (("paste" if place == 0 else "", line) for place, line in enumerate(lines))

    def __str__(self) -> str:
        rows = [*self.rows(), *self.refutation()]
        return "\n".join([f"{self.status.mark} {self.status}  {self.text}", *(_row(*row) for row in rows)])

    __repr__ = __str__

    def __rich__(self) -> str:
        from rich.markup import escape as quoted

        head = f"[bold {self.status.colour}]{self.status.mark} {self.status}[/]  {quoted(self.text)}"
        rows = [*self.rows(), *self.refutation()]
        return "\n".join([head, *(f"    [dim]{label:<12}[/] {quoted(text)}" for label, text in rows)])

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><th style='text-align:left'>{escape(label)}</th>"
            f"<td style='text-align:left'><code>{escape(text)}</code></td></tr>"
            for label, text in [*self.rows(), *self.refutation()]
        )
        return (
            f"<div><strong style='color:{COLOURS[self.status.value]}'>{self.status.mark} {self.status}</strong> "
            f"{escape(self.text)}<table>{rows}</table></div>"
        )


def _row(label: str, text: str) -> str:
    return f"    {label + ':' if label and label[0].isalpha() else label:<14} {text}"


def _alike(text: str) -> str:
    """An assumption with its indices renamed i, j, ... in order of mention, so that the same one is said once."""
    mentioned = [name for group in INDICES.findall(text) for name in re.split(r"[, ]+", "".join(group)) if name]
    letters = [letter for letter in "ijklmnpqrstuvw" if not re.search(rf"\b{letter}\[", text)]
    names = dict(zip(dict.fromkeys(n for n in mentioned if not n.isdecimal()), letters, strict=False))
    return re.sub(r"\b[A-Za-z_]\w*\b(?![\[(])", lambda word: names.get(word.group(), word.group()), text)
