"""Images scaled to fewer pixels by averaging areas."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def resized(images: Array, size: int) -> Array:
    """Square images (N, h, h) as (N, size, size) float32, 1 <= size <= h: each pixel is the mean of the area under it,
    rounded to 1/256 so that float32 sums of up to 65,536 pixels are exact in every order; unchanged where size = h.

    Raises ValueError for other shapes or sizes.
    """
    if images.ndim != 3 or images.shape[1] != images.shape[2] or not 1 <= size <= images.shape[1]:
        raise ValueError(f"expected square images (N, h, h) and a size of 1 to h, got {images.shape} and {size}")
    old = images.shape[1]
    if size == old:
        return images.astype(np.float32)
    edges = np.arange(size + 1) * (old / size)
    below = np.arange(old)
    share = np.minimum(edges[1:, None], below + 1) - np.maximum(edges[:-1, None], below)
    share = np.clip(share, 0, None) * (size / old)
    means = np.einsum("ih,nhw,jw->nij", share, images.astype(np.float64), share, optimize=True)
    return (np.round(means * 256) / 256).astype(np.float32)
