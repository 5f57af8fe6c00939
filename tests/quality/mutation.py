"""Mutants of a function, made from its syntax tree: each is the source with one small mistake of a usual kind."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import FunctionType
from typing import Any

NEIGHBOURS = {"tanh": "sin", "exp": "expm1", "log": "log1p", "maximum": "minimum", "sum": "mean", "mean": "sum"}
AXES = {0: 1, 1: 0, -1: 0, 2: 1}


@dataclass(frozen=True)
class Mutant:
    """A function with one mistake, and what the mistake is."""

    kind: str
    where: str
    original: FunctionType
    place: int
    changed: ast.expr

    @property
    def function(self) -> Callable[..., Any]:
        """The mutant itself."""
        tree = _parsed(self.original)
        target = list(ast.walk(tree))[self.place]
        mutated = ast.fix_missing_locations(_Replace(target, self.changed).visit(tree))
        scope = dict(inspect.unwrap(self.original).__globals__)
        exec(compile(mutated, f"mutant of {self.original.__name__}", "exec"), scope)  # our own source
        function: Callable[..., Any] = scope[self.original.__name__]
        return function


def mutants(function: FunctionType) -> list[Mutant]:
    """Every mutant of a function, in the order of its source."""
    tree = _parsed(function)
    names = [arg.arg for arg in tree.body[0].args.args]  # type: ignore[attr-defined]
    return [
        Mutant(kind, f"line {node.lineno}: {ast.unparse(node)} -> {ast.unparse(changed)}", function, place, changed)
        for place, node in enumerate(ast.walk(tree))
        for kind, changed in _changes(node, names)
        if isinstance(node, ast.expr)
    ]


def _parsed(function: FunctionType) -> ast.Module:
    """The source without annotations and docstring."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(inspect.unwrap(function))))
    definition = tree.body[0]
    assert isinstance(definition, ast.FunctionDef)
    definition.returns = None
    definition.decorator_list = []
    for argument in definition.args.args:
        argument.annotation = None
    if ast.get_docstring(definition):
        definition.body = definition.body[1:]
    return tree


class _Replace(ast.NodeTransformer):
    def __init__(self, target: ast.AST, new: ast.AST) -> None:
        self.target, self.new = target, new

    def visit(self, node: ast.AST) -> Any:
        return self.new if node is self.target else super().generic_visit(node)


def _changes(node: ast.AST, names: list[str]) -> Iterator[tuple[str, ast.expr]]:
    """The mistakes that can be made at a node."""
    match node:
        case ast.BinOp(left, ast.Add(), right):
            yield "sign", ast.BinOp(left, ast.Sub(), right)
            yield "dropped term", left
            yield "dropped term", right
        case ast.BinOp(left, ast.Sub(), right):
            yield "sign", ast.BinOp(left, ast.Add(), right)
            yield "dropped term", left
        case ast.BinOp(left, ast.Mult(), right):
            yield "dropped factor", left
            yield "dropped factor", right
            yield "factor", ast.BinOp(ast.Constant(2), ast.Mult(), node)
        case ast.BinOp(left, ast.Div(), right):
            yield "dropped factor", left
            yield "factor", ast.BinOp(left, ast.Mult(), right)
        case ast.BinOp(left, ast.MatMult(), right):
            yield "swapped factors", ast.BinOp(right, ast.MatMult(), left)
            yield "transposed", ast.BinOp(ast.Attribute(left, "T", ast.Load()), ast.MatMult(), right)
            yield "sign", ast.UnaryOp(ast.USub(), node)
        case ast.BinOp(left, ast.Pow(), ast.Constant(value)):
            yield "power", ast.BinOp(left, ast.Pow(), ast.Constant(value + 1))
        case ast.UnaryOp(ast.USub(), operand):
            yield "sign", operand
        case ast.Attribute(value, "T", ast.Load()):
            yield "transposed", value
        case ast.Subscript(value, ast.Tuple(elts), ast.Load()) if len(elts) > 1:
            yield "swapped index", ast.Subscript(value, ast.Tuple(elts[::-1], ast.Load()), ast.Load())
        case ast.Slice(lower, ast.BinOp(ast.Constant(int(count)), operation, size), step):
            yield "slice", ast.Slice(lower, ast.BinOp(ast.Constant(count + 1), operation, size), step)  # type: ignore[misc]
        case ast.Slice(ast.Name() as lower, None, None):
            yield "slice", ast.Slice(None, lower, None)  # type: ignore[misc]
        case ast.Slice(None, ast.Name() as upper, None):
            yield "slice", ast.Slice(upper, None, None)  # type: ignore[misc]
        case ast.Compare(left, [operation], [right]) if isinstance(operation, (ast.Gt, ast.GtE, ast.Lt, ast.LtE)):
            flipped = ast.Lt() if isinstance(operation, (ast.Gt, ast.GtE)) else ast.Gt()
            yield "comparison", ast.Compare(left, [flipped], [right])
        case ast.Call(function, arguments, keywords):
            yield from _calls(function, arguments, keywords)
        case ast.Name(name, ast.Load()) if name in names and len(names) > 1:
            yield "swapped input", ast.Name(names[(names.index(name) + 1) % len(names)], ast.Load())
        case ast.Return(ast.Tuple(elts)) if len(elts) > 1:
            pass
        case _:
            return


def _calls(
    function: ast.expr, arguments: list[ast.expr], keywords: list[ast.keyword]
) -> Iterator[tuple[str, ast.expr]]:
    for place, keyword in enumerate(keywords):
        axis = _integer(keyword.value) if keyword.arg == "axis" else None
        if axis in AXES:
            other = [*keywords]
            other[place] = ast.keyword("axis", ast.Constant(AXES[axis]))
            yield "axis", ast.Call(function, arguments, other)
            yield "axis", ast.Call(function, arguments, [k for k in keywords if k is not keyword])
        if keyword.arg == "keepdims":
            yield "keepdims", ast.Call(function, arguments, [k for k in keywords if k is not keyword])
    if isinstance(function, ast.Attribute) and function.attr in NEIGHBOURS:
        yield (
            "function",
            ast.Call(ast.Attribute(function.value, NEIGHBOURS[function.attr], ast.Load()), arguments, keywords),
        )


def _integer(node: ast.expr) -> int | None:
    match node:
        case ast.Constant(int(value)):
            return value
        case ast.UnaryOp(ast.USub(), ast.Constant(int(value))):
            return -value
    return None
