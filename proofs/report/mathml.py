r"""LaTeX to MathML that is small and holds nothing but mathematics.

`latex2mathml` converts; its output is parsed again and only known MathML elements and attributes are kept, so that no
formula, whoever wrote it, can put anything else on a page.
"""

from __future__ import annotations

from functools import lru_cache
from html import escape
from itertools import pairwise
from xml.etree import ElementTree

ELEMENTS = frozenset(
    {"math", "mrow", "mi", "mn", "mo", "ms", "mtext", "mspace", "mfrac", "msqrt", "mroot", "msub", "msup", "msubsup"}
    | {"munder", "mover", "munderover", "mtable", "mtr", "mtd", "mstyle", "mpadded", "mphantom"}
)
ATTRIBUTES = frozenset(
    {
        "columnalign",
        "mathvariant",
        "stretchy",
        "fence",
        "form",
        "linethickness",
        "displaystyle",
        "movablelimits",
        "width",
    }
)
_INFERRED_ROW = frozenset({"math", "mrow", "mtd", "msqrt", "mstyle", "mpadded", "mphantom"})
_SCRIPTS = frozenset({"msub", "msup", "msubsup", "munder", "mover", "munderover"})
_THIN = "0.167em"
_SMALL = frozenset(",=+−()")
_ITALIC = {ord(letter): 0x1D44E + place for place, letter in enumerate("abcdefghijklmnopqrstuvwxyz")} | {
    ord("h"): 0x210E
}
_ITALIC |= {ord(letter): 0x1D434 + place for place, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
"""What a browser makes of a letter that is a variable."""


@lru_cache(maxsize=4096)
def mathml(latex: str, text: str = "", *, block: bool = False) -> str:
    """`latex` as a MathML element with `text` as alternative text; as escaped code when it cannot be converted.

    That a `block` stands on lines of its own is said once, in style.css.
    """
    from latex2mathml.converter import convert

    try:
        tree = ElementTree.fromstring(convert(latex, display="block" if block else "inline"))
        content = _row(tree)
    except Exception:  # noqa: BLE001  the converter raises what it likes; the formula is then shown as text
        return f'<code class="tex">{escape(text or latex)}</code>'
    return f'<math alttext="{escape(text or latex)}">{content}</math>'


def _row(element: ElementTree.Element, script: bool = False) -> str:
    """The children of an element that is a row by itself; a plain row inside it adds nothing."""
    children = list(element)
    while len(children) == 1 and _local(children[0]) == "mrow" and not children[0].attrib:
        children = list(children[0])
    for before, child in pairwise(children):
        if (child.text, _local(child), _local(before)) == ("−", "mo", "mo") and before.text not in (")", "]", "|"):
            child.set("form", "prefix")
    return _words(element) + "".join(_write(child, script) for child in children)


def _words(element: ElementTree.Element) -> str:
    text = element.text or ""
    return escape(text.replace(" ", "\u00a0") if _local(element) == "mtext" else text.strip())


def _write(element: ElementTree.Element, script: bool = False) -> str:
    """An element as text; inside a sub- or superscript nothing stretches, so nothing is told not to."""
    name = _local(element)
    if name not in ELEMENTS:
        raise ValueError(f"the converter made an element that is not mathematics: {name}")
    kept = {key: value for key, value in element.attrib.items() if key in ATTRIBUTES}
    if name == "mo" and (script or kept.get("stretchy") == "true"):
        kept = {}
    if name == "mspace" and kept.get("width") == _THIN:
        return ""
    if name == "mrow" and len(element) == 1 and not kept:
        return _write(element[0], script)
    if name == "mrow" and script and (token := _token(element)):
        return f"<mi>{token}</mi>"
    if name in _INFERRED_ROW:
        content = _row(element, script)
    else:
        inner = [_write(child, script or (place > 0 and name in _SCRIPTS)) for place, child in enumerate(element)]
        content = _words(element) + "".join(inner)
    attributes = "".join(f' {key}="{escape(value)}"' for key, value in kept.items())
    return f"<{name}{attributes}>{content}</{name}>"


def _token(row: ElementTree.Element) -> str:
    """A short row of a script, such as ``i,j`` or ``k=1``, as one identifier; empty if it holds anything else."""
    words = []
    for child in row:
        name, text = _local(child), _words(child)
        variable = name == "mi" and len(text) == 1 and ord(text) in _ITALIC and not child.attrib
        if not (variable or (name == "mn" and text.isalnum()) or (name == "mo" and text in _SMALL)):
            return ""
        words.append(text.translate(_ITALIC) if variable else text)
    return "".join(words)


def _local(element: ElementTree.Element) -> str:
    return element.tag.rsplit("}", 1)[-1]
