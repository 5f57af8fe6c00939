import numpy as np
import pytest

import numeric
from tests.conforming import check
from tests.implementations import LAYERS


@pytest.mark.parametrize("name", LAYERS)
def test_affine_layer_conforms_to_its_formula(name):
    check(*LAYERS[name])


@pytest.mark.parametrize("shapes", [((2, 3), (4, 5), (5,)), ((2, 3), (3, 5), (1, 5)), ((3,), (3, 5), (5,))])
def test_shapes_that_do_not_fit_are_an_error(shapes):
    with pytest.raises(ValueError, match=r"expected x \(N, D\)"):
        numeric.affine_forward(*(np.zeros(shape) for shape in shapes))
