"""What properties are called: those that the facts name, and those that calendar, contacts and tasks show in words.

Source: [MS-OXPROPS] 2 (properties by name and number), 1.3.2 (sets of named ones); [MS-OXOCAL], [MS-OXOCNTC],
[MS-OXOTASK] 2.2.
"""

from actionday.sources.mail._mapi import Name

APPOINTMENT = "00062002-0000-0000-c000-000000000046"
ADDRESS = "00062004-0000-0000-c000-000000000046"
TASK = "00062003-0000-0000-c000-000000000046"
COMMON = "00062008-0000-0000-c000-000000000046"
STRINGS = "00020329-0000-0000-c000-000000000046"

CALLED = {
    0x0017: "importance", 0x001A: "item_class", 0x0026: "priority", 0x0029: "read_receipt", 0x0036: "sensitivity",
    0x0037: "subject", 0x0039: "submitted", 0x003D: "subject_prefix", 0x0040: "received_by_name",
    0x0042: "representing_name", 0x0044: "received_representing_name", 0x0050: "reply_names",
    0x0064: "representing_address_type", 0x0065: "representing_address", 0x0070: "topic",
    0x0071: "conversation_index", 0x0075: "received_by_address_type", 0x0076: "received_by_address",
    0x007D: "transport_headers", 0x0C15: "recipient_type", 0x0C1A: "sender_name", 0x0C1E: "sender_address_type",
    0x0C1F: "sender_address", 0x0E02: "display_bcc", 0x0E03: "display_cc", 0x0E04: "display_to", 0x0E06: "delivered",
    0x0E07: "flags", 0x0E08: "stored_size", 0x0E1B: "has_attachments", 0x0E1D: "normalized_subject",
    0x0E1F: "rtf_in_sync", 0x0E20: "attachment_size", 0x0E28: "primary_account", 0x0E29: "next_account",
    0x1000: "body", 0x1009: "rtf", 0x1013: "html", 0x1035: "message_id", 0x1039: "references", 0x1042: "in_reply_to",
    0x1080: "icon", 0x1081: "last_verb", 0x1082: "last_verb_at", 0x1090: "flag_status", 0x3001: "display_name",
    0x3002: "address_type", 0x3003: "address", 0x3004: "comment", 0x3007: "created", 0x3008: "modified",
    0x3602: "content_count", 0x3603: "unread_count", 0x3610: "associated_content_count", 0x360A: "subfolders",
    0x3613: "container_class", 0x3701: "attached", 0x3702: "encoding", 0x3703: "extension", 0x3704: "file_name",
    0x3705: "method", 0x3707: "long_file_name", 0x3708: "path_name", 0x370D: "long_path_name", 0x370E: "content_type",
    0x3712: "content_id", 0x3713: "content_location", 0x3714: "attachment_flags", 0x39FE: "smtp_address",
    0x39FF: "short_name", 0x3FDE: "internet_code_page", 0x3FF1: "locale", 0x3FF8: "creator", 0x3FFA: "last_modifier",
    0x3FFD: "message_code_page", 0x5D01: "sender_smtp", 0x5D02: "representing_smtp", 0x5D07: "received_by_smtp",
    0x3709: "rendering", 0x7FFE: "hidden",
}  # fmt: skip

SHOWN: tuple[tuple[str, int | Name], ...] = (
    ("Start", Name(APPOINTMENT, 0x820D)), ("End", Name(APPOINTMENT, 0x820E)), ("Location", Name(APPOINTMENT, 0x8208)),
    ("All attendees", Name(APPOINTMENT, 0x8238)), ("To attendees", Name(APPOINTMENT, 0x823B)),
    ("Recurrence", Name(APPOINTMENT, 0x8232)), ("Begins", Name(COMMON, 0x8516)), ("Ends", Name(COMMON, 0x8517)),
    ("Reminder", Name(COMMON, 0x8502)), ("Companies", Name(COMMON, 0x8539)), ("Contacts", Name(COMMON, 0x853A)),
    ("Categories", Name(STRINGS, "Keywords")), ("Task start", Name(TASK, 0x8104)), ("Task due", Name(TASK, 0x8105)),
    ("Task completed", Name(TASK, 0x810F)), ("Task owner", Name(TASK, 0x811F)), ("Task assigner", Name(TASK, 0x8121)),
    ("Name", 0x3001), ("Given name", 0x3A06), ("Middle name", 0x3A44), ("Surname", 0x3A11), ("Nickname", 0x3A4F),
    ("Company", 0x3A16), ("Department", 0x3A18), ("Title", 0x3A17), ("Profession", 0x3A46), ("Manager", 0x3A4E),
    ("Assistant", 0x3A30), ("Spouse", 0x3A48), ("Birthday", 0x3A42), ("Anniversary", 0x3A41),
    ("File as", Name(ADDRESS, 0x8005)),
    ("E-mail", Name(ADDRESS, 0x8083)), ("E-mail name", Name(ADDRESS, 0x8080)), ("E-mail 2", Name(ADDRESS, 0x8093)),
    ("E-mail 2 name", Name(ADDRESS, 0x8090)), ("E-mail 3", Name(ADDRESS, 0x80A3)),
    ("E-mail 3 name", Name(ADDRESS, 0x80A0)), ("Instant messaging", Name(ADDRESS, 0x8062)),
    ("Web page", Name(ADDRESS, 0x802B)), ("Home address", Name(ADDRESS, 0x801A)),
    ("Work address", Name(ADDRESS, 0x801B)), ("Other address", Name(ADDRESS, 0x801C)),
    ("Address", 0x3A15), ("Country", 0x3A26), ("Locality", 0x3A27), ("Region", 0x3A28), ("Street", 0x3A29),
    ("Postal code", 0x3A2A), ("Business phone", 0x3A08), ("Business phone 2", 0x3A1B), ("Home phone", 0x3A09),
    ("Home phone 2", 0x3A2F), ("Mobile phone", 0x3A1C), ("Primary phone", 0x3A1A), ("Car phone", 0x3A1E),
    ("Radio phone", 0x3A1D), ("Other phone", 0x3A1F), ("Pager", 0x3A21), ("Business fax", 0x3A24),
    ("Home fax", 0x3A25), ("Primary fax", 0x3A23), ("Telex", 0x3A2C), ("Personal home page", 0x3A50),
    ("Business home page", 0x3A51), ("Customer id", 0x3A4A), ("Account", 0x3A00), ("Government id", 0x3A07),
)  # fmt: skip
"""What items that are no mail say beside their body: a label, and the property."""
