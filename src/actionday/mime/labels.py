"""Python codecs for the names by which mails, pages and documents call their encoding: the one table.

Source: WHATWG Encoding section 4.2 (what the labels mean in practice: latin-1 is windows-1252, gb2312 is gb18030,
ks_c_5601 is cp949), RFC 2978 (registered names), RFC 1556 (iso-8859-8-i, -e).
"""

import codecs
import re
from functools import lru_cache

_ALIASES = {
    "ansi": "cp1252", "ansi_x3.110-1983": "latin-1", "binary": "", "default": "", "unknown": "",
    "unknown-8bit": "", "x-unknown": "", "x-user-defined": "", "8bit": "", "none": "", "null": "",
    "ascii": "ascii", "us_ascii": "ascii", "ansi_x3.4-1968": "ascii",
    "iso-8859-1": "cp1252", "iso8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252",
    "iso-8859-9": "cp1254", "iso-8859-11": "cp874", "tis-620": "cp874", "windows-874": "cp874",
    "dos-874": "cp874", "iso-8859-8-i": "iso-8859-8", "iso-8859-8-e": "iso-8859-8", "logical": "iso-8859-8",
    "visual": "iso-8859-8", "iso-8859-6-i": "iso-8859-6", "iso-8859-6-e": "iso-8859-6",
    "asmo-708": "iso-8859-6", "x-mac-arabic": "mac_arabic", "macarabic": "mac_arabic",
    "x-mac-cyrillic": "mac_cyrillic", "x-mac-ukrainian": "mac_cyrillic", "x-mac-farsi": "mac_farsi",
    "x-mac-greek": "mac_greek", "x-mac-turkish": "mac_turkish", "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman", "x-mac-ce": "mac_latin2", "x-mac-centraleurroman": "mac_latin2",
    "x-mac-croatian": "mac_croatian", "x-mac-romanian": "mac_romanian", "x-mac-icelandic": "mac_iceland",
    "gb2312": "gb18030", "gb_2312-80": "gb18030", "csgb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030",
    "hz-gb-2312": "hz", "euc-cn": "gb18030", "big5": "cp950", "x-x-big5": "cp950", "cn-big5": "cp950",
    "ks_c_5601-1987": "cp949", "ks_c_5601": "cp949", "ksc_5601": "cp949", "ksc5601": "cp949",
    "euc-kr": "cp949", "x-windows-949": "cp949", "windows-949": "cp949",
    "shift_jis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932", "sjis": "cp932", "ms_kanji": "cp932",
    "windows-31j": "cp932", "x-euc-jp": "euc-jp", "iso-2022-jp": "iso2022_jp_ext",
    "unicode-1-1-utf-7": "utf-7", "unicode-1-1-utf-8": "utf-8", "x-utf-8": "utf-8", "utf8mb4": "utf-8",
    "unicode": "utf-16", "ucs-2": "utf-16", "iso-10646-ucs-2": "utf-16-be", "ucs-4": "utf-32",
    "koi": "koi8-r", "koi8": "koi8-r", "cskoi8r": "koi8-r", "koi8-ru": "koi8-u", "dos-862": "cp862",
    "dos-720": "cp720", "x-cp1250": "cp1250", "x-cp1251": "cp1251", "x-cp1252": "cp1252",
    "l1": "cp1252", "latin5": "cp1254", "gb-2312": "gb18030", "gb-2312-80": "gb18030", "cp936": "gb18030",
    "x-unicode20utf8": "utf-8", "win-1251": "cp1251", "win1251": "cp1251", "x-ansi": "cp1252",
}  # fmt: skip
_NO_CHARSET = frozenset(
    ("punycode", "idna", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem")
)
"""Codecs of Python that no mail means; two of them take quadratic time."""
_LABEL = re.compile(r"[a-z0-9][a-z0-9_.:()+-]{0,63}")


@lru_cache(maxsize=1024)
def codec_of(label: str) -> str:
    """Return the Python codec for a charset label, or ``""`` where nobody knows it."""
    wanted = label.strip().strip("'\"").lower()
    if not _LABEL.fullmatch(wanted):
        return ""
    wanted = _ALIASES.get(wanted) or _ALIASES.get(
        wanted.replace("_", "-"), "" if wanted in _ALIASES else wanted
    )
    for name in (
        wanted,
        wanted.removeprefix("x-"),
        re.sub(r"^(?:windows|x-cp|ibm|dos|cp)[-_]?", "cp", wanted),
    ):
        codec = _usable(name)
        if codec:
            return codec
    return ""


def _usable(name: str) -> str:
    if not name:
        return ""
    try:
        found = codecs.lookup(name)
        b"0000".decode(
            found.name, "replace"
        )  # raises LookupError for what is no text encoding (base64, rot13, zlib)
    except (LookupError, ValueError):
        return ""
    return "" if found.name in _NO_CHARSET else found.name


def document_codec(label: str) -> str:
    """Return the codec for a label that a document gives itself in its own first bytes, or ``""``.

    Who could read the label read ASCII: UTF-16 and UTF-32 are not meant by it, and UTF-7 serves only to hide text.
    Source: HTML Living Standard, 13.2.3.2 (prescan: UTF-16 becomes UTF-8).
    """
    codec = codec_of(label)
    if codec in ("ascii", "latin-1", "iso8859-1"):
        return "cp1252"
    return "" if codec.startswith(("utf-16", "utf-32", "utf-7", "utf_7")) else codec
