"""Long runs of letters and figures, in which a text may have bytes: found at the speed of memory, most have none.

Source: RFC 4648, 4 (base64); what is hexadecimal is of its alphabet, too.
"""

LEAST = 28
"""Characters of a run before which nothing says what it is: fourteen bytes of figures, 21 of base64."""
SOUGHT = b"\1" * (LEAST - 1)


def runs(pairs: bytes) -> list[tuple[int, int]]:
    """Return where the runs begin and end. ``pairs`` has a one for each letter that has another behind it, else zero.

    So all letters of the alphabet are one, which is looked for as a word is.
    """
    found: list[tuple[int, int]] = []
    at = pairs.find(SOUGHT)
    while at >= 0:
        end = pairs.find(b"\0", at)
        end = end if end >= 0 else len(pairs)
        found.append((at, end + 1))
        at = pairs.find(SOUGHT, end)
    return found
