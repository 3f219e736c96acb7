"""Which type is asked what about its end.

Source: the files named; types are those of ``detectors.filetype``.
"""

from collections.abc import Mapping
from mmap import mmap

from actionday.detectors.whole import (
    _boxes,
    _chunked,
    _compound,
    _elements,
    _flac,
    _lengths,
    _pictures,
    _programs,
    _rasters,
    _sound,
    _texts,
    _tiff,
)
from actionday.detectors.whole._content import Content, Look
from actionday.model import Note

LOOKS: Mapping[str, Look] = {
    "application/geo+json": _texts.json,
    "application/json": _texts.json,
    "application/ogg": _sound.ogg,
    "application/pgp-encrypted": _texts.armour,
    "application/pgp-keys": _texts.armour,
    "application/pgp-signature": _texts.armour,
    "application/sql": _texts.dump,
    "application/vnd.adobe.flash.movie": _lengths.flash,
    "application/vnd.android.dex": _lengths.at_place("DEX", 32, 4),
    "application/vnd.apache.arrow.file": _lengths.ends_with("Arrow", b"ARROW1"),
    "application/vnd.apache.parquet": _lengths.ends_with("Parquet", b"PAR1", b"PARE"),
    "application/vnd.microsoft.portable-executable": _programs.pe,
    "application/vnd.ms-fontobject": _lengths.at_place("EOT", 0, 4),
    "application/vnd.ms-outlook-pst": _lengths.outlook,
    "application/vnd.rn-realmedia": _chunked.real,
    "application/vnd.sqlite3": _lengths.database,
    "application/vnd.squashfs": _lengths.at_place("squashfs", 40, 8),
    "application/vnd.tcpdump.pcap": _lengths.packets,
    "application/x-bplist": _lengths.property_list,
    "application/x-coredump": _programs.elf,
    "application/x-elf": _programs.elf,
    "application/x-executable": _programs.elf,
    "application/x-gettext-translation": _lengths.translations,
    "application/x-hdf5": _lengths.hierarchy,
    "application/x-ipynb+json": _texts.json,
    "application/x-navi-animation": _chunked.riff,
    "application/x-ndjson": _texts.json_lines,
    "application/x-object": _programs.elf,
    "application/x-ole-storage": _compound.compound,
    "application/x-pcapng": _lengths.blocks,
    "application/x-pem-file": _texts.armour,
    "application/x-riff": _chunked.riff,
    "application/x-sharedlib": _programs.elf,
    "application/x-sqlite-wal": _lengths.write_ahead,
    "application/x-systemd-journal": _lengths.journal,
    "application/x-windows-registry": _lengths.at_place("registry", 40, 4, more=4096),
    "audio/AMR": _sound.amr,
    "audio/aac": _sound.aac,
    "audio/basic": _chunked.au,
    "audio/flac": _flac.flac,
    "audio/midi": _chunked.midi,
    "audio/mp4": _boxes.film,
    "audio/mpeg": _sound.mp3,
    "audio/ogg": _sound.ogg,
    "audio/x-8svx": _chunked.riff,
    "audio/x-aiff": _chunked.riff,
    "audio/x-caf": _chunked.caf,
    "audio/x-ms-wma": _sound.asf,
    "audio/x-sfbk": _chunked.riff,
    "audio/x-wav": _chunked.riff,
    "audio/x-wavpack": _sound.wavpack,
    "font/collection": _lengths.font,
    "font/otf": _lengths.font,
    "font/ttf": _lengths.font,
    "font/woff": _lengths.at_place("WOFF", 8, 4, "big"),
    "font/woff2": _lengths.at_place("WOFF2", 8, 4, "big"),
    "image/avif": _boxes.still,
    "image/bmp": _rasters.bmp,
    "image/emf": _lengths.at_place("EMF", 48, 4),
    "image/gif": _pictures.gif,
    "image/heic": _boxes.still,
    "image/heic-sequence": _boxes.still,
    "image/heif": _boxes.still,
    "image/heif-sequence": _boxes.still,
    "image/icns": _lengths.at_place("icns", 4, 4, "big"),
    "image/jp2": _boxes.wavelet,
    "image/jpeg": _pictures.jpeg,
    "image/jxl": _boxes.xl,
    "image/png": _pictures.png,
    "image/qoi": _rasters.qoi,
    "image/tiff": _tiff.tiff,
    "image/vnd.adobe.photoshop": _rasters.photoshop,
    "image/vnd.djvu": _chunked.djvu,
    "image/vnd.microsoft.icon": _rasters.icon,
    "image/webp": _chunked.riff,
    "image/wmf": _lengths.metafile,
    "image/x-canon-cr3": _boxes.film,
    "image/x-ilbm": _chunked.riff,
    "image/x-jp2-codestream": _boxes.wavelet,
    "image/x-portable-bitmap": _rasters.anymap,
    "image/x-portable-graymap": _rasters.anymap,
    "image/x-portable-pixmap": _rasters.anymap,
    "image/x-win-bitmap": _rasters.icon,
    "video/3gpp": _boxes.film,
    "video/mp4": _boxes.film,
    "video/ogg": _sound.ogg,
    "video/quicktime": _boxes.film,
    "video/webm": _elements.matroska,
    "video/x-flv": _sound.flash_video,
    "video/x-m4v": _boxes.film,
    "video/x-matroska": _elements.matroska,
    "video/x-mng": _pictures.png,
    "video/x-ms-asf": _sound.asf,
    "video/x-ms-wmv": _sound.asf,
    "video/x-msvideo": _chunked.riff,
}


def not_whole(mime: str, data: bytes | mmap, tail: bytes, size: int) -> Note | None:
    """Return what is said of a content of type ``mime`` that is not what its own structure says, None for a whole one.

    ``data`` is its beginning, as much as is held of ``size`` > 0 bytes; ``tail`` its last bytes (they may overlap).
    A loss (``broken_off``, or ``checksum`` and ``damaged`` where that is what shows). Never raises. Linear in the parts
    of the content; bytes are looked at only where a format tells its end in no other way (PNG, JPEG, JSON).
    """
    look = LOOKS.get(mime)
    return look(Content(data, tail, size)) if look else None
