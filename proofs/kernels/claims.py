"""Claims that kernels are asked about and that no theorem states yet, as people type them (derivations/AUDIT.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Claim:
    """Equations over the same arrays and definitions; `source` says where the formula is from."""

    title: str
    source: str
    equations: tuple[tuple[str, str], ...]
    arrays: Mapping[str, tuple[str, ...]]
    definitions: Mapping[str, str]
    indices: Mapping[str, str] = field(default_factory=dict)
    domains: Mapping[str, str] = field(default_factory=dict)


_VECTOR: Mapping[str, tuple[str, ...]] = {"x": ("n",), "eps": ()}
_POSITIVE = {"eps": "positive"}
_PAIR = {"i": "n", "j": "n"}

CLAIMS: Mapping[str, Claim] = {
    "silu_derivative": Claim(
        "Derivative of SiLU",
        "Hendrycks and Gimpel 2016, arXiv 1606.08415, section 2",
        (("diff(x*sigma, x)", "sigma + x*sigma*(1 - sigma)"),),
        {"x": ()},
        {"sigma": "1/(1 + exp(-x))"},
    ),
    "gelu_derivative": Claim(
        "Derivative of GELU in the form with tanh",
        "Hendrycks and Gimpel 2016, arXiv 1606.08415, section 2",
        (("diff(x*(1 + tanh(u))/2, x)", "(1 + tanh(u))/2 + x*(1 - tanh(u)**2)*a*(1 + 3*0.044715*x**2)/2"),),
        {"x": ()},
        {"a": "(2/pi)**(1/2)", "u": "a*(x + 0.044715*x**3)"},
    ),
    "layer_norm_jacobian": Claim(
        "Jacobian of layer norm",
        "Ba et al. 2016, arXiv 1607.06450, equation 4",
        (("diff(h[i], x[j])", "r*(delta(i, j) - 1/n - h[i]*h[j]/n)"),),
        _VECTOR,
        {
            "mu": "sum(x[k] for k in n)/n",
            "r": "(sum((x[k] - mu)**2 for k in n)/n + eps)**(-1/2)",
            "h[i]": "(x[i] - mu)*r",
        },
        _PAIR,
        _POSITIVE,
    ),
    "rms_norm_jacobian": Claim(
        "Jacobian of RMS norm",
        "Zhang and Sennrich 2019, arXiv 1910.07467, equation 4",
        (("diff(h[i], x[j])", "r*(delta(i, j) - h[i]*h[j]/n)"),),
        _VECTOR,
        {"r": "(sum(x[k]**2 for k in n)/n + eps)**(-1/2)", "h[i]": "x[i]*r"},
        _PAIR,
        _POSITIVE,
    ),
    "attention_gradients": Claim(
        "Gradients of scaled dot-product attention by Q, K and V",
        "Vaswani et al. 2017, arXiv 1706.03762, equation 1",
        (
            ("diff(f, Q[t, d])", "sum(A[t, s]*K[s, d] for s in S)*D**(-1/2)"),
            ("diff(f, K[s, d])", "sum(A[t, s]*Q[t, d] for t in T)*D**(-1/2)"),
            ("diff(f, V[s, e])", "sum(p[t, s]*G[t, e] for t in T)"),
        ),
        {"Q": ("T", "D"), "K": ("S", "D"), "V": ("S", "E"), "G": ("T", "E")},
        {
            "a[t, s]": "sum(Q[t, d]*K[s, d] for d in D)*D**(-1/2)",
            "p[t, s]": "exp(a[t, s])/sum(exp(a[t, k]) for k in S)",
            "o[t, e]": "sum(p[t, s]*V[s, e] for s in S)",
            "f": "sum(G[t, e]*o[t, e] for t in T for e in E)",
            "P[t, s]": "sum(G[t, e]*V[s, e] for e in E)",
            "A[t, s]": "p[t, s]*(P[t, s] - sum(p[t, k]*P[t, k] for k in S))",
        },
        {"t": "T", "s": "S", "d": "D", "e": "E"},
    ),
}
