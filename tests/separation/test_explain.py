from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from proofs.separation import TruthTable, affine_text, explain_farkas, farkas_multipliers, farkas_sentence, score_text
from proofs.separation.explain import brief
from tests.separation.data_strategies import Data, data_sets

XOR = TruthTable.parse("0110")


def test_the_refutation_of_xor_is_shown_line_by_line() -> None:
    multipliers = farkas_multipliers(XOR.points, XOR.labels)
    assert multipliers is not None
    assert explain_farkas(XOR.points, XOR.labels, multipliers).splitlines() == [
        "Suppose w and b separate the rows. Multiply and add:",
        "  1 times   w2 + b >= 0   (row 1 = (0, 1), label 1)",
        "  1 times   w1 + b >= 0   (row 2 = (1, 0), label 1)",
        "  sum:   w1 + w2 + 2 b >= 0",
        "  1 times   b < 0   (row 0 = (0, 0), label 0)",
        "  1 times   w1 + w2 + b < 0   (row 3 = (1, 1), label 0)",
        "  sum:   w1 + w2 + 2 b < 0",
        "The same expression is >= 0 and < 0: no such w and b exist.",
    ]


@given(data_sets())
def test_both_sums_of_an_explanation_are_the_same_expression(data: Data) -> None:
    multipliers = farkas_multipliers(*data)
    if multipliers is not None:
        lines = explain_farkas(*data, multipliers).splitlines()
        above, below = (line for line in lines if line.startswith("  sum:"))
        assert above.removesuffix(" >= 0") == below.removesuffix(" < 0")
        assert len(lines) == sum(map(bool, multipliers)) + 4


def test_wrong_multipliers_show_two_different_sums() -> None:
    lines = explain_farkas(XOR.points, XOR.labels, tuple(map(Fraction, (2, 1, 1, 1)))).splitlines()
    above, below = (line for line in lines if line.startswith("  sum:"))
    assert above.removesuffix(" >= 0") != below.removesuffix(" < 0")


def test_long_refutations_are_summarised() -> None:
    points, labels = [[7] * 500, [7] * 500], [0, 1]
    multipliers = (Fraction(1), Fraction(1))
    assert "2 rows" in explain_farkas(points, labels, multipliers)
    assert "2 rows" in farkas_sentence(points, labels, multipliers)


def test_scores_are_written_out() -> None:
    assert score_text([2, -1]) == "2 w1 - w2 + b"
    assert score_text([0, Fraction(-1, 2)]) == "-0.5 w2 + b"


@given(st.lists(st.integers(-3, 3), min_size=2, max_size=2), st.integers(-3, 3))
def test_affine_text_states_the_function(weights: list[int], bias: int) -> None:
    text = affine_text([Fraction(w) for w in weights], Fraction(bias), ["x", "y"])
    total = 0
    for part in text.replace("- ", "+ -").split(" + "):
        factor, name = part.strip().rstrip("xy").strip(), part[-1]
        value = {"x": 100, "y": 10}.get(name, 1)
        total += value * int({"": "1", "-": "-1"}.get(factor, factor))
    assert total == 100 * weights[0] + 10 * weights[1] + bias


def test_numbers_of_any_size_are_shown_briefly() -> None:
    assert brief(Fraction(1, 4)) == "0.25"
    assert brief(Fraction(10**350 + 1, 3)) == "about 3.33333e+349"
    assert brief(Fraction(-1, 3 * 10**380)) == "about -3.33333e-381"
