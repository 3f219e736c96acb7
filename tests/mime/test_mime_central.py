"""Short texts in an old code of one byte a letter: the places of a few letters tell which."""

import pytest

from actionday.mime.guess import legacy
from actionday.parsers._decode import decode

CENTRAL = {
    "cp1250": [
        "Reuniunea va avea loc joi în sala mare de lângă portul vechi.",
        "Toţi membrii sunt rugaţi să aducă ştirile.",
        "Hai să mergem la piaţă",
        "Večeras ću doći kući kasnije.",
        "Molim te, pošalji mi ključ.",
        "Članovi će čitati vijesti.",
        "Spotkajmy się jutro wieczorem.",
        "Cześć, jak się masz?",
        "Děkuji, uvidíme se později.",
        "Přijď zítra večer k přístavu.",
        "Kérem, hozza el a híreket időben.",
        "Člani bodo prebrali novice.",
    ],
    "iso8859-2": ["Proszę przynieść książkę o ósmej."],
    "cp1254": ["İyi akşamlar", "Başka bir gün görüşürüz."],
    "cp1252": [
        "Ma sœur arrive à la fenêtre, c'est sûr.",
        "élève, mère, père",
        "Grüße aus München",
        "¿Dónde está el niño? ¡Aquí!",
        "Você não está só, irmã",
        "corações e canções, avó",
        "Caffè e città, già lunedì",
        "Vær så god at læse nyhederne højt.",
        "blå bær på øen",
        "Hyvää yötä",
        "Við lesum fréttir í kvöld",
        "les options «-%s» sont ignorées",
        "no se pudo abrir el archivo «%s»",
        "het bestand ‘%s’ is één regel",
    ],
}


@pytest.mark.parametrize(
    ("code", "text"), [(code, text) for code, texts in CENTRAL.items() for text in texts]
)
def test_a_few_accents_are_read_as_their_language_has_them(code: str, text: str) -> None:
    raw = text.encode(code)
    assert raw.decode(legacy(raw).encoding) == text


RUSSIAN = (
    "Инженер Ёлкин спрятал передатчик под мельницей и сообщил Щукиной шифр объезда",
    "Листок выходит каждую неделю, его пишут добровольцы из деревни.",
    "Яна Юрьева читает расписание: «Сводка недели», потом музыка и письма.",
)


@pytest.mark.parametrize("code", ["mac_cyrillic", "cp1251", "koi8-r", "cp866", "iso8859-5"])
@pytest.mark.parametrize("times", [1, 3])
def test_capitals_of_the_macintosh_are_not_signs_of_windows(code: str, times: int) -> None:
    """Both have the small letters at the same bytes: statistics, and single lines, take one for the other."""
    for text in ("\n".join(RUSSIAN[:2] * times), "\n".join(RUSSIAN * times)):
        decoded = decode(memoryview(text.encode(code, "replace")))
        assert "".join(decoded.pieces) == text.encode(code, "replace").decode(code)
