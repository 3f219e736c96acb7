"""What letters are worth as signs that a name is in a code page: often used ones most.

Source: orders of frequency as the national corpora give them (Russian, Arabic, Persian, Greek, Hebrew), JIS X 0208,
GB 2312, Big5 and KS X 1001 (their first levels are the characters in use).
"""

from typing import NamedTuple

STRANGE = -1.5


class Alphabet(NamedTuple):
    """Worth of single letters; ``levels``: of Chinese characters by their codes in the page."""

    worth: dict[str, float]
    latin: bool = False
    page: str = ""

    def other(self, char: str) -> float:
        """Return the worth of a letter that is not listed."""
        return _level(char, self.page) if self.page else STRANGE


def _level(char: str, page: str) -> float:
    """Return the worth of a character of two bytes: by the level that it has in its standard."""
    try:
        code = char.encode(page)
    except UnicodeEncodeError:
        return STRANGE
    if len(code) != 2:
        return -0.5  # half-width katakana: any two letters of another page
    lead, trail = code
    first, last, least = FIRST_LEVEL[page]
    if first <= lead <= last and trail >= least:
        return 0.9
    return -0.4 if page in ("cp932", "big5") and lead < 0xF0 else -1.0


FIRST_LEVEL = {
    "cp932": (0x88, 0x98, 0x40),
    "gbk": (0xB0, 0xD7, 0xA1),
    "big5": (0xA4, 0xC6, 0x40),
    "cp949": (0xB0, 0xC8, 0xA1),
}


def _graded(letters: str, first: int, second: int) -> dict[str, float]:
    """Return letters in the order of their frequency as worth 1.5, 1 and 0.5, capitals like them."""
    worth = {each: 1.5 if at < first else 1.0 if at < second else 0.4 for at, each in enumerate(letters)}
    capitals = {
        each.upper(): gain - 0.2
        for each, gain in worth.items()
        if len(each.upper()) == 1 and each.upper() != each
    }
    return capitals | worth


def _flat(letters: str, gain: float) -> dict[str, float]:
    return dict.fromkeys(letters, gain) | {
        each.upper(): gain - 0.2 for each in letters if len(each.upper()) == 1
    }


CYRILLIC = Alphabet(_graded("оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфёъ", 13, 26) | _flat("іїєґўјљњћђџѓќѕ", 0.5))
GREEK = Alphabet(_graded("αοιετσνηυρπκμλςωδγχθφάίόέήύώβξζψϊΐϋ", 14, 26))
HEBREW = Alphabet(dict.fromkeys("יוהלאמתרבשנםעדחקפגכצסטןזךףץ", 1.2))
ARABIC = Alphabet(_graded("اليمونرتبةعدسفهكقأحجإشصىخطضذثزئغءظؤآیکپچژگ", 14, 30))
LATIN = Alphabet(_flat("éèàáíóúñçäöüßâêîôûãõåæøëïìòù", 1.2) | _flat("ÿœšžðþý", 0.3), latin=True)
CENTRAL = Alphabet(_flat("ąęłśżźćńóčěřšžýůőűáéíúťďňöüäâăîşţđ", 1.1) | _flat("ëçôľĺŕ", 0.4), latin=True)
TURKISH = Alphabet(_flat("ğşçöüâ", 1.2) | {"ı": 1.2, "İ": 1.0, "î": 0.4, "û": 0.4}, latin=True)
_KANA = "".join(map(chr, range(0x3041, 0x3094)))
_KATAKANA = "".join(map(chr, range(0x30A1, 0x30F7)))
JAPANESE = Alphabet(dict.fromkeys(_KANA, 1.5) | dict.fromkeys(_KATAKANA, 1.2), page="cp932")
_SIMPLE = (
    "的一是不了在人有我他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后小么心多天而能好都然没日于起还"
    "发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长知民样现分将外但身些与高意进把法此实回二理美点月明其种声全工"
    "新图片视频音乐照资料报告电影名单计划合集第集部权教育社会保护国际"
)
_FULL = (
    "的一是不了在人有我他這中大來上國個到說們為子和你地出道也時年得就那要下以生會自著去之過家學對可她裡後小麼心多天而能好都然沒日於起還"
    "發成事只作當想看文無開手十用主行方又如前所本見經頭面公同三已老從動兩長知民樣現分將外但身些與高意進把法此實回二理美點月明其種聲全工"
    "新圖片視頻音樂照資料報告電影名單計劃合集第集部權教育社會保護國際"
)
SIMPLIFIED = Alphabet(dict.fromkeys(_SIMPLE, 1.4) | dict.fromkeys(_KANA + _KATAKANA, -0.5), page="gbk")
TRADITIONAL = Alphabet(dict.fromkeys(_FULL, 1.4), page="big5")
_HANGUL = (
    "이다는의에가을고하지로한사기도를리어자은아나서인그대시들정있보일수해라니"
    "과부전관제장경공주원구상국성학교년월동생산안신방문소차회진모든권유"
)
KOREAN = Alphabet(dict.fromkeys(_HANGUL, 1.5), page="cp949")
EASTERN = frozenset({"cp932", "gbk", "big5", "cp949"})

LETTERS: dict[str, tuple[Alphabet, ...]] = {
    "cp866": (CYRILLIC,),
    "cp1251": (CYRILLIC,),
    "koi8-r": (CYRILLIC,),
    "cp855": (CYRILLIC,),
    "cp437": (LATIN,),
    "cp850": (LATIN,),
    "cp852": (CENTRAL,),
    "cp857": (TURKISH,),
    "cp1252": (LATIN,),
    "cp1250": (CENTRAL,),
    "cp1254": (TURKISH,),
    "mac-roman": (LATIN,),
    "cp1253": (GREEK,),
    "cp737": (GREEK,),
    "cp1255": (HEBREW,),
    "cp862": (HEBREW,),
    "cp1256": (ARABIC,),
    "cp720": (ARABIC,),
    "cp932": (JAPANESE,),
    "gbk": (SIMPLIFIED,),
    "big5": (TRADITIONAL,),
    "cp949": (KOREAN,),
}
"""In the order in which they are preferred where they read alike."""
