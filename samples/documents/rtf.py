"""Rich text: everything beyond ASCII as Unicode escapes.

Source: Rich Text Format 1.9.1, sections "Unicode RTF" and "Table Definitions".
"""

from samples.documents.writing import Document
from samples.made import Made, made


def as_rtf(document: Document) -> Made:
    """Return the document as RTF, a table row as a tabbed paragraph."""
    direction = r"\rtlpar" if document.language.right_to_left else r"\ltrpar"
    lines = [document.title, *document.paragraphs, *("\t".join(row) for row in document.rows)]
    body = "".join(f"\\pard{direction} {_escaped(line)}\\par\n" for line in lines)
    data = r"{\rtf1\ansi\ansicpg1252\deff0\uc1{\fonttbl{\f0 Arial;}}" + "\n" + body + "}\n"
    return made(data.encode("ascii"), "application/rtf", language=document.language.code, text=document.text)


def _escaped(text: str) -> str:
    out = []
    for unit in memoryview(text.encode("utf-16-le")).cast("H"):
        letter = chr(unit)
        if letter in "\\{}":
            out.append("\\" + letter)
        elif letter == "\t":
            out.append("\\tab ")
        else:
            out.append(letter if unit < 128 else f"\\u{unit if unit < 32768 else unit - 65536}?")
    return "".join(out)
