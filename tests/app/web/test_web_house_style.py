"""Keys, templates, catalogues and assets keep to the rules that no page test would see."""

import gzip
import re
import shutil
import subprocess
from gettext import NullTranslations
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from actionday.app import web
from actionday.app.web import keys, signs
from actionday.app.web.help.words import WORDS
from actionday.app.web.language import LANGUAGES, Language, catalogue, locale_folder, preferred

WEB = Path(str(web.__file__)).parent
STATIC, ASSETS = WEB / "static", WEB / "assets"
DOCS = Path(__file__).resolve().parents[3] / "docs" / "pages.md"
TEMPLATES = [path for path in WEB.rglob("*.html") if "node_modules" not in path.parts]
PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def test_no_key_stands_twice_in_a_scope_nor_needs_a_modifier() -> None:
    for scope in keys.SCOPES:
        pressed = [key.keys for key in keys.KEYS if key.scope in (scope, "everywhere")]
        assert len(pressed) == len(set(pressed)), scope
    assert {key.scope for key in keys.KEYS} == set(keys.SCOPES)
    assert not [
        key for key in keys.KEYS if re.search(r"ctrl|alt|meta", key.keys, re.I) or set(key.keys) & set("[];")
    ]


def test_the_script_knows_every_act_of_the_table_and_no_other() -> None:
    script = (ASSETS / "ts" / "keys.ts").read_text("utf-8")
    known = set(re.findall(r'case "([a-z-]+)"', script))
    assert known == {key.act for key in keys.KEYS if not key.act.startswith("go:")} - {"hold"}
    assert 'event.key !== " "' in (ASSETS / "ts" / "shield.ts").read_text("utf-8")
    base = (WEB / "shell" / "context.py").read_text("utf-8")
    for key in keys.KEYS:
        if key.act.startswith("go:"):
            assert f'"{key.keys[-1]}"' in base, key


def test_the_documentation_lists_every_key_and_every_page() -> None:
    from actionday.app.web.application import routes

    text = DOCS.read_text("utf-8")
    for key in keys.KEYS:
        assert f"`{key.keys}`" in text, key
    for route in routes():
        path = str(route.name).removeprefix("POST ").replace("{case:str}", "<case>")
        path = re.sub(r"\{(\w+):\w+\}", r"<\1>", path)
        assert f"`{path}`" in text, path


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(WEB)))
def test_templates_hold_no_style_no_script_and_no_way_around_escaping(path: Path) -> None:
    text = path.read_text("utf-8")
    for forbidden in (r"\bstyle=", r"hx-on", r"\bjs:", r"javascript:", r"\bon[a-z]+=", r"hx-history-cache", r"https?://", r"\|\s*safe(?!\s*if)",
                      r"autoescape", r"<iframe", r"<script(?! nonce| type=\"application/json\")", r"hx-trigger=\"[^\"]*\["):  # fmt: skip
        assert not re.search(forbidden, text), (forbidden, re.search(forbidden, text))
    for literal in re.findall(r"\{\{[^}]*\|safe[^}]*\}\}", text):
        assert re.match(
            r"\{\{ ' [a-z-]+=\"[^\"{}]*\"'\|safe|\{\{ \" data-open\"\|safe|\{\{ ' class=", literal
        ), literal
    for element in re.findall(r"<[a-z]+[^>]*\shx-[^>]*>", text):
        assert "hx-nonce" in element, element


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(WEB)))
def test_no_words_stand_in_templates_outside_the_catalogue(path: Path) -> None:
    text = re.sub(
        r"\{% block here %\}\w*|\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<(pre class=\"say\"|code|kbd|b|option)[^>]*>[^<]*|<[^>]*>",
        " ",
        path.read_text("utf-8"),
        flags=re.S,
    )
    words = {word for word in re.findall(r"[A-Za-z]{3,}", text)} - {
        "SHA",
        "MD5",
        "Actionday",
        "doctype",
        "html",
    }
    assert not words, words


def _tool(name: str) -> object:
    spec = spec_from_file_location(name, ASSETS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("tag", [each.tag for each in LANGUAGES if each.tag != "en"])
def test_catalogues_are_complete_and_what_is_committed_is_what_is_made(tag: str) -> None:
    tool = _tool("catalogues")
    folder = locale_folder() / tag / "LC_MESSAGES"
    po = (folder / "actionday.po").read_bytes()
    assert tool.as_po(tool.updated(WEB, tag)) == po  # type: ignore[attr-defined]
    assert tool.as_mo(po, tag) == (folder / "actionday.mo").read_bytes()  # type: ignore[attr-defined]
    with (folder / "actionday.po").open("rb") as file:
        for message in read_po(file, locale=tag):
            if not message.id:
                continue
            ids = [message.id] if isinstance(message.id, str) else list(message.id)
            strings = [message.string] if isinstance(message.string, str) else list(message.string)
            assert all(strings), message.id
            wanted = set(PLACEHOLDER.findall(ids[-1]))
            for string in strings:
                assert set(PLACEHOLDER.findall(str(string))) <= wanted, message.id
            assert any(set(PLACEHOLDER.findall(str(string))) == wanted for string in strings), message.id


def test_arabic_counts_in_its_six_forms() -> None:
    words = [catalogue("ar").ngettext("%(n)s item", "%(n)s items", n) for n in (0, 1, 2, 3, 11, 100)]
    assert words == ["لا عناصر", "عنصر واحد", "عنصران", "%(n)s عناصر", "%(n)s عنصرًا", "%(n)s عنصر"]


def test_every_word_of_the_house_is_in_the_catalogue() -> None:
    arabic = catalogue("ar")
    every = [
        sign.word
        for table in (signs.STATUSES, signs.RUN_STATES, signs.EXHIBIT_STATES)
        for sign in table.values()
    ]
    every += [*signs.KINDS.values(), *signs.ACTIONS.values(), *signs.GROUPS.values(), *signs.CHECKS.values()]
    every += [key.words for key in keys.KEYS] + [part for pair in WORDS for part in pair]
    assert [word for word in every if arabic.gettext(word) == word] == []


def test_every_status_kind_and_action_has_its_word() -> None:
    from actionday.ledger import Action
    from actionday.model import Kind, Status

    assert set(signs.STATUSES) == {str(status) for status in Status}
    assert set(signs.KINDS) == {str(kind) for kind in Kind}
    assert set(signs.ACTIONS) == {str(action) for action in Action}


def test_the_names_of_languages_and_scripts_are_those_of_the_model_and_of_cldr() -> None:
    made = _tool("names").names()  # type: ignore[attr-defined]
    assert (locale_folder() / "names.json").read_text("utf-8") == made


@pytest.mark.parametrize(
    ("cookie", "header", "tag"),
    [
        ("", "", "en"),
        ("", "ar", "ar"),
        ("", "fr-FR, ar;q=0.5, en;q=0.9", "en"),
        ("", "ar-EG,en;q=0.1", "ar"),
        ("ar", "en", "ar"),
        ("xx", "ar", "ar"),
        ("", ";q=x,,,*;q=0", "en"),
        ("", "en;q=nan, ar", "ar"),
    ],
)
def test_the_language_is_the_chosen_one_else_the_preferred_one(cookie: str, header: str, tag: str) -> None:
    assert preferred(cookie, header, LANGUAGES).tag == tag
    assert isinstance(catalogue("en"), NullTranslations)
    assert preferred("en-XA", "", (*LANGUAGES, Language("en-XA", "", "ltr"))).tag == "en-XA"


def test_assets_stay_within_their_budgets_and_bring_their_licences() -> None:
    assert len(gzip.compress((STATIC / "app.css").read_bytes(), 9)) <= 12 * 1024
    assert len(gzip.compress((STATIC / "app.js").read_bytes(), 9)) <= 20 * 1024
    for name in ("noto-sans", "noto-sans-arabic"):
        assert "SIL OPEN FONT LICENSE" in (STATIC / "fonts" / f"LICENSE-{name}").read_text("utf-8").upper()
    assert sum(path.stat().st_size for path in (STATIC / "fonts").iterdir()) < 600_000
    css = (STATIC / "app.css").read_text("utf-8")
    for file in re.findall(r"url\(([^)]+)\)", css):
        assert (STATIC / file.strip("\"'").removeprefix("/static/")).is_file(), file
    assert "!important" not in css
    assert len(set(re.findall(r"(--[a-z0-9-]+):", css))) <= 60


def test_what_is_built_is_what_is_committed(tmp_path: Path) -> None:
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("node and npm are not here: the built pages cannot be compared")
    copy = tmp_path / "assets"
    shutil.copytree(ASSETS, copy, ignore=shutil.ignore_patterns("node_modules", "__pycache__"))
    done = subprocess.run(
        ["npm", "ci", "--no-audit", "--no-fund"],
        cwd=copy,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    if done.returncode:
        pytest.skip(f"npm cannot fetch what the build needs: {done.stderr[-200:]}")
    for command in (["npm", "run", "check"], ["node", "build.mjs", str(tmp_path / "static")]):
        done = subprocess.run(command, cwd=copy, capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    for path in (tmp_path / "static").rglob("*"):
        if path.is_file():
            assert path.read_bytes() == (STATIC / path.relative_to(tmp_path / "static")).read_bytes(), (
                path.name
            )


def test_a_page_has_one_of_two_skeletons() -> None:
    heads = {
        path.relative_to(WEB).as_posix()
        for path in WEB.rglob("*.html")
        if "<!doctype" in path.read_text("utf-8")
    }
    assert heads == {"shell/base.html", "shell/alone.html"}
