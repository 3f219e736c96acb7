"""Scripts a text may be attributed to.

Source: ISO 15924. The three ways to write Chinese and Japanese that are told apart have codes of their own there.
"""

# fmt: off
SCRIPTS = frozenset({
    "Adlm", "Arab", "Armn", "Bali", "Bamu", "Beng", "Bugi", "Cans", "Cham", "Cher", "Copt", "Cyrl", "Deva",
    "Ethi", "Geor", "Glag", "Grek", "Gujr", "Guru", "Hang", "Hani", "Hans", "Hant", "Hebr", "Java", "Jpan",
    "Kali", "Khmr", "Knda", "Laoo", "Latn", "Lepc", "Limb", "Lisu", "Mand", "Mlym", "Mong", "Mtei", "Mymr",
    "Nkoo", "Ogam", "Olck", "Orya", "Phag", "Rjng", "Runr", "Samr", "Saur", "Sinh", "Sund", "Syrc", "Taml",
    "Telu", "Tfng", "Tglg", "Thaa", "Thai", "Tibt", "Vaii", "Yiii", "Zinh", "Zyyy", "Zzzz",
})
# fmt: on
