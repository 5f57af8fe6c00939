"""Runs unmodified NumPy code on symbolic arrays and returns index terms."""

from proofs.capture.array import Run, SymbolicArray
from proofs.capture.reaching import codes, mentioned, reach, reached
from proofs.capture.refusal import NotCaptured, ShapeError
from proofs.capture.running import call, symbolic
from proofs.capture.shapes import Parameter, read_parameter

__all__ = [
    "NotCaptured",
    "Parameter",
    "Run",
    "ShapeError",
    "SymbolicArray",
    "call",
    "codes",
    "mentioned",
    "reach",
    "reached",
    "read_parameter",
    "symbolic",
]
