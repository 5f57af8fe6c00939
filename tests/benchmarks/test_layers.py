"""How fast gradients are proved: ``pytest --benchmark-only -n 0 tests/benchmarks/test_layers.py`` prints a table.

Beside each layer stands torch.autograd.gradcheck of the same function on tensors with N = 16, D = 32 (extra `bench`),
measured in the same run, both in seconds of processor time on one thread. Nothing is asserted but the verdicts.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from proofs.claim import Status
from proofs.gradients import Proof, prove_gradient, prove_vjp
from proofs.gradients.lemmas import lemma_about
from proofs.theorems.library import LAYERS, LOSSES

ROUNDS = 3
SIZES = {"N": 16, "D": 32, "M": 32, "H": 8, "C": 8, "T": 16, "S": 16, "E": 8, "R": 4, "V": 16}
EVERYTHING = {**LAYERS, **LOSSES}


def prove(name: str) -> Proof:
    """Capture and proof of one layer, lemmas not remembered from others."""
    lemma_about.cache_clear()
    if name in LOSSES:
        loss = LOSSES[name]
        return prove_gradient(loss.function, loss.shapes, loss.by)
    layer = LAYERS[name]
    return prove_vjp(layer.forward, layer.backward, layer.shapes)


def best(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The shortest of some runs, in seconds."""
    times = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def functions(torch: Any) -> Mapping[str, tuple[Callable[..., Any], tuple[str, ...]]]:
    """The layers of the library that torch has too, with the shapes of their inputs."""
    f = torch.nn.functional
    n = SIZES["N"]
    labels = torch.arange(n) % SIZES["C"]

    def lstm(x: Any, h: Any, c: Any, wx: Any, wh: Any, b: Any) -> Any:
        i, g, o, u = (x @ wx + h @ wh + b).chunk(4, dim=1)
        cell = torch.sigmoid(g) * c + torch.sigmoid(i) * torch.tanh(u)
        return torch.sigmoid(o) * torch.tanh(cell), cell

    def gru(x: Any, h: Any, wx: Any, wh: Any, b: Any) -> Any:
        (xr, xz, xn), (hr, hz, hn) = (x @ wx + b).chunk(3, dim=1), (h @ wh).chunk(3, dim=1)
        z = torch.sigmoid(xz + hz)
        return (1 - z) * torch.tanh(xn + torch.sigmoid(xr + hr) * hn) + z * h

    def causal(q: Any, k: Any, v: Any) -> Any:
        return f.scaled_dot_product_attention(q, k, v, is_causal=True)

    def network(w1: Any, b1: Any, w2: Any, b2: Any, x: Any) -> Any:
        penalty = (w1**2).sum() + (w2**2).sum()
        return f.cross_entropy(torch.sigmoid(x @ w1 + b1) @ w2 + b2, labels) + penalty / 2

    norms = ("N D", "D", "D")
    return {
        "sigmoid": (torch.sigmoid, ("N D",)),
        "softplus": (f.softplus, ("N D",)),
        "relu": (torch.relu, ("N D",)),
        "leaky_relu": (f.leaky_relu, ("N D",)),
        "elu": (f.elu, ("N D",)),
        "selu": (f.selu, ("N D",)),
        "tanh": (torch.tanh, ("N D",)),
        "hard_sigmoid": (f.hardsigmoid, ("N D",)),
        "hard_swish": (f.hardswish, ("N D",)),
        "silu": (f.silu, ("N D",)),
        "gelu": (lambda x: f.gelu(x, approximate="tanh"), ("N D",)),
        "mish": (f.mish, ("N D",)),
        "softmax": (lambda x: x.softmax(dim=1), ("N D",)),
        "log_softmax": (lambda x: x.log_softmax(dim=1), ("N D",)),
        "logsumexp": (lambda x: x.logsumexp(dim=1), ("N D",)),
        "layer_norm": (lambda x, g, b: f.layer_norm(x, (SIZES["D"],), g, b), norms),
        "rms_norm": (lambda x, g: x * torch.rsqrt((x**2).mean(dim=1, keepdim=True) + 1e-5) * g, ("N D", "D")),
        "group_norm": (lambda x, g, b: f.group_norm(x, 2, g, b), norms),
        "batch_norm": (lambda x, g, b: f.batch_norm(x, None, None, g, b, training=True), norms),
        "attention": (f.scaled_dot_product_attention, ("T D", "S D", "S E")),
        "causal_attention": (causal, ("T D", "T D", "T E")),
        "rnn_step": (lambda x, h, wx, wh, b: torch.tanh(x @ wx + h @ wh + b), ("N D", "N H", "D H", "H H", "H")),
        "lstm_step": (lstm, ("N D", "N H", "N H", "D 4*H", "H 4*H", "4*H")),
        "gru_step": (gru, ("N D", "N H", "D 3*H", "H 3*H", "3*H")),
        "affine": (lambda x, w, b: x @ w + b, ("N D", "D M", "M")),
        "bilinear": (lambda x, w, y: ((x @ w) * y).sum(dim=1), ("N D", "D E", "N E")),
        "quadratic": (lambda x, a: ((x @ a) * x).sum(dim=1), ("N D", "D D")),
        "cosine_similarity": (f.cosine_similarity, ("N D", "N D")),
        "squared_distances": (lambda x, y: torch.cdist(x, y) ** 2, ("N D", "M D")),
        "residual_block": (
            lambda x, w1, b1, w2, b2: x + torch.tanh(x @ w1 + b1) @ w2 + b2,
            ("N D", "D H", "H", "H D", "D"),
        ),
        "low_rank_adapter": (lambda x, w, a, b: x @ w + x @ a @ b, ("N D", "D M", "D R", "R M")),
        "cross_entropy": (lambda x: f.cross_entropy(x, labels), ("N D",)),
        "squared_error": (f.mse_loss, ("N D", "N D")),
        "binary_cross_entropy": (f.binary_cross_entropy_with_logits, ("N D", "N D")),
        "huber": (f.huber_loss, ("N D", "N D")),
        "multiclass_hinge": (lambda x: f.multi_margin_loss(x, labels), ("N D",)),
        "two_layer_network": (network, ("D H", "H", "H C", "C", "N D")),
    }


def tensor(torch: Any, text: str) -> Any:
    shape = [int(k) * SIZES[d] for k, d in ((*["1", *part.split("*")][-2:],) for part in text.split())]
    return torch.randn(*shape, dtype=torch.float64, requires_grad=True)


def test_layers_against_gradcheck(benchmark: Any, capsys: pytest.CaptureFixture[str]) -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed: pip install 'gradproof[bench]'")
    torch.manual_seed(0)
    torch.set_num_threads(1)
    slower = []
    with capsys.disabled():
        print(f"\n{'layer':24}{'proved for all sizes':>22}{'gradcheck, N=16 D=32':>22}{'ratio':>8}")
        for name, (function, shapes) in functions(torch).items():
            inputs = tuple(tensor(torch, text) for text in shapes)
            theirs = best(lambda f=function, x=inputs: torch.autograd.gradcheck(f, x, raise_exception=False), 1)
            ours = best(lambda name=name: prove(name))
            slower += [name] if ours > theirs else []
            print(f"{name:24}{ours * 1e3:19.1f} ms{theirs * 1e3:19.1f} ms{ours / theirs:8.2f}", flush=True)
        print(f"slower than gradcheck: {len(slower)} of {len(functions(torch))}; wanted: 0  ({', '.join(slower)})")
    benchmark(lambda: prove("affine"))


def test_the_whole_library(benchmark: Any, capsys: pytest.CaptureFixture[str]) -> None:
    proofs: dict[str, Proof] = {}

    def settle(name: str) -> None:
        proofs[name] = prove(name)

    times = {name: best(lambda name=name: settle(name)) for name in EVERYTHING}
    slowest = max(times, key=times.__getitem__)
    with capsys.disabled():
        print(f"\n{len(times)} layers, median {statistics.median(times.values()) * 1e3:.1f} ms (wanted 50),")
        print(f"slowest {slowest} {times[slowest]:.2f} s (wanted 2), together {sum(times.values()):.1f} s (wanted 20),")
        print(f"two-layer network {times['two_layer_network'] * 1e3:.0f} ms (wanted 150)")
    assert {proof.status for proof in proofs.values()} == {Status.PROVED}
    benchmark(lambda: prove("two_layer_network"))
