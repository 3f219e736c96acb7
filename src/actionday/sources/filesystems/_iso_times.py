"""Times on a disc of ISO 9660: seven bytes of a record, sixteen digits, and those of Rock Ridge.

Source: ECMA-119, 9.1.5 (recording date and time), 8.4.26.1 (digits); IEEE P1282 (RRIP) 4.1.6 (TF).
"""

from actionday.sources.filesystems._calendar import Stamp, seconds_of

NOT_SET = Stamp(None, b"")


def recorded(raw: bytes) -> Stamp:
    """Return a time of seven bytes; the last is the offset from UTC in quarters of an hour."""
    if not any(raw[:6]):
        return NOT_SET
    offset = int.from_bytes(raw[6:7], "little", signed=True)
    return Stamp(seconds_of((1900 + raw[0], *raw[1:6]), offset * 900), raw)


def in_digits(raw: bytes) -> Stamp:
    """Return a time of sixteen digits, the last two hundredths of a second, and the offset."""
    digits = raw[:16]
    if not digits.strip(b"0\0"):
        return NOT_SET
    if not digits.isdigit():
        return Stamp(None, raw)
    parts = tuple(int(digits[at:end]) for at, end in ((0, 4), (4, 6), (6, 8), (8, 10), (10, 12), (12, 14)))
    return Stamp(seconds_of(parts, int.from_bytes(raw[16:17], "little", signed=True) * 900), raw)


def rock_ridge(body: bytes) -> Stamp:
    """Return the time of the last change of content: behind that of creation, where there is one."""
    if not body[0] & 2:
        return NOT_SET
    width = 17 if body[0] & 0x80 else 7
    at = 1 + (width if body[0] & 1 else 0)
    raw = body[at : at + width]
    if len(raw) < width:
        return NOT_SET
    return in_digits(raw) if width == 17 else recorded(raw)
