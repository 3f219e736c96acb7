"""The usual endings of file names → the MIME types that ``type:`` takes them for: of the content, not of its name."""

OFFICE = "application/vnd.openxmlformats-officedocument"
OPEN = "application/vnd.oasis.opendocument"
ENDINGS: dict[str, tuple[str, ...]] = {
    "txt": ("text/plain",), "htm": ("text/html",), "js": ("text/javascript", "application/javascript"),
    "md": ("text/markdown",), "py": ("text/x-python",), "sh": ("application/x-sh", "text/x-shellscript"),
    "xml": ("application/xml", "text/xml"), "csv": ("text/csv",), "ics": ("text/calendar",),
    "vcf": ("text/vcard", "text/x-vcard"), "eml": ("message/rfc822",), "mbox": ("application/mbox",),
    "msg": ("application/vnd.ms-outlook",), "doc": ("application/msword",),
    "docx": (f"{OFFICE}.wordprocessingml.document",), "xls": ("application/vnd.ms-excel",),
    "xlsx": (f"{OFFICE}.spreadsheetml.sheet",), "ppt": ("application/vnd.ms-powerpoint",),
    "pptx": (f"{OFFICE}.presentationml.presentation",), "odt": (f"{OPEN}.text",), "ods": (f"{OPEN}.spreadsheet",),
    "odp": (f"{OPEN}.presentation",), "rtf": ("application/rtf", "text/rtf"), "jpg": ("image/jpeg",),
    "tif": ("image/tiff",), "svg": ("image/svg+xml",), "mp3": ("audio/mpeg",),
    "wav": ("audio/x-wav", "audio/wav", "audio/vnd.wave"), "ogg": ("audio/ogg", "application/ogg", "video/ogg"),
    "m4a": ("audio/mp4", "audio/x-m4a"), "avi": ("video/x-msvideo",), "mkv": ("video/x-matroska",),
    "mov": ("video/quicktime",), "gz": ("application/gzip",), "bz2": ("application/x-bzip2",),
    "xz": ("application/x-xz",), "7z": ("application/x-7z-compressed",), "tar": ("application/x-tar",),
    "rar": ("application/vnd.rar",), "iso": ("application/x-iso9660-image",),
    "sqlite": ("application/vnd.sqlite3", "application/x-sqlite3"), "pem": ("application/x-pem-file",),
    "exe": ("application/x-dosexec", "application/vnd.microsoft.portable-executable"),
}  # fmt: skip
