"""The pictures of a report, made from the certificates and the proved formulas themselves."""

from __future__ import annotations

from dataclasses import dataclass

from proofs.calculus.terms import Statement
from proofs.claim import Status
from proofs.report.heatmap import LOGITS, heatmap, matrix
from proofs.report.planes import MOST, Panel, panels
from proofs.report.topologies import counts_table
from proofs.report.weights import drawn as weights_drawn
from proofs.theorems.theorem import Result


@dataclass(frozen=True, slots=True)
class Figure:
    """Several panels or one SVG element or table, and a caption."""

    caption: str
    panels: tuple[Panel, ...] = ()
    svg: str = ""


def figures(result: Result) -> tuple[Figure, ...]:
    """What can be drawn of a result: functions of two inputs, the softmax Jacobian, counts of topologies, weights."""
    return (*_planes(result), *_jacobian(result), *_topologies(result), *_weights(result))


def _planes(result: Result) -> tuple[Figure, ...]:
    drawn = [
        panel
        for verdict in result.verdicts
        if verdict and verdict.certificate is not None
        for panel in panels(verdict.certificate.data)
    ]
    if not drawn:
        return ()
    caption = (
        "Filled points have label 1, open points label 0; the shaded side answers 1. A line is w·x + b = 0 with the "
        "weights of the certificate. Where there is no line, dashes join the points of each label; at the red cross, "
        "between points of either label, a line would have to answer 0 and 1 at once."
    )
    return (Figure(caption, panels=tuple(dict.fromkeys(drawn))[:MOST]),)


def _jacobian(result: Result) -> tuple[Figure, ...]:
    if result.theorem.name != "softmax_jacobian" or result.status is not Status.PROVED:
        return ()
    subjects = [step.subject for step in result.theorem.steps if isinstance(step.subject, Statement)]
    general = [subject for subject in subjects if len(subject.indices) == 2 and not subject.where]
    if not general:
        return ()
    point = ", ".join(f"{float(z):g}".replace("-", "−") for z in LOGITS)
    label = f"The softmax Jacobian at z = ({point}) as a matrix of numbers"
    caption = (
        f"The proved right-hand side at n = {len(LOGITS)}, z = ({point}): row i, column j is ∂s_i/∂z_j. The diagonal "
        "is positive (blue), everything else negative (orange); each row and each column adds up to zero."
    )
    return (Figure(caption, svg=heatmap(matrix(general[-1], general[-1].arrays[0].name, LOGITS), label)),)


def _topologies(result: Result) -> tuple[Figure, ...]:
    caption = (
        "How many topologies with two inputs, up to the order of inputs and of hidden units, have so many of the 16 "
        "functions by weights of their own (rows) and by one shared weight (columns)."
    )
    certificates = [verdict.certificate.data for verdict in result.verdicts if verdict and verdict.certificate]
    return tuple(
        Figure(caption, svg=counts_table(data))
        for data in certificates
        if data["kind"] == "representation" and "hidden" in data
    )


def _weights(result: Result) -> tuple[Figure, ...]:
    caption = (
        "The network, every connection of which has the weight w, and below it the line of all w, not to scale: thick "
        "where every answer is right; a ring is a weight at which one is wrong."
    )
    certificates = [verdict.certificate.data for verdict in result.verdicts if verdict and verdict.certificate]
    sets = [data for data in certificates if data["kind"] == "shared_weight" and "interval" not in data]
    return tuple(Figure(caption, svg=svg) for data in sets if (svg := weights_drawn(data)))
