"""Values of PostgreSQL as a dump writes them: COPY's text format, string constants, bytea.

Source: PostgreSQL 15, "COPY" (Text Format), 4.1.2 (string constants), 8.4 (bytea), 24.3 (character sets).
"""

import re
from binascii import unhexlify

ENCODINGS = {
    "UTF8": "utf-8", "UNICODE": "utf-8", "SQL_ASCII": "utf-8", "LATIN1": "iso8859-1", "LATIN2": "iso8859-2",
    "LATIN3": "iso8859-3", "LATIN4": "iso8859-4", "LATIN5": "iso8859-9", "LATIN6": "iso8859-10",
    "LATIN7": "iso8859-13", "LATIN8": "iso8859-14", "LATIN9": "iso8859-15", "LATIN10": "iso8859-16",
    "ISO_8859_5": "iso8859-5", "ISO_8859_6": "iso8859-6", "ISO_8859_7": "iso8859-7", "ISO_8859_8": "iso8859-8",
    "WIN866": "cp866", "WIN874": "cp874", "WIN1250": "cp1250", "WIN1251": "cp1251", "WIN1252": "cp1252",
    "WIN1253": "cp1253", "WIN1254": "cp1254", "WIN1255": "cp1255", "WIN1256": "cp1256", "WIN1257": "cp1257",
    "WIN1258": "cp1258", "KOI8R": "koi8-r", "KOI8": "koi8-r", "KOI8U": "koi8-u", "EUC_JP": "euc_jp",
    "EUC_JIS_2004": "euc_jis_2004", "SJIS": "cp932", "SHIFT_JIS_2004": "shift_jis_2004", "EUC_KR": "euc_kr",
    "UHC": "cp949", "JOHAB": "johab", "EUC_CN": "gb2312", "GBK": "gbk", "GB18030": "gb18030", "BIG5": "cp950",
}  # fmt: skip
_ESCAPE = re.compile(r"\\(?:([0-7]{1,3})|x([0-9A-Fa-f]{1,2})|(.))", re.DOTALL)
_LETTERS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_OCTAL = re.compile(rb"\\(?:([0-3][0-7]{2})|(\\))")


def cell(text: str, codec: str) -> str | bytes | None:
    r"""Return a value of COPY's text format; None for ``\N``. Bytes where escapes make what the codec cannot read."""
    if "\\" not in text:
        return text
    if text == "\\N":
        return None
    return unescaped(text, codec)


def unescaped(text: str, codec: str) -> str | bytes:
    """Return a text without its backslashes; see ``cell``. Linear in its length."""
    high = False

    def plain(found: re.Match[str]) -> str:
        nonlocal high
        octal, hexadecimal, letter = found.groups()
        if letter is not None:
            return _LETTERS.get(letter, letter)
        number = (int(octal, 8) if octal else int(hexadecimal, 16)) & 255
        high = high or number > 127
        return chr(number)

    done = _ESCAPE.sub(plain, text)
    return _as_bytes(text, codec) if high else done


def _as_bytes(text: str, codec: str) -> str | bytes:
    parts: list[bytes] = []
    at = 0
    for found in _ESCAPE.finditer(text):
        octal, hexadecimal, letter = found.groups()
        parts.append(text[at : found.start()].encode(codec, "replace"))
        if letter is not None:
            parts.append(_LETTERS.get(letter, letter).encode(codec, "replace"))
        else:
            parts.append(bytes([(int(octal, 8) if octal else int(hexadecimal, 16)) & 255]))
        at = found.end()
    raw = b"".join((*parts, text[at:].encode(codec, "replace")))
    try:
        return raw.decode(codec)
    except UnicodeDecodeError:
        return raw


def bytea(value: str | bytes | None) -> str | bytes | None:
    r"""Return the bytes of a bytea, ``\x…`` or in the older form with octal escapes; unchanged where it is neither."""
    if not isinstance(value, str):
        return value
    if value.startswith("\\x"):
        try:
            return unhexlify(value[2:])
        except ValueError:
            return value
    try:
        raw = value.encode("latin-1")
    except UnicodeEncodeError:
        return value
    return _OCTAL.sub(lambda found: b"\\" if found[2] else bytes([int(found[1], 8)]), raw)
