"""The scripts that are written without spaces between words, as characters that folding leaves.

Source: Unicode Standard Annex 14, Line_Break of Unicode 15.1 and 16: the classes SA (South East Asian), ID, CJ and the
Hangul ones, AK, AP, AS, VF and VI (aksaras). Beside them what has no such class and is written so by tradition, as
Core Specification 11 (cuneiform, hieroglyphs) and 17 (Philippines, Indonesia) say, and Modi, Siddham and Nandinagari.
Whole blocks: what a later Unicode puts into them is treated as their script is. A word of such a script that does have
spaces around it is found all the same.
"""

import re

BMP = (
    "\u0e01-\u0e4e\u0e80-\u0ece\u0edc-\u0edf"  # Thai, Lao
    "\u1000-\u109f\ua9e0-\ua9ff\uaa60-\uaa7f"  # Burmese with Shan, Mon, Karen
    "\u1700-\u177f\u1780-\u17d3\u17d7\u17dc\u17dd"  # Tagalog, Hanunoo, Buhid, Tagbanwa; Khmer
    "\u1950-\u19df\u1a20-\u1aaf\uaa80-\uaadf"  # Tai Le, New Tai Lue, Tai Tham, Tai Viet
    "\u1a00-\u1a1f\u1b00-\u1bff\ua930-\ua95f\ua980-\ua9df\uaa00-\uaa5f"  # Buginese, Bali to Batak, Rejang, Java, Cham
    "\u1100-\u11ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u303c\u3041-\u309f\u30a1-\u30fa\u30fc-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff"  # Chinese, Japanese, Korean
    "\ua000-\ua4cf"  # Yi
)
BEYOND = (
    "\U00011000-\U0001107f\U00011300-\U000113ff\U00011580-\U0001165f"  # Brahmi, Grantha, Tulu, Siddham, Modi
    "\U00011700-\U0001174f\U00011900-\U0001195f\U000119a0-\U000119ff"  # Ahom, Dives Akuru, Nandinagari
    "\U00011ee0-\U00011f5f\U00012000-\U0001254f\U00013000-\U0001467f"  # Makasar, Kawi, cuneiform, hieroglyphs
    "\U00016100-\U0001613f\U00016fe0-\U00018dff"  # Gurung Khema; Tangut, Khitan
    "\U0001aff0-\U0001b2ff\U00020000-\U0003ffff"  # Kana, Nushu; ideographs
)
# Each begins with one class, which is searched for three times faster than its repeat; ranges beyond U+FFFF are
# compared one by one, so that there one range stands for them all at first.
BMP_RUNS = re.compile(f"([{BMP}][{BMP}]*)")
RUNS = re.compile(
    f"([{BMP}\U00010000-\U0010ffff](?<=[{BMP}{BEYOND}])[{BMP}{BEYOND}]*)"
)  # with the rarer ones; slower
