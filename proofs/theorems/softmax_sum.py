"""The softmax is a probability vector: sum_i s_i = 1."""

from __future__ import annotations

from proofs.theorems.derivation import derive, result
from proofs.theorems.rules import constants_out, replacing, total
from proofs.theorems.softmax_jacobian import NORMALISER, SETTING, SOFTMAX, S, i, k, s, write_normaliser
from proofs.theorems.theorem import Theorem, main

TOTAL = total(s[i], i)


def theorem() -> Theorem:
    steps = derive(
        SETTING,
        TOTAL,
        ("definition of s", SOFTMAX.unfold),
        ("definition of S", write_normaliser),
        ("constant factor out of the sum", constants_out),
        ("definition of S", replacing((NORMALISER.body.xreplace({k: i}), S))),
    )
    return result("softmax_sum", "Softmax sums to one", "The softmax probabilities s_1, ..., s_n sum to 1.", steps)


if __name__ == "__main__":
    main(theorem)
