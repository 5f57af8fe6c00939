"""4. The kinds of certificates, each with the module that checks it."""

from proofs.checker import (
    counterexample,
    farkas,
    identity,
    minimal,
    novikoff,
    representation,
    resolution,
    shared_cover,
    shared_weight,
)

MODULES = (identity, counterexample, farkas, novikoff, resolution, minimal, shared_weight, shared_cover, representation)
KINDS = {module.__name__.rpartition(".")[2]: module for module in MODULES} | counterexample.INSIDE
