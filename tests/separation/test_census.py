import pytest

from proofs.checker import check
from proofs.separation import SeparationError, census
from tests.separation.rechecking import holds


@pytest.mark.parametrize(("inputs", "threshold"), [(1, 4), (2, 14), (3, 104)])
def test_number_of_threshold_functions(inputs: int, threshold: int) -> None:
    certificate = census(inputs)
    assert certificate.data["threshold"] == threshold
    assert holds(dict(certificate.data))
    assert check(certificate.data).kind == "census"


@pytest.mark.parametrize("inputs", [0, 4, -1, "2"])
def test_other_sizes_are_refused(inputs: int) -> None:
    with pytest.raises(SeparationError, match="expected 1 to 3"):
        census(inputs)
