"""Neural-network mathematics in plain NumPy: stable, batched, for float32 and float64.

Every function keeps the dtype of its input and never writes to it. What is exported here takes any memory layout and a
batch of 0 rows; the layers and losses of the modules beside it (rectifiers, gated, normalisation, attention, recurrent,
forms, blocks, margin_losses, likelihoods, convolution) want at least one row. `numeric.data` has digits to learn from,
`numeric.training` learns them (`network`, `regression`), `numeric.sweep` runs a grid of such runs.
"""

from numeric.activations import (
    relu,
    relu_backward,
    sigmoid,
    sigmoid_backward,
    softplus,
    softplus_backward,
    tanh,
    tanh_backward,
)
from numeric.layers import affine_backward, affine_forward
from numeric.losses import (
    cross_entropy,
    cross_entropy_hessian_product,
    l2_penalty,
    soft_cross_entropy,
    squared_error,
)
from numeric.softmax import log_softmax, log_softmax_vjp, logsumexp, logsumexp_vjp, softmax, softmax_vjp

__all__ = [
    "affine_backward",
    "affine_forward",
    "cross_entropy",
    "cross_entropy_hessian_product",
    "l2_penalty",
    "log_softmax",
    "log_softmax_vjp",
    "logsumexp",
    "logsumexp_vjp",
    "relu",
    "relu_backward",
    "sigmoid",
    "sigmoid_backward",
    "soft_cross_entropy",
    "softmax",
    "softmax_vjp",
    "softplus",
    "softplus_backward",
    "squared_error",
    "tanh",
    "tanh_backward",
]
