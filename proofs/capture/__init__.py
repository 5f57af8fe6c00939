"""Runs unmodified NumPy code on symbolic arrays and returns index terms."""

from proofs.capture.array import Run, SymbolicArray
from proofs.capture.running import call, symbolic
from proofs.capture.shapes import NotCaptured, Parameter, ShapeError, read_parameter

__all__ = ["NotCaptured", "Parameter", "Run", "ShapeError", "SymbolicArray", "call", "read_parameter", "symbolic"]
