"""Web archives as their writers make them: WARC by warcio, ARC by hand (nobody writes it any more)."""

import gzip
import io
import zlib
from collections.abc import Callable

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

PAGE = "<!doctype html><title>Kestrel</title><p>مواعيد البث: الأحد ١٠:٠٠ — schedule & news\n".encode() * 9
DATE = "2026-03-04T21:14:09Z"
SITE = "http://kestrel.example/"


def chunked(data: bytes, size: int = 100) -> bytes:
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def http(body: bytes, *fields: tuple[str, str], status: str = "200 OK") -> bytes:
    head = "".join(f"{name}: {value}\r\n" for name, value in (("Content-Type", "text/html"), *fields))
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body


def record(block: bytes, kind: str = "response", uri: str = SITE, **fields: str) -> bytes:
    """Return one record as the standard has it; ``content_length`` among ``fields`` may lie."""
    named = {"content_length": str(len(block)), "content_type": f"application/http; msgtype={kind}", **fields}
    head = f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {uri}\r\nWARC-Date: {DATE}\r\n"
    head += "WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000001>\r\n"
    head += "".join(f"{name.replace('_', '-').title()}: {value}\r\n" for name, value in named.items())
    return head.encode() + b"\r\n" + block + b"\r\n\r\n"


def warcio_file(*, packed: bool = True) -> bytes:
    """Return what warcio writes: a warcinfo, a response, its request, a revisit, a resource."""
    made = io.BytesIO()
    writer = WARCWriter(made, gzip=packed, warc_version="WARC/1.1")
    date = {"WARC-Date": DATE}
    writer.write_record(writer.create_warcinfo_record("kestrel.warc", {"software": "tests"}))
    fields = [("Content-Type", "text/html; charset=utf-8"), ("Server", "nginx"), ("Content-Encoding", "gzip")]
    head = StatusAndHeaders("200 OK", fields, protocol="HTTP/1.1")
    body = gzip.compress(PAGE, mtime=0)
    response = writer.create_warc_record(SITE, "response", io.BytesIO(body), len(body), http_headers=head,
                                         warc_headers_dict=dict(date))  # fmt: skip
    writer.write_record(response)
    asked = StatusAndHeaders("GET / HTTP/1.1", [("Host", "kestrel.example")], is_http_request=True)
    writer.write_record(
        writer.create_warc_record(SITE, "request", http_headers=asked, warc_headers_dict=dict(date))
    )
    digest = response.rec_headers.get_header("WARC-Payload-Digest")
    writer.write_record(
        writer.create_revisit_record(SITE + "again", digest, SITE, DATE, warc_headers_dict=dict(date))
    )
    note = writer.create_warc_record("urn:note", "resource", io.BytesIO(PAGE), len(PAGE),
                                     warc_content_type="text/plain", warc_headers_dict=dict(date))  # fmt: skip
    writer.write_record(note)
    return made.getvalue()


def arc_file() -> bytes:
    version = b"1 0 Kestrel\nURL IP-address Archive-date Content-type Archive-length\n"
    first = b"filedesc://kestrel.arc 0.0.0.0 20260304211409 text/plain %d\n" % len(version) + version + b"\n"
    block = http(PAGE)
    second = b"%s 192.0.2.7 20260304211409 text/html %d\n" % (SITE.encode(), len(block)) + block + b"\n"
    return gzip.compress(first, mtime=0) + gzip.compress(second, mtime=0)


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


SAMPLES: dict[str, Callable[[], bytes]] = {
    "saved.html": lambda: PAGE + b'<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">',
    "kestrel.warc.gz": warcio_file,
    "kestrel.arc.gz": arc_file,
}
