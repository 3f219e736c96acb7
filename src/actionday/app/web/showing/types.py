"""MIME types in words: what an examiner calls a file, the type itself beside it where there is room."""

import re

from actionday.app.web.showing.formats import FORMATS
from actionday.app.web.signs import mark

WORDS = {
    "text/plain": mark("Plain text"),
    "text/html": mark("Web page (HTML)"),
    "application/xhtml+xml": mark("Web page (XHTML)"),
    "text/css": mark("Style sheet"),
    "text/csv": mark("Table (CSV)"),
    "text/markdown": mark("Markdown"),
    "application/rtf": mark("RTF document"),
    "text/calendar": mark("Calendar"),
    "text/vcard": mark("Contact card"),
    "text/x-php": mark("PHP source"),
    "text/x-python": mark("Python source"),
    "text/x-shellscript": mark("Shell script"),
    "text/javascript": mark("JavaScript"),
    "application/json": mark("JSON"),
    "application/xml": mark("XML"),
    "application/sql": mark("SQL dump"),
    "application/pdf": mark("PDF"),
    "application/msword": mark("Word document (DOC)"),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": mark("Word document (DOCX)"),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": mark("Excel workbook (XLSX)"),
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": mark(
        "PowerPoint slides (PPTX)"
    ),
    "application/vnd.ms-excel": mark("Excel workbook (XLS)"),
    "application/vnd.ms-powerpoint": mark("PowerPoint slides (PPT)"),
    "application/vnd.oasis.opendocument.text": mark("OpenDocument text (ODT)"),
    "application/vnd.oasis.opendocument.spreadsheet": mark("OpenDocument table (ODS)"),
    "application/vnd.oasis.opendocument.presentation": mark("OpenDocument slides (ODP)"),
    "application/epub+zip": mark("E-book (EPUB)"),
    "message/rfc822": mark("Mail message"),
    "application/vnd.actionday.chat-message+json": mark("Chat message"),
    "application/vnd.actionday.chat-account+json": mark("Chat account"),
    "application/mbox": mark("Mailbox (mbox)"),
    "application/vnd.ms-outlook": mark("Outlook message (MSG)"),
    "application/warc": mark("Web archive (WARC)"),
    "image/jpeg": mark("JPEG picture"),
    "image/png": mark("PNG picture"),
    "image/gif": mark("GIF picture"),
    "image/webp": mark("WebP picture"),
    "image/tiff": mark("TIFF picture"),
    "image/bmp": mark("BMP picture"),
    "image/svg+xml": mark("SVG drawing"),
    "audio/mpeg": mark("MP3 audio"),
    "audio/ogg": mark("Ogg audio"),
    "audio/x-wav": mark("WAV audio"),
    "video/mp4": mark("MP4 video"),
    "application/zip": mark("ZIP archive"),
    "application/gzip": mark("gzip archive"),
    "application/x-tar": mark("tar archive"),
    "application/x-7z-compressed": mark("7-Zip archive"),
    "application/x-xz": mark("xz archive"),
    "application/x-bzip2": mark("bzip2 archive"),
    "application/vnd.sqlite3": mark("SQLite database"),
    "application/x-pem-file": mark("Key or certificate (PEM)"),
    "application/x-executable": mark("Program (ELF)"),
    "application/x-raw-disk-image": mark("Disk image (raw)"),
    "application/x-ms-recycled": mark("Recycle bin entry ($I)"),
    "application/x-rpm-header": mark("Header of an RPM package"),
    "application/octet-stream": mark("Unknown type"),
    "inode/x-empty": mark("Empty file"),
}


CODE = re.compile(
    r"text/(x-.*|css|csv|javascript|xml)|application/(json|xml|sql|x-sh|javascript|toml|yaml|x-pem-file)",
    re.ASCII,
)


def is_code(mime: str | None) -> bool:
    """Say whether a text of this type is written to be read in columns: it is set in a face of one width."""
    return mime is not None and CODE.fullmatch(mime.partition(";")[0].strip().lower()) is not None


def type_word(mime: str) -> tuple[str, str]:
    """Return the message for a MIME type and the name to be set in; "" for one without words: it is shown as it is."""
    plain = mime.partition(";")[0].strip().lower()
    return (WORDS[plain], "") if plain in WORDS else FORMATS.get(plain, ("", ""))
