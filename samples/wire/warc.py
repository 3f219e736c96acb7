"""Web archives.

Source: ISO 28500:2017 (WARC 1.1), sections 5, 6 and annex D (a gzip member a record).
"""

import gzip
import zlib
from base64 import b32encode
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha1, sha256

from samples.dice import Dice
from samples.made import Kind, Made, Need, Place, made

_PROFILE = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"


@dataclass(frozen=True, slots=True)
class Visit:
    """One request and its answer; the body is sent in chunks, compressed, both, or plain."""

    uri: str
    body: Made
    when: datetime
    chunked: bool = False
    gzipped: bool = False
    revisit: bool = False


def member(data: bytes) -> bytes:
    """Return a gzip member without a time."""
    return gzip.compress(data, 9, mtime=0)


def warc(visits: list[Visit], draw: Dice, writer: str) -> tuple[bytes, list[Place]]:
    """Return a compressed WARC file and its records: an information record, then pairs."""
    note = f"software: {writer}\r\nformat: WARC File Format 1.1\r\n".encode()
    heading = {"WARC-Filename": "crawl.warc.gz", "Content-Type": "application/warc-fields"}
    out = [member(_record("warcinfo", draw.uuid("info"), visits[0].when, heading, note))]
    places = [Place("warcinfo", made(note, "application/warc-fields"), Kind.RECORD, Need.MAY, loose=True)]
    for number, visit in enumerate(visits):
        identity = {"WARC-Target-URI": visit.uri, "WARC-IP-Address": "192.0.2.80"}
        ask, answer = _request(visit.uri), _answer(visit)
        asking = {**identity, "Content-Type": "application/http; msgtype=request"}
        out.append(member(_record("request", draw.uuid(f"ask {number}"), visit.when, asking, ask)))
        out.append(member(_response(visit, draw.uuid(f"answer {number}"), identity, answer)))
        places += [Place(visit.uri, made(b""), Kind.RECORD, Need.MAY, loose=True), _place(visit)]
    return b"".join(out), places


def _place(visit: Visit) -> Place:
    if visit.revisit:
        return Place(visit.uri, made(b""), Kind.REVISIT, Need.NAME, loose=True)
    raw = sha256(_sent(visit)).hexdigest()
    return Place(visit.uri, visit.body, Kind.RECORD, loose=True, alt=(raw,))


def _record(kind: str, uuid: str, when: datetime, fields: dict[str, str], block: bytes) -> bytes:
    head = {"WARC-Type": kind, "WARC-Record-ID": f"<urn:uuid:{uuid}>", "WARC-Date": f"{when:%Y-%m-%dT%H:%M:%SZ}",
            "WARC-Block-Digest": _digest(block), **fields, "Content-Length": str(len(block))}  # fmt: skip
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    return f"WARC/1.1\r\n{lines}\r\n".encode() + block + b"\r\n\r\n"


def _digest(data: bytes) -> str:
    return "sha1:" + b32encode(sha1(data).digest()).decode()


def _request(uri: str) -> bytes:
    host, _, path = uri.removeprefix("https://").partition("/")
    fields = (f"Host: {host}", "Accept-Encoding: gzip", "User-Agent: kestrel-crawler")
    return "\r\n".join((f"GET /{path} HTTP/1.1", *fields, "", "")).encode()


def _answer(visit: Visit) -> bytes:
    body = b"" if visit.revisit else _sent(visit)
    fields = [f"Content-Type: {visit.body.mime}", "Server: nginx"]
    fields += ["Content-Encoding: gzip"] if visit.gzipped else []
    fields += ["Transfer-Encoding: chunked"] if visit.chunked else [f"Content-Length: {len(_sent(visit))}"]
    return ("HTTP/1.1 200 OK\r\n" + "".join(f"{field}\r\n" for field in fields) + "\r\n").encode() + body


def _sent(visit: Visit) -> bytes:
    """Return the body as it went over the wire."""
    body = member(visit.body.data) if visit.gzipped else visit.body.data
    if not visit.chunked:
        return body
    chunks = (body[at : at + 700] for at in range(0, len(body), 700))
    return b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n\r\n"


def _response(visit: Visit, uuid: str, identity: dict[str, str], block: bytes) -> bytes:
    fields = {**identity, "WARC-Payload-Digest": _digest(visit.body.data if visit.revisit else _sent(visit)),
              "Content-Type": "application/http; msgtype=response"}  # fmt: skip
    if not visit.revisit:
        return _record("response", uuid, visit.when, fields, block)
    again = {**fields, "WARC-Profile": _PROFILE, "WARC-Refers-To-Target-URI": visit.uri}
    return _record("revisit", uuid, visit.when, again, block)


def deflated_again(data: bytes) -> bytes:
    """Return what all gzip members of the data unpack to: the check that a WARC file is whole."""
    out = bytearray()
    while data:
        decoder = zlib.decompressobj(31)
        out += decoder.decompress(data)
        data = decoder.unused_data
    return bytes(out)
