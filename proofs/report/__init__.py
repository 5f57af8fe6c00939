"""The report: one HTML page, LaTeX, JSON or Markdown, each a pure function of what was settled.

`gather` settles theorems and documents, `render` turns the answer into bytes. What either needs is imported when it
is used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from proofs.report.gathering import Report, gather

__all__ = ["FILES", "Report", "gather", "render"]

FILES = {"html": "index.html", "latex": "report.tex", "json": "report.json", "md": "report.md"}
_RENDERERS = {"html": "page.to_html", "latex": "latex.to_latex", "json": "text.to_json", "md": "text.to_markdown"}


def render(report: Report, form: str) -> bytes:
    """The report in one of the formats of `FILES`. Raises ValueError for any other."""
    if form not in _RENDERERS:
        raise ValueError(f"no report format is called {form!r}: use one of {', '.join(FILES)}")
    module, function = _RENDERERS[form].split(".")
    rendered: bytes = getattr(import_module(f"{__name__}.{module}"), function)(report)
    return rendered


def __getattr__(name: str) -> Any:
    if name in ("Report", "gather"):
        return getattr(import_module(f"{__name__}.gathering"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
