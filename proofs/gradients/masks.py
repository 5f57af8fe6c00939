"""Masks of zeros and ones, freed: an equation that holds for any numbers >= 0 in their place holds for every mask.

A mask is captured as the step of an array that nothing else is known about. An equation with steps is the hardest kind
to settle, and few layers need that a mask is 0 or 1: attention is right for any weights. So the square of an unknown
number is put in the place of the step, which says more than was asked; where that is not proved, the steps stay.
Only for arrays that nothing is differentiated by: labels, and what stands for masks that the code makes.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from fractions import Fraction

from proofs.calculus.terms import Add, Element, Fn, Mul, Num, Pow, Sum, Term, children
from proofs.claim import Evidence
from proofs.gradients.recording import Recording

ANY_NUMBERS = Evidence("lemma", "masks of zeros and ones: shown for squares of any numbers in their place")


def freed(recording: Recording) -> Recording:
    """The recording with squares in the place of the steps of masks that occur in steps alone; itself if none does.

    For labels of two classes it is the other way round: label 1, the square, is where the step is 0.
    """
    terms = [d.body for d in recording.definitions]
    terms += [t for value in recording.results.values() for t in value.entries.values()]
    inside: Counter[str] = Counter()
    anywhere: Counter[str] = Counter()
    for t in terms:
        _count(t, inside, anywhere)
    labels = {p.name for p in recording.parameters if p.classes is not None}
    made = {array.name for stand_in in recording.stand_ins for array in stand_in.arrays}
    masks = {name for name in labels | made if inside[name] and inside[name] == anywhere[name]}
    if not masks:
        return recording
    definitions = tuple(replace(d, body=_freed(d.body, masks, labels)) for d in recording.definitions)
    results = {
        name: replace(value, entries={key: _freed(t, masks, labels) for key, t in value.entries.items()})
        for name, value in recording.results.items()
    }
    return replace(recording, definitions=definitions, results=results)


def _count(t: Term, inside: Counter[str], anywhere: Counter[str]) -> None:
    """How often arrays occur as the whole argument of a step, and at all."""
    if isinstance(t, Element):
        anywhere[t.name] += 1
    if isinstance(t, Fn) and t.name == "step" and isinstance(t.argument, Element):
        inside[t.argument.name] += 1
    for child in children(t):
        _count(child, inside, anywhere)


def _freed(t: Term, masks: set[str], labels: set[str]) -> Term:
    match t:
        case Fn("step", Element(name, _) as element) if name in masks:
            square = Pow(element, Fraction(2))
            return Add((Num(Fraction(1)), Mul((Num(Fraction(-1)), square)))) if name in labels else square
        case Fn(name, argument):
            return Fn(name, _freed(argument, masks, labels))
        case Add(terms):
            return Add(tuple(_freed(x, masks, labels) for x in terms))
        case Mul(factors):
            return Mul(tuple(_freed(x, masks, labels) for x in factors))
        case Pow(base, exponent):
            return Pow(_freed(base, masks, labels), exponent)
        case Sum(index, body):
            return Sum(index, _freed(body, masks, labels))
        case _:
            return t
