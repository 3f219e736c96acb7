"""Who is let in, and under which rules pages are shown."""

import pytest

from conftest import Made

POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{}'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types htmx; "
    "report-uri /csp-report"
)


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example", ""]
)
def test_a_name_somebody_points_at_the_loopback_is_refused(made: Made, host: str) -> None:
    answer = made.site.get("", headers={"Host": host})
    assert answer.status == 421
    assert "Kestrel" not in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"},
        {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"},
        {"Origin": "http://evil.example"},
    ],
    ids=["a picture", "a script of another port", "a frame", "an origin"],
)
def test_another_site_cannot_make_a_view_happen(made: Made, headers: dict[str, str]) -> None:
    before = len(made.site.entries())
    assert made.site.get(f"i/{made.ids['english']}", headers=headers).status == 403
    assert len(made.site.entries()) == before


def test_a_link_in_a_report_may_be_followed(made: Made) -> None:
    followed = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert made.site.get("", headers=followed).status == 200


def test_every_page_has_the_policy_with_a_nonce_of_its_own(made: Made) -> None:
    nonces = set()
    for page in ("", "items", "search", "ledger"):
        answer = made.site.get(page)
        policy = answer.headers["content-security-policy"]
        nonce = policy.partition("'nonce-")[2].partition("'")[0]
        assert policy == POLICY.format(nonce)
        assert f'nonce="{nonce}"' in answer.text
        nonces.add(nonce)
    assert len(nonces) == 4
    assert all(len(nonce) >= 20 for nonce in nonces)


def test_evidence_is_never_kept_by_the_browser_and_assets_are(made: Made) -> None:
    page = made.site.get(f"i/{made.ids['english']}")
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["x-dns-prefetch-control"] == "off"
    assert "immutable" in made.site.get("/static/app.css").headers["cache-control"]


def test_a_form_that_no_page_of_ours_made_does_nothing(made: Made) -> None:
    before = len(made.site.entries())
    for page in ("ledger/verify", f"download/{made.ids['english']}", "//settings"):
        assert made.site.post(page, token="guess", reason="because", lang="ar").status == 403
    assert len(made.site.entries()) == before


def test_static_files_lead_nowhere_else(made: Made) -> None:
    for path in (
        "/static/../visit.py",
        "/static/%2e%2e/visit.py",
        "/static/..%2f..%2fcli/main.py",
        "/static/",
    ):
        assert made.site.get(path).status in (400, 404, 405), path
