"""Languages: ISO 639-3 codes with their 639-1 code, macrolanguage and English name.

Source: ISO 639-3 code set and macrolanguage mappings; ISO 639-1. ``hbs``, ``kau`` and the like are macrolanguages
of ISO 639-3. Where a group is commonly asked for by one code but is no macrolanguage (``ber``), it is not listed.
"""

from dataclasses import dataclass
from functools import cache

REPORTING_THRESHOLD = 0.9
"""Confidence from which the language of a text is reported as told. Below it the name is a guess, shown as one: more
than one in ten of such may be wrong, and texts in languages that the model does not know gather there."""


@dataclass(frozen=True, slots=True)
class Language:
    """One individual language, or a macrolanguage that texts are attributed to directly (``zho``)."""

    code: str
    two: str  # ISO 639-1, that of the macrolanguage where only it has one; "" without
    macro: str  # macrolanguage, "" without
    name: str


# code, 639-1 or -, macrolanguage or -, name
_TABLE = """
ace - - Acehnese
acm ar ara Mesopotamian Arabic
acq ar ara Ta'izzi-Adeni Arabic
aeb ar ara Tunisian Arabic
afr af - Afrikaans
ajp ar ara South Levantine Arabic
aka ak aka Akan
als sq sqi Tosk Albanian
amh am - Amharic
apc ar ara Levantine Arabic
arb ar ara Standard Arabic
ars ar ara Najdi Arabic
ary ar ara Moroccan Arabic
arz ar ara Egyptian Arabic
asm as - Assamese
ast - - Asturian
awa - - Awadhi
ayr ay aym Central Aymara
azb az aze South Azerbaijani
azj az aze North Azerbaijani
bak ba - Bashkir
bam bm - Bambara
ban - - Balinese
bel be - Belarusian
bem - - Bemba
ben bn - Bengali
bho - - Bhojpuri
bjn - msa Banjar
bod bo - Tibetan
bos bs hbs Bosnian
bre br - Breton
bug - - Buginese
bul bg - Bulgarian
cat ca - Catalan
ceb - - Cebuano
ces cs - Czech
cjk - - Chokwe
ckb ku kur Central Kurdish
cmn zh zho Mandarin Chinese
crh - - Crimean Tatar
cym cy - Welsh
dan da - Danish
deu de - German
dik - din Southwestern Dinka
dyu - - Dyula
dzo dz - Dzongkha
ekk et est Standard Estonian
ell el - Modern Greek
eng en - English
epo eo - Esperanto
est et est Estonian
eus eu - Basque
ewe ee - Ewe
fao fo - Faroese
fij fj - Fijian
fin fi - Finnish
fon - - Fon
fra fr - French
fry fy - Western Frisian
fur - - Friulian
fuv ff ful Nigerian Fulfulde
gaz om orm West Central Oromo
gla gd - Scottish Gaelic
gle ga - Irish
glg gl - Galician
grn gn grn Guarani
guj gu - Gujarati
hat ht - Haitian
hau ha - Hausa
heb he - Hebrew
hin hi - Hindi
hne - - Chhattisgarhi
hrv hr hbs Croatian
hun hu - Hungarian
hye hy - Armenian
ibo ig - Igbo
ilo - - Iloko
ind id msa Indonesian
isl is - Icelandic
ita it - Italian
jav jv - Javanese
jpn ja - Japanese
kab - - Kabyle
kac - - Kachin
kam - - Kamba
kan kn - Kannada
kas ks - Kashmiri
kat ka - Georgian
kaz kk - Kazakh
kbp - - Kabiyè
kea - - Kabuverdianu
khk mn mon Halh Mongolian
khm km - Khmer
kik ki - Kikuyu
kin rw - Kinyarwanda
kir ky - Kirghiz
kmb - - Kimbundu
kmr ku kur Northern Kurdish
knc kr kau Central Kanuri
kon kg kon Kongo
kor ko - Korean
lao lo - Lao
lat la - Latin
lij - - Ligurian
lim li - Limburgan
lin ln - Lingala
lit lt - Lithuanian
lmo - - Lombard
ltg - lav Latgalian
ltz lb - Luxembourgish
lua - - Luba-Lulua
lug lg - Ganda
luo - - Luo
lus - - Lushai
lvs lv lav Standard Latvian
mag - - Magahi
mai - - Maithili
mal ml - Malayalam
mar mr - Marathi
min - msa Minangkabau
mkd mk - Macedonian
mlt mt - Maltese
mni - - Manipuri
mos - - Mossi
mri mi - Maori
mya my - Burmese
nld nl - Dutch
nno nn nor Norwegian Nynorsk
nob nb nor Norwegian Bokmål
npi ne nep Nepali
nqo - - N'Ko
nso - - Pedi
nus - - Nuer
nya ny - Nyanja
oci oc - Occitan
ory or ori Odia
pag - - Pangasinan
pan pa - Panjabi
pap - - Papiamento
pbt ps pus Southern Pashto
pbu ps pus Northern Pashto
pes fa fas Iranian Persian
plt mg mlg Plateau Malagasy
pol pl - Polish
por pt - Portuguese
prs fa fas Dari
quy qu que Ayacucho Quechua
ron ro - Romanian
run rn - Rundi
rus ru - Russian
sag sg - Sango
san sa - Sanskrit
sat - - Santali
scn - - Sicilian
shn - - Shan
sin si - Sinhala
slk sk - Slovak
slv sl - Slovenian
smo sm - Samoan
sna sn - Shona
snd sd - Sindhi
som so - Somali
sot st - Southern Sotho
spa es - Spanish
src sc srd Logudorese Sardinian
srd sc srd Sardinian
srp sr hbs Serbian
ssw ss - Swati
sun su - Sundanese
swe sv - Swedish
swh sw swa Swahili
szl - - Silesian
tam ta - Tamil
taq - tmh Tamasheq
tat tt - Tatar
tel te - Telugu
tgk tg - Tajik
tgl tl - Tagalog
tha th - Thai
tir ti - Tigrinya
tpi - - Tok Pisin
tsn tn - Tswana
tso ts - Tsonga
tuk tk - Turkmen
tum - - Tumbuka
tur tr - Turkish
twi tw aka Twi
tzm - - Central Atlas Tamazight
uig ug - Uighur
ukr uk - Ukrainian
umb - - Umbundu
urd ur - Urdu
uzn uz uzb Northern Uzbek
vec - - Venetian
vie vi - Vietnamese
war - - Waray
wol wo - Wolof
xho xh - Xhosa
ydd yi yid Eastern Yiddish
yor yo - Yoruba
yue zh zho Yue Chinese
zho zh zho Chinese
zsm ms msa Standard Malay
zul zu - Zulu
"""

# 639-1 codes of macrolanguages that not every member carries: it has one of its own, or none.
_MACRO_TWO = {"aka": "ak", "hbs": "sh", "lav": "lv", "msa": "ms", "nor": "no"}


@cache
def languages() -> dict[str, Language]:
    """Return every language of the table by its ISO 639-3 code."""
    found = {}
    for line in _TABLE.strip().splitlines():
        code, two, macro, name = line.split(" ", 3)
        found[code] = Language(code, two.replace("-", ""), macro.replace("-", ""), name)
    return found


def macro_of(code: str) -> str:
    """Return the macrolanguage of an ISO 639-3 code, the code itself where it has none or is not listed."""
    known = languages().get(code)
    return known.macro if known and known.macro else code


def whole_of(code: str) -> str | None:
    """Return the shorter code of the macrolanguage that covers more than a code does, None where none does.

    ``ind`` and ``id`` are Malay, ``ms``, by their macrolanguage; ``arz`` is Arabic, ``ar``; ``ar`` is whole.
    """
    covered = codes_matching(code)
    macros = {macro_of(each) for each in covered}
    whole = codes_matching(macro := macros.pop()) if len(macros) == 1 else covered
    if not whole > covered:
        return None
    twos = {known.two for known in languages().values() if known.macro == macro} | {_MACRO_TWO.get(macro, "")}
    return next((two for two in sorted(twos) if two and codes_matching(two) == whole), macro)


def codes_matching(code: str) -> frozenset[str]:
    """Return the ISO 639-3 codes that a 639-1, 639-3 or macrolanguage code (lower case) covers.

    ``ar`` and ``ara`` cover all Arabic, ``arz`` Egyptian Arabic alone, ``id`` Indonesian alone, ``ms`` and ``msa``
    Malay with Indonesian. ``und`` covers itself; an unknown code covers nothing.
    """
    if code == "und":
        return frozenset({"und"})
    return frozenset(
        known.code
        for known in languages().values()
        if known.code == code or (code and code in (known.two, known.macro, _MACRO_TWO.get(known.macro)))
    )
