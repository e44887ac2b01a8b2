"""Markdown -> a Word file: headings, lists, tables, quotes, code, bold and italic; the same text, the same bytes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, cast

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.text.paragraph import Paragraph
    from markdown_it.tree import SyntaxTreeNode

_CODE: Final[Mapping[str, object]] = {"name": "Courier New"}
_LOOKS: Final[Mapping[str, Mapping[str, object]]] = {
    "strong": {"bold": True},
    "em": {"italic": True},
    "s": {"strike": True},
    "code_inline": _CODE,
}
"""Markdown's marks as settings of a font."""
_BREAKS: Final = {"softbreak": " ", "hardbreak": "\n"}
_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters that XML can't hold."""
_ZIP_EPOCH: Final = (1980, 1, 1, 0, 0, 0)


def docx_file(title: str, content: str, *, author: str, time: str) -> bytes:
    """Return a document as .docx."""
    from docx import Document  # noqa: PLC0415 - only runs with documents wait for it
    from markdown_it import MarkdownIt  # noqa: PLC0415
    from markdown_it.tree import SyntaxTreeNode  # noqa: PLC0415

    document = Document()
    properties = document.core_properties
    properties.title, properties.author = _fit(title)[:250], _fit(author)[:250]
    properties.created = properties.modified = datetime.fromisoformat(time)
    properties.comments = ""
    document.add_heading(_fit(title), level=0)
    blocks = SyntaxTreeNode(MarkdownIt("js-default").parse(_fit(content))).children
    if blocks and blocks[0].tag == "h1" and blocks[0].children[0].content.casefold() == title.strip().casefold():
        blocks = blocks[1:]
    for block in blocks:
        _add(document, block)
    data = io.BytesIO()
    document.save(data)
    return _undated(data.getvalue())


def _add(document: WordDocument, block: SyntaxTreeNode, *, style: str = "Normal", depth: int = 0) -> None:
    """Add a block that stands in so many lists; a paragraph gets the style."""
    match block.type:
        case "heading":
            _fill(document.add_heading(level=int(block.tag[1])), block, {})
        case "bullet_list" | "ordered_list":
            _add_list(document, block, depth + 1)
        case "blockquote":
            for inner in block.children:
                _add(document, inner, style="Quote", depth=depth)
        case "table":
            _add_table(document, block)
        case "fence" | "code_block":
            _write(document.add_paragraph(), block.content.removesuffix("\n"), _CODE)
        case "hr":
            document.add_paragraph("* * *")
        case _:
            _fill(document.add_paragraph(style=style), block, {})


def _add_list(document: WordDocument, block: SyntaxTreeNode, depth: int) -> None:
    level = f" {min(depth, 3)}" if depth > 1 else ""  # Word has styles for three
    is_ordered = block.type == "ordered_list"
    numbering = _numbering(document, f"List Number{level}", int(block.attrs.get("start", 1))) if is_ordered else 0
    for item in block.children:
        paragraph = document.add_paragraph(style=f"List {'Number' if is_ordered else 'Bullet'}{level}")
        if is_ordered:
            properties = cast("Any", paragraph.paragraph_format.element).get_or_add_pPr().get_or_add_numPr()
            properties.get_or_add_ilvl().val, properties.get_or_add_numId().val = 0, numbering
        has_text = bool(item.children) and item.children[0].type == "paragraph"
        if has_text:
            _fill(paragraph, item.children[0], {})
        for inner in item.children[has_text:]:
            _add(document, inner, style=f"List Continue{level}", depth=depth)


def _numbering(document: WordDocument, style: str, start: int) -> int:
    """Return a numbering of its own, or Word would count on from the list before."""
    known, of_style = cast("Any", document.part.numbering_part.element), cast("Any", document.styles[style].element)
    made = known.add_num(known.num_having_numId(of_style.pPr.numPr.numId.val).abstractNumId.val)
    made.add_lvlOverride(ilvl=0).add_startOverride(start)
    return made.numId


def _add_table(document: WordDocument, block: SyntaxTreeNode) -> None:
    rows = [row.children for part in block.children for row in part.children]
    table = document.add_table(rows=0, cols=len(rows[0]), style="Table Grid")
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            _fill(cell.paragraphs[0], text, {})


def _fill(paragraph: Paragraph, node: SyntaxTreeNode, looks: Mapping[str, object]) -> None:
    """Add a text with its marks; links and images are followed by their addresses."""
    for child in node.children:
        inner = {**looks, **_LOOKS.get(child.type, {})}
        if child.children:
            _fill(paragraph, child, inner)
        else:
            _write(paragraph, _BREAKS.get(child.type, child.content), inner)
        address = str(child.attrs.get("href", child.attrs.get("src", ""))).removeprefix("mailto:")
        if address and [part.content for part in child.children] != [address]:
            _write(paragraph, f" ({address})", looks)


def _write(paragraph: Paragraph, text: str, looks: Mapping[str, object]) -> None:
    if text:
        run = paragraph.add_run(_fit(text))
        for name, value in looks.items():
            setattr(run.font, name, value)


def _fit(text: str) -> str:
    return _UNFIT.sub("", text)


def _undated(data: bytes) -> bytes:
    """Rewrite the archive without the time at which it was made."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            made = zipfile.ZipInfo(entry.filename, _ZIP_EPOCH)
            made.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(made, old.read(entry))
    return out.getvalue()
