"""Dates: known answers for the odd ones users report, and the standard library as a reference for the usual."""

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given, settings
from hypothesis.strategies import datetimes, integers, text

from actionday.mime.dates import parse_date

M10 = [
    ("Mon, 16 Mar 2009 10:00:00 +0200 CEST", "2009-03-16T08:00:00Z"),
    ("16.03.09", "2009-03-16T00:00:00Z"),
    ("2002/09/14 Sat", "2002-09-14T00:00:00Z"),
    ("Sat, 14 Sep 100 10:00:00 GMT", "2000-09-14T10:00:00Z"),  # RFC 5322 4.3: three digits, 1900 added
    ("17 June , 2022", "2022-06-17T00:00:00Z"),
    ("Tue, 5 Jul 2016 10:00:00 +0000 (UTC)", "2016-07-05T10:00:00Z"),
]


@pytest.mark.parametrize(("raw", "utc"), M10)
def test_m10_odd_dates_are_read(raw: str, utc: str) -> None:
    assert parse_date(raw).utc == utc


@pytest.mark.parametrize(
    ("raw", "utc", "reason"),
    [
        ("Jun 1, 2009 3:04 PM", "2009-06-01T15:04:00Z", "no zone: taken as UTC"),
        ("Mon Jun  1 04:28:28 2009", "2009-06-01T04:28:28Z", "no zone: taken as UTC"),
        ("Mon Jun  1 04:28:28 MET 2009", "2009-06-01T03:28:28Z", ""),
        ("2009-06-01T04:28:28Z", "2009-06-01T04:28:28Z", ""),
        ("2009-06-01 04:28:28 +0200", "2009-06-01T02:28:28Z", ""),
        ("Thu, 1 Jan 1970 00:00:00 -0000", "1970-01-01T00:00:00Z", ""),
        ("Fri, 1 Jan 99 10:00 EST", "1999-01-01T15:00:00Z", "a year of two digits"),
        ("01-Jun-2009 10:11:12 +0000", "2009-06-01T10:11:12Z", ""),
        ("Wed Sep 14 20:11:32 +0200 2012", "2012-09-14T18:11:32Z", ""),
        ("1/2/2003 10:00 GMT", "2003-01-02T10:00:00Z", "month first assumed"),
        ("25/2/2003 10:00 GMT", "2003-02-25T10:00:00Z", ""),
        ("Mon, 31 Feb 2009 10:00:00 +0000", None, "no such day, time or zone"),
        ("Wed, 21 Nov 2012 21:11:32 +9900", None, "no such day, time or zone"),
        ("Sat, 14 Sep 2002 25:00:00 +0000", None, "no such day, time or zone"),
        ("Thu, 1 Feb 2024 10:00:60 +0000", "2024-02-01T10:00:59Z", "second 60: taken as 59"),
        ("Sat, 31 Dec 2016 23:59:60 +0000", "2016-12-31T23:59:59Z", "second 60: taken as 59"),
        ("2016-12-31 23:59:60", "2016-12-31T23:59:59Z", "no zone: taken as UTC; second 60: taken as 59"),
        ("Thu, 1 Feb 2024 10:00:61 +0000", None, "no such time of day"),
        ("1 Feb 2024 15:00 AM GMT", "2024-02-01T15:00:00Z", "AM or PM beside an hour of 24: not regarded"),
        ("1 Feb 2024 0:30 PM GMT", "2024-02-01T00:30:00Z", "AM or PM beside an hour of 24: not regarded"),
        ("1 Feb 2024 12:30 AM GMT", "2024-02-01T00:30:00Z", ""),
        ("Thu, 1 Feb 2024 10:00:00 +0260", None, "no such day, time or zone"),
        ("2024-02-01 10:00:00 +0099", None, "no such day, time or zone"),
        ("yesterday", None, "no day, month and year can be told"),
        ("", None, "no date"),
        ("31 Dec 9999 23:00:00 -0500", None, "no such day, time or zone"),
    ],
)
def test_a_time_or_none_with_the_reason(raw: str, utc: str | None, reason: str) -> None:
    when = parse_date(raw)
    assert (when.utc, when.reason) == (utc, reason)


@given(datetimes(datetime(1900, 1, 2), datetime(9998, 1, 1)), integers(-14 * 60, 14 * 60))
@settings(max_examples=200)
def test_what_the_standard_library_writes_is_read_exactly(time: datetime, minutes: int) -> None:
    time = time.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=minutes)))
    expected = f"{time.astimezone(UTC).isoformat()[:19]}Z"
    assert parse_date(format_datetime(time)).utc == expected


@given(text("0123456789 ,:./+-JunMonGTCPpaZ()", max_size=40))
@settings(max_examples=300)
def test_there_is_always_a_time_or_a_reason(raw: str) -> None:
    when = parse_date(raw)
    assert when.utc or when.reason


def test_hostile_lengths_take_no_time() -> None:
    assert parse_date("1" * 1_000_000).utc is None
    assert parse_date("Jun " * 250_000).utc is None
