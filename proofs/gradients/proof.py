"""The answer of this room: one verdict a gradient, and one word for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from proofs.claim import Json, Scope, Status, Verdict, together


@dataclass(frozen=True)
class Proof:
    """What was found about a function and its gradient. True in a condition only when every part is PROVED.

    `reason` says why nothing, or not everything, was settled; `note` why the scope is only some sizes.
    """

    text: str
    scope: Scope
    parts: Mapping[str, Verdict]
    obstacle: str = ""
    note: str = ""

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
        return tuple(dict.fromkeys(a.text for verdict in self.parts.values() for a in verdict.assumptions))

    def __bool__(self) -> bool:
        return self.status is Status.PROVED

    def to_dict(self) -> Json:
        return {
            "schema": "gradproof-gradients-1",
            "text": self.text,
            "verdict": self.status.value,
            "scope": self.scope.text,
            "assumptions": list(self.assumptions),
            "reason": self.reason,
            "note": self.note,
            "parts": {name: verdict.to_dict() for name, verdict in self.parts.items()},
        }

    def __str__(self) -> str:
        lines = [f"{self.status.mark} {self.status}  {self.text}", f"    scope: {self.scope.text}"]
        if self.assumptions:
            lines.append(f"    assuming: {'; '.join(self.assumptions)}")
        if self.obstacle or self.note:
            lines.append(f"    reason: {self.obstacle or self.note}")
        for name, verdict in self.parts.items():
            lines.append(f"    {verdict.status.mark} {verdict.status} {name}")
            if verdict.counterexample:
                lines += [
                    f"        {verdict.claim.text}",
                    f"        {verdict.reason}",
                    f"        {verdict.counterexample}",
                ]
            elif not verdict:
                lines.append(f"        {verdict.reason}")
        return "\n".join(lines)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"
