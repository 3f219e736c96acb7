"""Boxes of ISO media files that a standard has a use for: whoever opens them and whoever reads them must agree.

Source: ISO/IEC 14496-12, 4.2 and 8; ISO/IEC 23008-12, 9; ISO/IEC 15444-1, I.5 (JPEG 2000); QuickTime File Format;
3GPP TS 26.244, 8 (user data); XMP part 3 (Adobe, 2020), 1.1.6.
"""

AROUND = frozenset((b"moov udta meta trak mdia minf stbl dinf edts mvex jp2h iprp").split())
"""Boxes that hold others."""
KNOWN = frozenset(
    (
        b"mvhd iods tkhd tref tapt elst mdhd hdlr elng vmhd smhd hmhd nmhd sthd gmhd dref url urn alis "
        b"stsd stts ctts cslg stsc stsz stz2 stco co64 stss stsh padb stdp sdtp sbgp sgpd subs saiz saio "
        b"stps mehd trex leva trep pssh kind load clip matt imap prfl cmov dcom ctab rmra keys ilst mhdr "
        b"pitm iloc ipro iinf iref idat grpl ipco ipma ispe ihdr colr bpcc pclr cmap cdef res"
    ).split()
)
"""Boxes within those, without the blanks that some names end with."""
USER = frozenset((b"titl dscp perf auth albm cprt gnre coll kywd clsf rtng yrrc loci urat chpl name").split())
"""Boxes of user data beside those that begin with the sign of copyright: texts, and the place of recording."""
PACKET = b"XMP_"
"""A box of user data with an XMP packet (QuickTime)."""
XMP_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
"""What a box ``uuid`` with an XMP packet begins with."""
FIRST = frozenset({b"ftyp", b"styp", b"sidx", b"ssix", b"pdin"})
"""Boxes at the top of a file that hold a few numbers or names of four letters."""
BOXES = frozenset(
    {b"ftyp", b"styp", b"moov", b"moof", b"mfra", b"mdat", b"meta", b"free", b"skip", b"wide", b"uuid", b"sidx",
     b"ssix", b"prft", b"pdin", b"emsg", b"udta", b"pnot", b"PICT", b"jumb", b"idat", b"jp2h", b"jp2c", b"JXL ",
     b"jxlc", b"jxlp", b"Exif", b"xml "}
)  # fmt: skip
"""Types that stand at the top of a file; what a maker of telephones adds behind (a film, a log) is an item."""
