"""The words of the house, as the pages use them."""

from actionday.app.web.signs import mark

WORDS = (
    (mark("case"), mark("A workspace with its authority, legal basis, purpose and the day until which it is kept.")),
    (mark("exhibit"), mark("One seized or lawfully collected thing: a disk image, an archive, a folder, a mailbox, a WARC. Never modified.")),
    (mark("item"), mark("One thing at one place in an exhibit: a file, a deleted file, an archive member, a message, an attachment.")),
    (mark("content"), mark("Unique bytes, known by their SHA-256; examined once, however many items hold them.")),
    (mark("ledger"), mark("The append-only record of custody, access and decisions; every entry is under a signed head.")),
    (mark("checkpoint"), mark("What an intake has found so far, made durable at once: objects, index, rows and their ledger entry.")),
    (mark("found"), mark("All items of the case; directories, volumes and containers that were opened are not counted, a volume that nobody reads is. Found = parsed + known good + skipped + failed.")),
    (mark("parsed"), mark("Read; its text, if it has one, can be searched. Empty items count here.")),
    (mark("known good"), mark("In a set of known files that the case was given; listed and hashed, not read.")),
    (mark("skipped"), mark("Unsupported: nothing here reads it. Queued: waits for something, such as the recognition of text in pictures.")),
    (mark("failed"), mark("Encrypted, unreadable or quarantined; each with its reason. It is tried again only in a new case.")),
    (mark("quarantined"), mark("Reading it broke a limit of time, memory or size, or killed the sandboxed worker.")),
)  # fmt: skip
