"""A text in which changes were tracked, as LibreOffice writes it: a word replaced, a part of one, ends of paragraphs."""

NAMESPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'
)
MIRA, JON = ("Mira Vale", "2026-03-01T10:00:00"), ("Jon Reed", "2026-03-02T11:00:00")
NOW = ("Meet on Friday at the quay.", "The evening tide.", "Plain ending.")
BEFORE = ("Meet on Thursday at the quay.", "The Morning tide.", "A line that is gone")
"""Lines, or parts of such, that must stand in a text: as they read now, and as they read before."""


def changed() -> str:
    regions = "".join((
        _region(1, "deletion", MIRA, "Thursday"), _region(2, "insertion", JON),
        _region(3, "deletion", MIRA, "Mor"), _region(4, "insertion", JON),
        _region(5, "deletion", MIRA, "light", "A line that is gone", "har"),
    ))  # fmt: skip
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document {NAMESPACES} office:version="1.3" '
        'office:mimetype="application/vnd.oasis.opendocument.text"><office:body><office:text>'
        f"<text:tracked-changes>{regions}</text:tracked-changes>"
        f"<text:p>Meet on {_taken_out(1)}{_put_in(2, 'Friday')} at the quay.</text:p>"
        f"<text:p>The {_taken_out(3)}{_put_in(4, 'eve')}ning tide.</text:p>"
        f"<text:p>Day{_taken_out(5)}bour is near.</text:p><text:p>Plain ending.</text:p>"
        "</office:text></office:body></office:document>"
    )


def _region(number: int, kind: str, by: tuple[str, str], *paragraphs: str) -> str:
    told = f"<dc:creator>{by[0]}</dc:creator><dc:date>{by[1]}</dc:date>"
    text = "".join(f"<text:p>{each}</text:p>" for each in paragraphs)
    return (
        f'<text:changed-region xml:id="ct{number}" text:id="ct{number}"><text:{kind}>'
        f"<office:change-info>{told}</office:change-info>{text}</text:{kind}></text:changed-region>"
    )


def _taken_out(number: int) -> str:
    return f'<text:change text:change-id="ct{number}"/>'


def _put_in(number: int, text: str) -> str:
    return f'<text:change-start text:change-id="ct{number}"/>{text}<text:change-end text:change-id="ct{number}"/>'
