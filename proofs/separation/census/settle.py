"""The number of threshold functions as a verdict, where one certificate holds the whole census."""

from __future__ import annotations

from collections.abc import Mapping

from proofs.checker import load
from proofs.claim import Certificate, Claim, Evidence, Scope, Status, Verdict
from proofs.conclude import conclude
from proofs.separation.census.verifying import Tally


def settle_census(inputs: int, tally: Tally, certificates: Mapping[str, str]) -> Verdict:
    """There are `tally.threshold` threshold functions of n = `inputs`: PROVED if the whole is one accepted certificate.

    Larger censuses were verified class by class by what counted them, which is not the checker: UNDECIDED.
    Source: OEIS A000609 (functions), A000617 (NP classes), A001532 at n + 1 (self-dual classes).
    """
    of = f"{inputs} input{'s' * (inputs != 1)}"
    claim = Claim(
        f"census_{inputs}",
        f"{tally.threshold} functions of {of} are threshold functions, in {tally.np_classes} NP classes",
        rf"\#\{{ f : \{{0,1\}}^{{{inputs}}} \to \{{0,1\}} \mid f(x) = [w \cdot x + b \ge 0] \}} = {tally.threshold}",
    )
    scope = Scope(f"all functions of {of}, all real weights and biases")
    verified = Evidence(
        "census",
        f"classes with integer weights: {tally.classes}, subtrees with a refutation: {tally.refuted}, each verified in "
        "64-bit integers",
        "tested",
    )
    repeat = f"gradproof census {inputs}"
    if "" not in certificates:
        reason = "every class was verified by the code that counted it, with NumPy, and not by the checker"
        return Verdict(claim, Status.UNDECIDED, scope, evidence=(verified,), reason=reason, repeat=repeat)
    return conclude(
        claim, Status.PROVED, Certificate(load(certificates[""])), scope=scope, evidence=(verified,), repeat=repeat
    )
