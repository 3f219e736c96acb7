"""Formats by their proper names, under what they are: the names are not translated, what they are is.

Every type that the detectors can return has its words here or in ``types``.
"""

from actionday.app.web.signs import mark

ARCHIVE = mark("Archive (%(name)s)")
AUDIO = mark("Audio (%(name)s)")
BOOK = mark("E-book (%(name)s)")
CAPTURE = mark("Network capture (%(name)s)")
COMPRESSED = mark("Compressed file (%(name)s)")
DATA = mark("Data file (%(name)s)")
DATABASE = mark("Database (%(name)s)")
DISC = mark("Disc image (%(name)s)")
DISK = mark("Disk image (%(name)s)")
DOCUMENT = mark("Document (%(name)s)")
DRAWING = mark("Drawing (%(name)s)")
ENCRYPTED = mark("Encrypted (%(name)s)")
FONT = mark("Font (%(name)s)")
KEYS = mark("Keys (%(name)s)")
LOG = mark("Log of the system (%(name)s)")
MAIL = mark("Mail (%(name)s)")
MARKUP = mark("Marked-up text (%(name)s)")
PACKAGE = mark("Software package (%(name)s)")
PICTURE = mark("Picture (%(name)s)")
PLACES = mark("Places or routes (%(name)s)")
PROGRAM = mark("Program (%(name)s)")
SHEET = mark("Table (%(name)s)")
SLIDES = mark("Slides (%(name)s)")
SOURCE = mark("Source (%(name)s)")
SUBTITLES = mark("Subtitles (%(name)s)")
VIDEO = mark("Video (%(name)s)")
VOLUME = mark("Encrypted volume (%(name)s)")
WINDOWS = mark("File of Windows (%(name)s)")
BY_KIND = {
    ARCHIVE: {
        "application/vnd.ms-cab-compressed": "CAB", "application/vnd.rar": "RAR", "application/x-ace": "ACE",
        "application/x-archive": "ar", "application/x-arj": "ARJ", "application/x-cpio": "cpio",
        "application/x-installshield": "InstallShield", "application/x-lzh-compressed": "LHA",
        "application/x-ms-wim": "WIM", "application/x-xar": "xar", "application/x-proxmox-vma": "Proxmox VMA",
        "application/x-internet-archive": "ARC", "application/x-git-pack": "Git",
        "application/vnd.squashfs": "SquashFS",
    },
    AUDIO: {
        "audio/amr": "AMR", "audio/aac": "AAC", "audio/basic": "AU", "audio/flac": "FLAC", "audio/midi": "MIDI",
        "audio/mp4": "M4A", "audio/x-8svx": "8SVX", "audio/x-aiff": "AIFF", "audio/x-ape": "Monkey's Audio",
        "audio/x-caf": "CAF", "audio/x-ms-wma": "WMA", "audio/x-sfbk": "SoundFont", "audio/x-wavpack": "WavPack",
        "application/x-cda": "CDA", "application/ogg": "Ogg",
    },
    BOOK: {"application/x-fictionbook+xml": "FictionBook", "application/x-mobipocket-ebook": "Mobipocket"},
    CAPTURE: {"application/vnd.tcpdump.pcap": "pcap", "application/x-pcapng": "pcapng"},
    COMPRESSED: {
        "application/x-compress": ".Z", "application/x-lz4": "LZ4", "application/x-lzip": "lzip",
        "application/x-lzma": "LZMA", "application/x-lzop": "lzop", "application/x-snappy-framed": "Snappy",
        "application/zstd": "Zstandard",
    },
    DATA: {
        "application/vnd.apache.arrow.file": "Arrow", "application/vnd.apache.avro": "Avro",
        "application/vnd.apache.parquet": "Parquet", "application/x-bplist": "binary plist",
        "application/x-plist": "plist", "application/x-hdf5": "HDF5", "application/x-npy": "NumPy",
        "application/x-java-serialized-object": "Java", "application/x-gettext-translation": "gettext",
        "application/x-git-index": "Git index", "application/x-git-pack-index": "Git pack index",
        "application/x-riff": "RIFF", "application/tzif": "TZif", "application/yaml": "YAML",
        "application/x-ndjson": "JSON lines", "application/x-bittorrent": "BitTorrent",
        "application/x-desktop": "desktop entry", "application/x-ole-storage": "OLE2", "text/x-ldif": "LDIF",
        "text/x-opml": "OPML", "application/atom+xml": "Atom", "application/rss+xml": "RSS",
        "application/xliff+xml": "XLIFF", "application/dicom": "DICOM",
    },
    DATABASE: {
        "application/vnd.ms-access": "Access", "application/x-gdbm": "GDBM",
        "application/x-postgresql-dump": "PostgreSQL dump", "application/x-sqlite-wal": "SQLite WAL",
    },
    DISC: {"application/x-iso9660-image": "ISO 9660"},
    DISK: {
        "application/x-ewf": "EWF, E01", "application/x-ad1": "AD1", "application/x-aff": "AFF",
        "application/x-apple-diskimage": "DMG", "application/x-parallels-disk": "Parallels",
        "application/x-qed-disk": "QED", "application/x-qemu-disk": "QCOW2", "application/x-vdi-disk": "VDI",
        "application/x-vhd-disk": "VHD", "application/x-vhdx-disk": "VHDX", "application/x-vmdk-disk": "VMDK",
    },
    DOCUMENT: {
        "application/docbook+xml": "DocBook", "application/tei+xml": "TEI", "application/x-jats+xml": "JATS",
        "application/postscript": "PostScript", "application/vnd.ms-htmlhelp": "CHM",
        "application/vnd.ms-word-2003+xml": "Word 2003 XML", "application/vnd.ms-works": "Works",
        "application/vnd.ms-word.document.macroenabled.12": "DOCM", "application/vnd.ms-xpsdocument": "XPS",
        "application/vnd.stardivision.writer": "StarWriter", "application/vnd.wordperfect": "WordPerfect",
        "application/x-hwp": "HWP", "application/hwp+zip": "HWPX", "application/x-iwork": "iWork",
        "application/x-mspublisher": "Publisher", "image/vnd.djvu": "DjVu", "application/x-ipynb+json": "Jupyter",
    },
    DRAWING: {
        "application/vnd.ms-visio.drawing": "VSDX", "application/vnd.visio": "Visio", "image/emf": "EMF",
        "image/wmf": "WMF",
    },
    ENCRYPTED: {
        "application/pgp-encrypted": "OpenPGP", "application/pgp": "OpenPGP message",
        "application/x-ooxml-encrypted": "Office", "application/x-openssl-encrypted": "OpenSSL",
        "application/x-keepass": "KeePass", "application/x-keepass2": "KeePass 2",
    },
    FONT: {
        "application/vnd.ms-fontobject": "EOT", "application/x-font-bdf": "BDF", "application/x-font-pcf": "PCF",
        "application/x-font-type1": "Type 1", "font/collection": "TTC", "font/otf": "OpenType",
        "font/ttf": "TrueType", "font/woff": "WOFF", "font/woff2": "WOFF2",
    },
    KEYS: {
        "application/pgp-keys": "OpenPGP", "application/pgp-signature": "OpenPGP signature",
        "application/x-java-jce-keystore": "JCEKS", "application/x-java-keystore": "JKS",
        "application/x-putty-private-key": "PuTTY", "application/x-pem": "PEM",
    },
    LOG: {"application/x-ms-evtx": "EVTX", "application/x-systemd-journal": "systemd journal"},
    MAIL: {
        "application/vnd.ms-outlook-pst": "PST", "application/vnd.ms-tnef": "TNEF",
        "application/x-dovecot-dbox": "Dovecot dbox", "application/x-mbx": "mbx",
    },
    MARKUP: {"application/x-mediawiki+xml": "MediaWiki", "text/troff": "troff", "text/x-tex": "TeX"},
    PACKAGE: {
        "application/java-archive": "JAR", "application/vnd.android.package-archive": "APK",
        "application/vnd.debian.binary-package": "deb", "application/x-rpm": "RPM", "application/x-msi": "MSI",
    },
    PICTURE: {
        "image/avif": "AVIF", "image/fits": "FITS", "image/heic": "HEIC", "image/heic-sequence": "HEIC sequence",
        "image/heif": "HEIF", "image/heif-sequence": "HEIF sequence", "image/icns": "ICNS", "image/jp2": "JPEG 2000",
        "image/jxl": "JPEG XL", "image/qoi": "QOI", "image/vnd.adobe.photoshop": "Photoshop",
        "image/vnd.microsoft.icon": "ICO", "image/vnd.ms-dds": "DDS", "image/vnd.radiance": "Radiance",
        "image/vnd.zbrush.pcx": "PCX", "image/x-canon-cr3": "CR3", "image/x-exr": "OpenEXR", "image/x-ilbm": "ILBM",
        "image/x-jp2-codestream": "JPEG 2000 code stream", "image/x-portable-arbitrarymap": "PAM",
        "image/x-portable-anymap": "PNM", "image/x-portable-bitmap": "PBM", "image/x-portable-graymap": "PGM",
        "image/x-portable-pixmap": "PPM", "image/x-win-bitmap": "CUR", "image/x-xcf": "GIMP", "image/x-xpixmap": "XPM",
        "video/x-mng": "MNG", "application/x-navi-animation": "ANI",
    },
    PLACES: {
        "application/geo+json": "GeoJSON", "application/gpx+xml": "GPX",
        "application/vnd.google-earth.kml+xml": "KML", "application/vnd.google-earth.kmz": "KMZ",
    },
    PROGRAM: {
        "application/java-vm": "Java", "application/vnd.adobe.flash.movie": "Flash",
        "application/vnd.android.dex": "DEX", "application/vnd.microsoft.portable-executable": "Windows PE",
        "application/wasm": "WebAssembly", "application/x-bytecode.python": "Python byte code",
        "application/x-coredump": "core dump", "application/x-dosexec": "DOS", "application/x-elf": "ELF, other",
        "application/x-llvm-bitcode": "LLVM", "application/x-lua-bytecode": "Lua byte code",
        "application/x-mach-binary": "Mach-O", "application/x-object": "object file",
        "application/x-sharedlib": "shared library",
    },
    SHEET: {
        "application/vnd.ms-excel-2003+xml": "Excel 2003 XML",
        "application/vnd.ms-excel.sheet.binary.macroenabled.12": "XLSB",
        "application/vnd.ms-excel.sheet.macroenabled.12": "XLSM", "application/vnd.stardivision.calc": "StarCalc",
    },
    SLIDES: {"application/vnd.ms-powerpoint.presentation.macroenabled.12": "PPTM"},
    SOURCE: {
        "text/x-awk": "AWK", "text/x-diff": "diff", "text/x-lua": "Lua", "text/x-perl": "Perl",
        "text/x-ruby": "Ruby", "text/x-tcl": "Tcl",
    },
    SUBTITLES: {"application/x-subrip": "SubRip", "text/vtt": "WebVTT"},
    VIDEO: {
        "application/vnd.rn-realmedia": "RealMedia", "video/3gpp": "3GPP", "video/mp2t": "MPEG-TS",
        "video/mpeg": "MPEG", "video/ogg": "Ogg", "video/quicktime": "QuickTime", "video/webm": "WebM",
        "video/x-flv": "FLV", "video/x-m4v": "M4V", "video/x-matroska": "Matroska", "video/x-ms-asf": "ASF",
        "video/x-ms-wmv": "WMV", "video/x-msvideo": "AVI",
    },
    VOLUME: {"application/x-bitlocker-volume": "BitLocker", "application/x-luks-volume": "LUKS"},
    WINDOWS: {
        "application/x-dmp": "memory dump", "application/x-ms-jumplist": "jump list",
        "application/x-ms-shortcut": "shortcut", "application/x-ms-thumbs-db": "thumbnails",
        "application/x-mswinurl": "Internet shortcut", "application/x-windows-registry": "registry",
    },
}  # fmt: skip
FORMATS = {mime: (kind, name) for kind, names in BY_KIND.items() for mime, name in names.items()}
"""Type in lower case → the message of what it is, and its proper name."""
