"""A report as one HTML file: no script, nothing from outside, its one style named by its hash in its own policy."""

from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from html import escape
from importlib.resources import files

from actionday.exchange.report._page import Block, Facts, Note, Report, Section, Table, Text, Value


def pieces(report: Report) -> Iterator[bytes]:
    """Yield the file section by section."""
    style = files(__package__).joinpath("report.css").read_text("utf-8")
    digest = b64encode(sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    title = escape(f"{report.title}: {report.case}")
    yield (
        f'<!doctype html>\n<html lang="{report.language}" dir="{report.direction}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{style}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{escape(report.title)}</h1>\n<p class=case><bdi>{escape(report.case)}</bdi></p>\n"
    ).encode()
    for each in report.sections:
        yield "".join(_section(each)).encode()
    yield b"</main>\n</body>\n</html>\n"


def _section(section: Section) -> Iterator[str]:
    level = section.level + 1
    yield f"<h{level}>{_line(section.heading)}</h{level}>\n"
    for block in section.blocks:
        yield from _block(block)


def _block(block: Block) -> Iterator[str]:
    match block:
        case Note(text, grave):
            yield f"<p{' class=grave' if grave else ''}>{escape(text)}</p>\n"
        case Facts(rows):
            yield "<dl>\n"
            yield from (f"<dt>{escape(label)}</dt><dd>{_value(value)}</dd>\n" for label, value in rows)
            yield "</dl>\n"
        case Table(heads, widths, rows):
            share = sum(widths)
            yield "<table>\n<colgroup>"
            yield from (f'<col span="1" width="{100 * each / share:.1f}%">' for each in widths)
            cells = "".join(f'<th scope="col">{escape(each)}</th>' for each in heads)
            yield f"</colgroup>\n<thead><tr>{cells}</tr></thead>\n<tbody>\n"
            for row in rows:
                yield f"<tr>{''.join(f'<td>{_value(value)}</td>' for value in row)}</tr>\n"
            yield "</tbody>\n</table>\n"


def _value(value: Value) -> str:
    return "<br>".join(map(_line, value))


def _line(text: Text) -> str:
    shown = escape(text.text)
    match text.kind:
        case "said":
            return shown
        case "name":
            return f'<bdi dir="auto">{shown}</bdi>'
        case "code":
            return f'<code dir="ltr">{shown}</code>'
