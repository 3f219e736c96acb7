"""Sentences of a proof about the files of a case: database, stored contents, index, folder.

Each as the code that writes it has it; ``%(name)s`` stands for what it says there.
"""

from actionday.app.web.signs import mark

SCHEMA = (
    mark(
        "case.db: bytes that hold no value: the unused rest of its pages, free pages, and the "
        "counters that SQLite keeps in the file's head. Nothing reads them as part of the case"
    ),
    mark(
        "case.db: bytes that hold no value: the unused rest of its pages, free pages, and the "
        "counters that SQLite keeps in the file's head. Nothing reads them as part of the case: "
        "%(count)s of the %(all)s bytes of the file, %(share)s, in free pages alone"
    ),
    mark(
        "case.db: bytes that hold no value: the unused rest of its pages, free pages, and the "
        "counters that SQLite keeps in the file's head. Nothing reads them as part of the case: "
        "%(count)s of the %(all)s bytes of the file, %(share)s, in free pages and in the unused rest "
        "of pages"
    ),
    mark("SQLite says: %(words)s"),
    mark("table %(name)s is none of ours"),
    mark("table %(name)s is gone"),
    mark("table %(name)s is not as it was made"),
    mark("index %(name)s is none of ours"),
    mark("index %(name)s is gone"),
    mark("index %(name)s is not as it was made"),
    mark("trigger %(name)s is none of ours"),
    mark("trigger %(name)s is gone"),
    mark("trigger %(name)s is not as it was made"),
    mark("view %(name)s is none of ours"),
    mark("view %(name)s is gone"),
    mark("view %(name)s is not as it was made"),
)
OBJECTS = (
    mark("the text of content %(hash)s is not in the objects"),
    mark("object %(hash)s in %(pack)s at %(at)s does not unpack"),
    mark("object %(hash)s in %(pack)s at %(at)s cannot be read from the disk"),
    mark("object %(hash)s in %(pack)s at %(at)s has the hash %(now)s"),
    mark("object %(hash)s in a shared frame has another hash"),
    mark("object %(hash)s in a shared frame has another hash, and is none of the case's"),
    mark("object %(hash)s in a shared frame is none of the case's"),
    mark(
        "a copy of object %(hash)s in a shared frame, which is not read, has another hash; the one "
        "that counts lies in %(place)s"
    ),
    mark("object %(hash)s: %(what)s"),
    mark("%(pack)s ends at %(size)s of %(end)s bytes"),
    mark("%(pack)s ends at %(size)s, its objects at %(end)s"),
    mark("%(pack)s is gone"),
    mark("%(pack)s does not begin as a pack does"),
    mark("%(pack)s is none of the case's packs"),
    mark("what a run had begun to store"),
    mark("%(pack)s: at %(at)s %(what)s"),
    mark(
        "the pack's own list was changed: it names other contents than the database, which has object"
        " %(hash)s there"
    ),
    mark("the pack's own list was changed: it does not name object %(hash)s as the database has it there"),
    mark(
        "the pack's own list was changed: it does not name the objects with %(hash)s as the database "
        "has them there"
    ),
    mark(
        "the pack's own list was changed: it names other contents than the database, which has those "
        "with %(hash)s there"
    ),
    mark("the shared frame has %(count)s bytes, its objects %(end)s"),
    mark("the shared frame does not unpack, with %(count)s object in it"),
    mark("the shared frame does not unpack, with %(count)s objects in it"),
)
INDEX = (
    mark("the words of the index: proved once a run has gone through everything, as its documents are now"),
    mark("no evidence is touched: the index is made anew by the next ingest where the case can be written"),
    mark("no evidence is touched: without its folder, the index is made anew by the next ingest"),
    mark(
        "no part of the index, which nobody reads; the library names so what it is writing when it is killed"
    ),
    mark(
        "index: %(versions)s; it is neither proved nor searched as it stands; the next ingest makes "
        "it anew where the case can be written"
    ),
    mark("the index is missing"),
    mark("its files cannot be read from the disk"),
    mark("its files are torn: tantivy cannot read them"),
    mark("%(file)s is missing"),
    mark("%(file)s cannot be read"),
    mark("%(file)s differs from its checksum"),
    mark("%(file)s is not written as its writer writes it"),
    mark("%(file)s cannot be read as a list of the index"),
    mark("%(file)s is not in %(list)s"),
    mark("%(file)s is not empty, and nobody writes into it"),
    mark("meta.json: its %(key)s is not ours"),
    mark("meta.json: %(key)s is nothing that stands in it"),
    mark("meta.json: lists segment %(name)s more than once"),
    mark(".managed.json: lists %(name)s more than once"),
    mark(".managed.json: %(name)s is no file of an index"),
    mark(
        "the list of segments before the last commit, from a run that did not end of itself: it is "
        "gone back to only where all that it lists has the digest of the ledger's seal, and nothing "
        "else reads it"
    ),
    mark("what a run that was killed was writing, which nobody reads"),
    mark("%(count)s file that index/.managed.json lists and that is not there, the first %(name)s"),
    mark("%(count)s files that index/.managed.json lists and that are not there, the first %(name)s"),
    mark("%(count)s document of the index behind the last checkpoint: a run had begun to store them"),
    mark("it holds %(count)s document, and %(listed)s of them under a number of their own"),
    mark("%(count)s documents of the index behind the last checkpoint: a run had begun to store them"),
    mark("it holds %(count)s documents, and %(listed)s of them under a number of their own"),
    mark("%(place)s is in the index more than once"),
    mark("%(place)s is not indexed as it is stored"),
    mark(
        "%(place)s cannot be compared with its document: its row or its text, of which it was made, "
        "is spoiled"
    ),
    mark("%(place)s is in the index alone"),
)
FOLDER = (
    mark("%(name)s in the case's folder is no part of the case: it is not looked into"),
    mark("the lock: who writes just now"),
    mark("tmp: what a run is at work on"),
    mark("unlogged-proof.json: that an earlier verification differed and could not be recorded"),
    mark(
        "the lock is held by %(who)s, and no run is open in the ledger: one that begins or ends holds"
        " it for a moment, anybody else may for longer. The case was proved as one at rest, with its "
        "seal and checksums"
    ),
)
HASHES = (
    mark("%(item)s is called known good, and the sets do not say so: %(reason)s"),
    mark("%(file)s is gone: the set of known hashes %(name)s"),
    mark(
        "%(file)s is not what was imported: the set of known hashes %(name)s has the SHA-256 %(hash)s, recorded was "
        "%(wanted)s"
    ),
    mark("%(file)s: what an import had begun, or left: no entry names it, and nothing goes by it"),
    mark("and %(count)s more in %(folder)s/"),
)
SENTENCES = (*SCHEMA, *OBJECTS, *INDEX, *FOLDER, *HASHES)
