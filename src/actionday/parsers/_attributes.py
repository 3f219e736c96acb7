"""What a page says in the attributes of its elements: tips, labels, prompts, targets of links, pages within a page.

Source: HTML Living Standard, 3.2.6.1 (title), 4.8.5 (srcdoc), 4.10 (forms), 4.2.5 (meta); WAI-ARIA 1.2, 6.7.

One pass over the markup finds the attributes by the end of their names, a second one prose in any other; scripts,
style sheets and comments are cut out before.
"""

import re
from html import unescape
from typing import Literal

from actionday.parsers._embedded import embedded
from actionday.parsers._page_code import codes_of, data_of_scripts, handlers, sentences, templates
from actionday.parsers._unread import NAMES, WORDS, Beside

NAMED = re.compile(
    r"=(?<=(tle|bel|alt|ref|ent|der|ary|ion|src|doc|ite|ata|ter|esc|lue|bbr|ing|tip|set|und)=)\s*"
    r"(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'<>]+))",
    re.IGNORECASE,
)
"""title label alt href content placeholder summary action src srcdoc cite data poster longdesc value abbr ping
tip srcset background, and aria-label, aria-description and whatever else ends like them."""
OWN = re.compile(r"[\s\"'/]data-[\w.:-]+\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'<>]+))", re.IGNORECASE)
"""Attributes that a page's writer made up."""
TELLING = re.compile(r"[^\W\d_]{2}|[^\x00-\x7f\W]|(?:\d\D{0,2}){3}")
"""Words, and numbers of three digits and more."""
QUOTED = (re.compile(r"=\"([^\" ]+ [^\"]*)\""), re.compile(r"='([^' ]+ [^']*)'"))
SPACED = re.compile(r"[ \n]=[ \n]?(?=[\"'])|=[ \n](?=[\"'])")
CODE = re.compile(r"<(?:!--|(script|style)\b)", re.IGNORECASE)
CLOSING = {"script": re.compile(r"</script", re.IGNORECASE), "style": re.compile(r"</style", re.IGNORECASE)}
TAG_END = re.compile(r">")
LINKS = frozenset({"ref", "src", "ion", "ata", "ter", "esc", "ite", "ing", "set", "und"})
"""Ends of the names of attributes that hold addresses."""
ADDRESS = re.compile(r"(?:[a-z][a-z0-9+.-]{1,20}:|//)\S", re.IGNORECASE)
LOCAL = re.compile(r"\.(?:css|m?js|ico|png|jpe?g|gif|svg|webp|woff2?|xml)(?:\?|$)", re.IGNORECASE)
"""Files of a site that belong to its looks."""
Addresses = Literal["all", "outer", "none"]
EMBEDDED = re.compile(r"\s*(?:javascript|blob):", re.IGNORECASE)
TECHNICAL = re.compile(
    r"(?:text|application)/[\w+]+(?:;|$)|width=|(?:no)?(?:index|follow|archive)\b|IE=|[a-z]{2}(?:-[A-Z]{2})?$"
    r"|https?://(?:purl\.org|www\.w3\.org|schemas\.|xml\.openoffice\.org|gmpg\.org)/?",
    re.IGNORECASE,
)
"""Contents of ``meta`` elements for programs, and names of vocabularies."""
NAME_BEFORE = re.compile(r"([\w:.-]+)\s*=\s*[\"']$")
LONGEST = 4096
"""Characters up to which a value is no content of its own, unless it says so."""
MOST_WITHIN = 1000
"""Pages within pages that are read; more are counted."""


def attribute_words(page: str, beside: Beside, addresses: Addresses = "all") -> list[str]:
    """Put into ``beside`` what the attributes of a part of a page say; return the pages that stand within it.

    ``addresses`` says which targets of links and the like count: those that lead out of a book, or none where the
    caller lists them.
    """
    markup = without_code(page)
    if " =" in markup or "= " in markup:
        markup = SPACED.sub("=", markup)
    within: list[str] = []
    for end, *values in NAMED.findall(markup):
        value = values[0] or values[1] or values[2]
        if value[:5].lower() == "data:" or len(value) > LONGEST:
            _embedded(unescape(value), beside, within)
        elif end.lower() in LINKS:
            if addresses == "all" or (addresses == "outer" and ADDRESS.match(value)):
                _link(end.lower(), value, beside)
        elif end.lower() == "doc" and "<" in unescape(value):
            within.append(unescape(value))
        elif not beside.known(value):
            text = unescape(value)
            if TELLING.search(text) and not TECHNICAL.match(text):
                beside.keep(text)
    for values in OWN.findall(markup):
        _value(unescape("".join(values)), beside, within)
    codes = codes_of(page)
    for value in (*handlers(markup), *data_of_scripts(codes)):
        _value(value, beside, within)
    for line in sentences(codes):
        if not beside.known(line):
            beside.keep(line)
    within += templates(codes)
    values = _quoted(markup)
    for value in sorted(value for value in values if WORDS.search(value)):
        if not beside.known(value) and not NAMES.search(_name(markup, values[value])):
            beside.keep(unescape(value))
    beside.left_out += max(0, len(within) - MOST_WITHIN)
    return within[:MOST_WITHIN]


def _value(value: str, beside: Beside, within: list[str]) -> None:
    """Take a value that is for nobody in particular: words, long numbers, markup, content of its own."""
    if value[:5].lower() == "data:" or len(value) > LONGEST:
        _embedded(value, beside, within)
    elif TELLING.search(value) and not beside.known(value):
        beside.keep(value)


def _embedded(value: str, beside: Beside, within: list[str]) -> None:
    found = embedded(value, beside.codes)
    if found is None:
        beside.keep(value)
    elif found.page:
        within.append(found.page)
    elif found.text:
        beside.keep(found.text)
    else:
        beside.embedded[found.kind or "unnamed data"] += 1


def _quoted(markup: str) -> dict[str, int]:
    """Return the values of two words and more, each with where it begins first."""
    values: dict[str, int] = {}
    for quoted in QUOTED:
        for found in quoted.finditer(markup):
            value, at = found[1], found.start(1)
            values[value] = min(at, values.get(value, at))
    return values


def _link(end: str, value: str, beside: Beside) -> None:
    """Keep the target of a link; other addresses only where they lead out of the page's own folder."""
    target = value.partition("#")[0] if end == "ref" and not ADDRESS.match(value) else value
    leads = ADDRESS.match(target) or (end == "ref" and not LOCAL.search(target))
    if (
        target
        and leads
        and not TECHNICAL.match(target)
        and not EMBEDDED.match(target)
        and not beside.known(target)
    ):
        beside.keep(unescape(target))


def _name(markup: str, at: int) -> str:
    """Return the name of the attribute whose value begins here; "style" for handlers' code."""
    found = NAME_BEFORE.search(markup, max(0, at - 60), at)
    name = found[1].lower() if found else ""
    return "style" if name.startswith("on") else name


def without_code(page: str) -> str:
    """Return a page without its scripts, style sheets and what comments say; one that is not closed ends the page."""
    parts, at = [], 0
    for opening in CODE.finditer(page):
        if opening.start() < at:
            continue
        parts.append(page[at : opening.start() if opening[1] else opening.end()])
        at = _behind(page, opening)
    return page if not parts else "".join((*parts, page[at:]))


def _behind(page: str, opening: re.Match[str]) -> int:
    """Return where a script, a style sheet or a comment ends; the attributes of its tag go with it."""
    if not opening[1]:
        end = page.find("-->", opening.end())
        return end if end >= 0 else len(page)
    closing = CLOSING[opening[1].lower()].search(page, opening.end())
    return closing.start() if closing else len(page)
