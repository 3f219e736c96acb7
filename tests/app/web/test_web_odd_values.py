"""Values that nobody's page sends are answered for what they are, never as a fault of ours."""

import pytest

from conftest import Made


@pytest.mark.parametrize(
    "number", ["99999999999999999999", "-99999999999999999999", str(1 << 63), str((1 << 63) - 1), "0"]
)
def test_a_number_that_no_exhibit_can_have_is_not_found(made: Made, number: str) -> None:
    assert made.site.get(f"x/{number}").status == 404


@pytest.mark.parametrize("page", ["//settings", "//lock", "ledger/verify", "views"])
@pytest.mark.parametrize("token", ["\u0645", "\u00e9", "\x00", ""])
def test_a_token_of_any_letters_is_a_wrong_one(made: Made, page: str, token: str) -> None:
    before = len(made.site.entries())
    assert made.site.post(page, token=token).status == 403
    assert len(made.site.entries()) == before


@pytest.mark.parametrize(
    "back",
    ["/\u0645", "/a\r\nSet-Cookie: a=b", "/\t/evil.example", "//evil.example", "/\\evil.example", "/\x00", "http://evil.example/",
     "\t//evil.example", " /c/kestrel/", "/c/kestrel/\n", ""],
)  # fmt: skip
@pytest.mark.parametrize("page", ["//settings", "//lock", "//unlock"])
def test_only_a_path_of_ours_is_led_back_to(made: Made, page: str, back: str) -> None:
    answer = made.site.post(page, token=made.site.house.token, back=back)
    assert (answer.status, answer.headers["location"]) == (303, "/")
    assert "a" not in [each.partition("=")[0] for each in answer.headers.get("set-cookie", "").split("; ")]


@pytest.mark.parametrize("back", ["/c/kestrel/search?q=%D8%A5&type=text/html", "/c/kestrel/", "/help"])
def test_a_path_of_ours_is_led_back_to_as_it_is(made: Made, back: str) -> None:
    assert made.site.post("//lock", token=made.site.house.token, back=back).headers["location"] == back
