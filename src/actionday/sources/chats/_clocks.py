"""Words that stand beside the hour of a twelve-hour clock, and those that part day and hour, by language.

Source: Unicode CLDR 48, day periods (abbreviated, wide, narrow) of the locales whose short time has twelve hours.
"""

import re
import unicodedata

AM, PM, NIGHT, NOON = "am", "pm", "night", "noon"
"""``night``: 6 to 11 are in the evening, 12 is midnight; ``noon``: 11 to 2 around it."""
WORDS = {
    AM: (
        "AM|a. m.|A|上午|早上|清晨|朝早|凌晨|午前|오전|아침|새벽|ص|صباحًا|فجرًا|ق.ظ.|قبل\u200cازظهر|ب.ن|غ.م.|قبل دوپہر|"
        "صبح|ÖÖ|öğleden önce|sabah|π.μ.|पूर्वाह्न|सुबह|बिहान|पूर्व|म.पू.|সকাল|ভোর|পূর্বাহ্ণ|"
        "ਪੂ.ਦੁ.|ਸਵੇਰੇ|સવારે|முற்பகல்|காலை|ఉ|ఉదయం|ಪೂರ್ವಾಹ್ನ|ಬೆಳಗ್ಗೆ|രാവിലെ|පෙ.ව.|ព្រឹក|နံနက်|ጥዋት|"
        "ቅ.ቀ.|ጠዋት|GH|WD|SF|PG|pagi|SA|sáng|p.d.|e paradites|PD|de.|dop.|vm.|v.m.|пр.об.|ДП|дп|LB|"
        "manhã|da manhã|madrugada|da madrugada|de la mañana|de la madrugada|matin|du matin|"
        'לפנה״צ|לפנה"צ|בבוקר|ก่อนเที่ยง|umaga|ng umaga|sáng.|fm|f.m.|ap.|rīts'
    ),
    PM: (
        "PM|p. m.|P|下午|下晝|午後|오후|저녁|م|مساءً|بعد الظهر|ب.ظ.|بعدازظهر|د.ن|غ.و.|بعد دوپہر|شام|سہ پہر|"
        "ÖS|öğleden sonra|akşam|akşamüstü|μ.μ.|अपराह्न|दोपहर|शाम|म.उ.|বিকাল|সন্ধ্যা|অপরাহ্ণ|"
        "ਬਾ.ਦੁ.|ਸ਼ਾਮੀਂ|સાંજે|பிற்பகல்|மாலை|சாயங்காலம்|సా|సాయంత్రం|ಅಪರಾಹ್ನ|ಸಂಜೆ|വൈകുന്നേരം|"
        "ഉച്ചതിരിഞ്ഞ്|ප.ව.|ល្ងាច|ညနေ|ከሰዓት|ድ.ቀ.|GD|WB|YM|PTG|petang|CH|chiều|m.d.|e pasdites|MD|"
        "du.|odp.|nm.|n.m.|сл.об.|ПП|пп|SN|tarde|da tarde|de la tarde|après-midi|de l’après-midi|"
        'soir|du soir|אחה״צ|אחה"צ|בערב|หลังเที่ยง|hapon|ng hapon|em|e.m.'
    ),
    NIGHT: (
        "晚上|夜晚|夜|밤|رات|ليلاً|gece|रात|রাত্রি|રાત્રે|இரவு|రాత్రి|ರಾತ್ರಿ|രാത്രി|tối|malam|noite|"
        "da noite|de la noche|ng gabi"
    ),
    NOON: (
        "中午|정오|ظهرًا|دوپہر|दुपार|দুপুর|દુપોરે|மதியம்|మధ్యాహ్నం|ಮಧ್ಯಾಹ್ನ|ഉച്ചയ്ക്ക്|trưa|"
        "tengah hari|del mediodía|meio-dia|öğle|midi"
    ),
}
AROUND_AN_HOUR = (
    "à|um|kl|klo|às|a las|a la|la|ob|om|at|в|о|o|u|alle|lúc|jam|pukul|saat|uhr|ч|h|г|год|hs|ал|день|tháng"
)
"""What stands between a day and its hour, or behind an hour of twenty-four."""


def _plain(word: str) -> str:
    """Return a word without blanks, dots, marks of direction and joiners, folded."""
    kept = (each for each in unicodedata.normalize("NFC", word) if not (each in ".،" or each.isspace()))
    return "".join(each for each in kept if unicodedata.category(each) != "Cf").casefold()


_HALVES = {_plain(word): half for half, words in WORDS.items() for word in words.split("|")}
_BESIDE = frozenset(map(_plain, AROUND_AN_HOUR.split("|")))
BLANKS = re.compile(r"\s+")


def half_of(word: str) -> str | None:
    """Return which half of the day a word means, "" for one that only stands beside an hour, None for any other."""
    plain = _plain(word)
    if not plain or plain in _BESIDE:
        return ""
    return _HALVES.get(plain)


def hour_of(hour: int, half: str) -> int:
    """Return an hour of 0 to 23; one that no clock of twelve shows stays as it is."""
    if not half or not 1 <= hour <= 12:
        return hour
    if half == AM:
        return hour % 12
    if half == PM:
        return hour % 12 + 12
    if half == NOON:
        return hour if hour >= 10 else hour + 12
    return 0 if hour == 12 else hour + 12 if hour >= 6 else hour
