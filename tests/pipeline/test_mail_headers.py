"""Whole runs over mail whose header hides that it is mail: body and attachment are in the case all the same."""

from base64 import encodebytes

import pytest

from case_tools import Bench, balanced

FROM_LINE = b"From vera@kestrel.example Mon Jun  1 10:00:00 2026\n"
KNOWN = b"From: Vera <vera@kestrel.example>\nTo: crew@kestrel.example\nSubject: rota\nMessage-ID: <r@kestrel.example>\n"


def mail(word: str, before: bytes = b"", known: bytes = KNOWN) -> bytes:
    """Return a multipart whose text and whose file, both in base64, hold ``word``."""
    text, file = (encodebytes(f"{word}{what} of the rota\n".encode()) for what in ("body", "file"))
    return (
        before + known + b"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=B\n\n"
        b"--B\nContent-Type: text/plain\nContent-Transfer-Encoding: base64\n\n" + text
        + b"--B\nContent-Type: text/csv; name=a.csv\nContent-Transfer-Encoding: base64\n\n" + file + b"--B--\n"
    )  # fmt: skip


def report(length: int) -> bytes:
    """Return ``length`` bytes of fields that nobody knows."""
    return b"".join(b"X-Report-%06d: %s\n" % (n, b"w" * 60) for n in range(length // 78 + 1))


FILES = {
    "short.eml": mail("short"),
    "modest.eml": mail("modest", report(40_000)),
    "long.eml": mail("long", report(300_000)),
    "recipients.eml": mail("recipients", b"Cc: " + b",\n ".join([b"crew@kestrel.example"] * 9000) + b"\n"),
    "boxed.mbox": FROM_LINE + mail("boxed", report(300_000)) + b"\n",
    "unknown.mbox": FROM_LINE + mail("unknown", known=b"X-Note: noteword\n").replace(b"MIME-Version: 1.0\n", b"") + b"\n",
    "server.eml": mail("server", b"Server: mx1\n"),
    "blank.eml": mail("blank", b"\n\n"),
    "line.eml": mail("line", b"savedline by somebody\n"),
    "apple.emlx": b"%-10d\n" % len(mail("apple")) + mail("apple") + b'<?xml version="1.0"?>\n<plist><dict><key>flags</key></dict></plist>\n',
    "uw.mbx": b"*mbx*\r\n66e5f3d700000002\r\n".ljust(2048, b"\0")
    + b" 1-Jun-2026 10:00:00 +0200,%d;000000000001-00000001\r\n" % len(mail("uw")) + mail("uw"),
    "other.mbox": (b"From vera@kestrel.example 2026-06-01 10:00:00\n" + mail("other") + b"\n") * 2,
}  # fmt: skip


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory, signing_key: None) -> Bench:
    folder = tmp_path_factory.mktemp("headers")
    (folder / "exhibit").mkdir()
    for name, data in FILES.items():
        (folder / "exhibit" / name).write_bytes(data)
    bench = Bench(folder / "case")
    bench.ingest(folder / "exhibit")
    return bench


@pytest.mark.parametrize("name", FILES)
def test_body_and_attachment_are_read(case: Bench, name: str) -> None:
    inside = [row for row in case.items() if row["path"].startswith(f"{name}/")]
    texts = [(row["kind"], case.text(row["sha256"]) or "") for row in inside]
    for kind, word in (("message", "body"), ("attachment", "file")):
        assert any(each == kind and name.partition(".")[0] + word in text for each, text in texts)


def test_every_message_is_read_as_mail(case: Bench) -> None:
    messages = [row for row in case.items() if row["kind"] == "message"]
    assert len(messages) == len(FILES) + 1
    assert {row["mime"] for row in messages} == {"message/rfc822"}
    assert case.search("noteword")["total"] == 1
    assert case.search("savedline")["total"] == 1


def test_what_stands_before_a_header_is_a_remark(case: Bench) -> None:
    said = {(row["path"], row["code"]) for row in case.export("issues")}
    assert said == {("blank.eml", "before_message"), ("line.eml", "before_message")}


def test_the_case_is_in_order(case: Bench) -> None:
    balanced(case.items(), case.status())
    assert case.verify()["ok"]
