"""The code of a refusal is carried by the error: words that say the same, of whomever, are none."""

from actionday.model import Damaged, Status
from actionday.model.errors import Refused
from actionday.model.unopened import LINK_LEFT, never_opened, not_followed


def test_a_reason_that_only_sounds_like_a_refusal_is_none() -> None:
    error = Refused.or_damaged("Permission denied")
    assert isinstance(error, Refused)
    assert Refused.code_of(error.code, Status.UNREADABLE) == "access_refused"
    alike = Damaged(str(error))  # as a hostile container may name what it holds
    assert Refused.code_of(alike.code, Status.UNREADABLE) == "unreadable"


def test_what_is_not_opened_is_told_in_one_form() -> None:
    assert (LINK_LEFT, not_followed("reparse point")) == (
        "symbolic link: not followed",
        "reparse point: not followed",
    )
    assert never_opened("fifo") == "fifo: never opened"
