"""Mail made by the standard library's writers, for the tests of this room and the registry's contract."""

import mailbox
import plistlib
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID

PNG = bytes.fromhex("89504e470d0a1a0a") + bytes(range(256))

KEY = ec.generate_private_key(ec.SECP256R1())
NAME = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "vera@kestrel.example")])
YEAR = (datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
CERTIFICATE = x509.CertificateBuilder(NAME, NAME, KEY.public_key(), 7, *YEAR).sign(KEY, hashes.SHA256())


def plain(number: int = 1) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = "Vera Falk <vera@kestrel.example>", "crew@kestrel.example"
    message["Subject"], message["Date"] = f"Rota {number}", f"Mon, {number % 28 + 1} Jun 2026 10:00:00 +0200"
    message["Message-ID"] = f"<rota-{number}@kestrel.example>"
    message.set_content(f"Shift {number} begins at ten.\nFrom now on, be early.\n\nFrom here we go on.\n")
    return message


def attached() -> EmailMessage:
    """Plain and HTML with an inline picture, two files (one named in Arabic), an inner message with a file."""
    message = plain(9)
    message.add_alternative('<p>Shift 9: <img src="cid:logo@kestrel"> at ten.</p>', subtype="html")
    message.get_payload()[1].add_related(PNG, maintype="image", subtype="png", cid="<logo@kestrel>")
    message.add_attachment(PNG[::-1], maintype="application", subtype="octet-stream", filename="مناوبة.bin")
    message.add_attachment("the list\n", filename="list.txt")
    inner = plain(10)
    inner.add_attachment(PNG, maintype="image", subtype="png", filename="inner.png")
    message.add_attachment(inner)
    return message


def boxed(messages: list[EmailMessage]) -> bytes:
    """Return the mailbox that the standard library writes: mboxo, its From_ lines stamped with a fixed time."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "box"
        box = mailbox.mbox(path)
        for message in messages:
            stored = mailbox.mboxMessage(message)
            stored.set_from("vera@kestrel.example Mon Jun  1 10:00:00 2026")
            box.add(stored)
        box.close()
        return path.read_bytes()


def wired() -> bytes:
    """Return a message as it goes over the wire: with CRLF."""
    return plain().as_bytes().replace(b"\n", b"\r\n")


def signed(*options: pkcs7.PKCS7Options) -> bytes:
    """Return an S/MIME signature around ``wired()``: opaque, or apart from it with ``DetachedSignature``."""
    builder = pkcs7.PKCS7SignatureBuilder().set_data(wired()).add_signer(CERTIFICATE, KEY, hashes.SHA256())
    return builder.sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary, *options])


def behind_a_long_report() -> bytes:
    """Return a message in front of whose fields a filter wrote more than is looked at before a file is opened."""
    report = "".join(f"X-Kestrel-Report-{number}: {'v' * 70}\n" for number in range(1600))
    return report.encode() + attached().as_bytes()


def apple() -> bytes:
    """Return a message as Apple Mail keeps it: its length before it, a list of flags behind it."""
    message = attached().as_bytes()
    flags = {"flags": 8590195713, "date-received": 1780300800}
    return f"{len(message):<10}\n".encode() + message + plistlib.dumps(flags)


def uw() -> bytes:
    """Return a mailbox of the UW IMAP server: two messages, one of them expunged."""
    head = b"*mbx*\r\n66e5f3d700000002\r\n" + b"\r\n" * 30
    messages = [each.as_bytes().replace(b"\n", b"\r\n") for each in (plain(1), attached())]
    return head.ljust(2048, b"\0") + b"".join(
        b" 1-Jun-2026 10:00:00 +0200,%d;00000000%04x-%08x\r\n" % (len(each), flags, number) + each
        for number, (each, flags) in enumerate(zip(messages, (0x8001, 1), strict=True), start=1)
    )


def dovecot(*messages: bytes) -> bytes:
    """Return a file of Dovecot's mdbox, byte for byte as ``doveadm save`` of version 2.3 writes one."""
    return b"2 M1e C6b08aae9\n" + b"".join(
        b"\1\2N          %016X\n%b\n\1\3\nR6b08aa%02x\nV%x\nG%032x\nBINBOX\n\n"
        % (len(each), each, 0xE9 + number, len(each) + each.count(b"\n"), number)
        for number, each in enumerate(messages or (plain(1).as_bytes(), attached().as_bytes()))
    )


def kept(kind: Callable[[str], mailbox.Mailbox[mailbox.Message]], *messages: EmailMessage) -> bytes:
    """Return what the standard library writes as a mailbox of ``kind``: ``messages``, or two of ours."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "box"
        box = kind(str(path))
        for message in messages or (plain(1), attached()):
            box.add(message)
        box.flush()
        box.close()
        return path.read_bytes()


SAMPLES: dict[str, Callable[[], bytes]] = {
    "mailbox.mbox": lambda: boxed([plain(1), plain(2), attached()]),
    "message.eml": lambda: plain().as_bytes(),
    "attachments.eml": lambda: attached().as_bytes(),
    "signed.p7m": signed,
    "message.emlx": apple,
    "inbox.mbx": uw,
    "m.1": dovecot,
    "long-header.eml": behind_a_long_report,
    "wide.eml": lambda: attached().as_bytes().decode().encode("utf-16"),
    "carriage-returns.mbox": lambda: boxed([plain(1), attached()]).replace(b"\n", b"\r"),
    "mailbox.mmdf": lambda: kept(mailbox.MMDF),
    "mailbox.babyl": lambda: kept(mailbox.Babyl),
}
"""File name of each source's sample, as the source names it, and what makes it."""
