"""Pseudo-locales: every message in brackets, accented and 40 % longer; or marked and right to left."""

from gettext import NullTranslations

ACCENTED = str.maketrans("aeiouAEIOU", "áéíóúÁÉÍÓÚ")


class Pseudo(NullTranslations):
    """A catalogue that translates every message, and no other text."""

    def __init__(self, direction: str) -> None:
        super().__init__()
        self._rtl = direction == "rtl"

    def gettext(self, message: str) -> str:
        parts = message.split("%(")
        head = [parts[0].translate(ACCENTED)]
        for part in parts[1:]:
            name, _, rest = part.partition(")s")
            head.append(f"%({name})s{rest.translate(ACCENTED)}")
        more = " ".join(["~~~~~~"] * (len(message) * 2 // 5 // 7 + 1))  # words, as of any language
        text = "".join(head)
        return f"\u2067⟦{text} {more}⟧\u2069" if self._rtl else f"⟦{text} {more}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)
