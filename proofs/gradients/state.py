"""State that outlives a call: what code could keep something in, and whether a call did.

Code may set attributes of objects that it made itself. That it set none of a class, a function, a module or anything
else that the next call meets again is seen by comparing them before and after. What a call has not changed, the next
one finds as it was: every call then does the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

from proofs.capture import NotCaptured, reach
from proofs.capture.reaching import names_in

MOST = 2_000


def owners(function: Callable[..., Any]) -> list[Any]:
    """What has attributes and is met again by the next call: what the code mentions, a few dots deep."""
    found = reach(function)
    read = frozenset().union(*(names_in(f.__code__)[1] for f in found.functions))
    kept: dict[int, Any] = {}
    pending = [(value, 0) for value in (*found.functions, *found.classes, *found.others)]
    while pending and len(kept) < MOST:
        value, dots = pending.pop()
        if id(value) in kept or not (hasattr(value, "__dict__") or hasattr(type(value), "__slots__")):
            continue
        kept[id(value)] = value
        if dots < 3 and hasattr(value, "__dict__"):
            inside = (vars(value)[name] for name in read & vars(value).keys())
            pending += [(part, dots + 1) for part in inside if isinstance(part, (ModuleType, type)) or dots == 0]
    return list(kept.values())


def attributes_of(value: Any) -> dict[str, Any]:
    """The attributes that a value holds itself, those in slots included."""
    own = dict(vars(value)) if hasattr(value, "__dict__") else {}
    if isinstance(value, (type, ModuleType)):
        return own
    given = [vars(cls).get("__slots__", ()) for cls in type(value).__mro__]
    slots = [name for names in given for name in ([names] if isinstance(names, str) else names)]
    return own | {name: getattr(value, name) for name in slots if name[:2] != "__" and hasattr(value, name)}


def attributes(values: list[Any]) -> list[Mapping[str, Any]]:
    """What every one of them holds now."""
    return [attributes_of(value) for value in values]


def refuse_changes(function: Callable[..., Any], values: list[Any], before: list[Mapping[str, Any]]) -> None:
    """Raises NotCaptured if a call set an attribute of one of them, after setting it back."""
    for value, held in zip(values, before, strict=True):
        now = attributes_of(value)
        changed = [name for name in held.keys() | now.keys() if held.get(name, now) is not now.get(name, held)]
        for attribute in changed:
            if attribute in held:
                setattr(value, attribute, held[attribute])
            else:
                delattr(value, attribute)
        if changed:
            where = getattr(value, "__name__", type(value).__name__)
            name = getattr(function, "__name__", "the code")
            raise NotCaptured(f"{name} keeps state in {where}.{min(changed)}, which the next call meets")
