"""One script from another where the orthographies map letter by letter: text for classes that have none.

Source: the official alphabets of Serbian, Azerbaijani (1958/1991), Turkmen (1940/1999), Uzbek (1940/1995) and
Uyghur (Arabic, Latin ULY 2008, Cyrillic 1947).
"""


def _table(source: str, target: str) -> list[tuple[str, str]]:
    pairs = list(zip(source.split(), target.split(), strict=True))
    return sorted(pairs, key=lambda pair: -len(pair[0]))


_SERBIAN = _table(
    "љ њ џ а б в г д ђ е ж з и ј к л м н о п р с т ћ у ф х ц ч ш",
    "lj nj dž a b v g d đ e ž z i j k l m n o p r s t ć u f h c č š",
)
_AZERI = _table(
    "a b c ç d e ə f g ğ h x ı i j k q l m n o ö p r s ş t u ü v y z",
    "а б ҹ ч д е ә ф ҝ ғ һ х ы и ж к г л м н о ө п р с ш т у ү в ј з",
)
_TURKMEN = _table(
    "ýa ýu ýo a b ç d e ä f g h i j ž k l m n ň o ö p r s ş t u ü w y ý z",
    "я ю ё а б ч д е ә ф г х и җ ж к л м н ң о ө п р с ш т у ү в ы й з",
)
_UZBEK = _table(
    "oʻ gʻ o‘ g‘ o' g' sh ch ya yu yo ye a b d e f g h i j k l m n o p q r s t u v x y z ʼ ’",
    "ў ғ ў ғ ў ғ ш ч я ю ё е а б д е ф г ҳ и ж к л м н о п қ р с т у в х й з ъ ъ",
)
_UYGHUR_LATIN = _table(
    "ا ە ب پ ت ج چ خ د ر ز ژ س ش غ ف ق ك گ ڭ ل م ن ھ و ۇ ۆ ۈ ۋ ې ى ي ، ؟ ؛",
    "a e b p t j ch x d r z zh s sh gh f q k g ng l m n h o u ö ü w ë i y , ? ;",
)
_UYGHUR_CYRILLIC = _table(
    "يا يۇ ا ە ب پ ت ج چ خ د ر ز ژ س ش غ ف ق ك گ ڭ ل م ن ھ و ۇ ۆ ۈ ۋ ې ى ي ، ؟ ؛",
    "я ю а ә б п т җ ч х д р з ж с ш ғ ф қ к г ң л м н һ о у ө ү в е и й , ? ;",
)


def _apply(text: str, table: list[tuple[str, str]]) -> str:
    for source, target in table:
        text = text.replace(source, target).replace(source.capitalize(), target.capitalize())
    return text


def serbian_latin(text: str) -> str:
    """Return Serbian Cyrillic text in Gaj's Latin alphabet."""
    return _apply(text, _SERBIAN)


def azerbaijani_cyrillic(text: str) -> str:
    """Return Azerbaijani Latin text in the Cyrillic alphabet of 1958."""
    return _apply(text.replace("İ", "И").replace("I", "Ы"), _AZERI)


def turkmen_cyrillic(text: str) -> str:
    """Return Turkmen Latin text in the Cyrillic alphabet of 1940, э at the start of a word."""
    words = (("э" + word[1:]) if word[:1] == "e" else word for word in text.split(" "))
    return _apply(" ".join(words), _TURKMEN)


def uzbek_cyrillic(text: str) -> str:
    """Return Uzbek Latin text in the Cyrillic alphabet of 1940, э at the start of a word."""
    words = (("э" + word[1:]) if word[:1] == "e" else word for word in text.split(" "))
    return _apply(" ".join(words), _UZBEK)


def uyghur_latin(text: str) -> str:
    """Return Uyghur Arabic-script text in the Latin alphabet ULY; the carrier hamza is not written."""
    return _apply(text.replace("ئ", ""), _UYGHUR_LATIN)


def uyghur_cyrillic(text: str) -> str:
    """Return Uyghur Arabic-script text in the Cyrillic alphabet of the Soviet Union."""
    return _apply(text.replace("ئ", ""), _UYGHUR_CYRILLIC)
