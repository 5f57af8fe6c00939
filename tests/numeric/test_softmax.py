import numpy as np
import pytest

import numeric
from tests.conforming import check
from tests.implementations import SOFTMAX


@pytest.mark.parametrize("name", SOFTMAX)
def test_softmax_family_conforms_to_its_formula(name):
    check(*SOFTMAX[name])


@pytest.mark.parametrize("f", [numeric.softmax, numeric.log_softmax, numeric.logsumexp])
def test_any_number_of_leading_axes(f):
    x = np.linspace(-3, 5, 24).reshape(2, 3, 4) ** 2
    rows = np.stack([[f(row) for row in block] for block in x])
    assert f(x) == pytest.approx(rows, rel=1e-14)


@pytest.mark.parametrize("f", [numeric.softmax, numeric.log_softmax, numeric.logsumexp])
@pytest.mark.parametrize("shape", [(2, 0), ()])
def test_no_classes_is_an_error(f, shape):
    with pytest.raises(ValueError, match="at least one class"):
        f(np.zeros(shape))
