"""The intake report leaves by a button of the overview, in the language of the page, and is recorded as an export."""

from hashlib import sha256

from site_server import Site, parsed

from conftest import Made


def test_the_overview_offers_it(made: Made) -> None:
    page = parsed(made.site.get("").text)
    buttons = [
        each.attributes.get("value") for each in page.all("button") if each.attributes.get("name") == "form"
    ]
    assert buttons == ["pdf", "html"]


def test_it_is_given_and_recorded(made: Made) -> None:
    site: Site = made.site
    answer = site.post("report", token=site.house.token, form="html", headers={"accept-language": "ar"})
    assert answer.status == 200
    assert answer.headers["content-disposition"] == 'attachment; filename="intake-report.html"'
    assert '<html lang="ar" dir="rtl">' in answer.text
    begun, ended = site.entries()[-2:]
    assert (begun[:2], ended[:2]) == (("export.begun", "report"), ("exported", "report"))
    assert ended[2]["sha256"] == sha256(answer.data).hexdigest()
    assert ended[2]["language"] == "ar"


def test_a_form_of_another_page_gives_nothing(made: Made) -> None:
    before = len(made.site.entries())
    assert made.site.post("report", token="other", form="pdf").status == 403
    assert made.site.post("report", token=made.site.house.token, form="exe").status == 404
    assert len(made.site.entries()) == before
