"""Sentences of a case that cannot be opened, shown, or recorded in.

Each as the code that writes it has it; ``%(name)s`` stands for what it says there.
"""

from actionday.app.web.signs import mark

SENTENCES = (
    mark(
        "%(folder)s: the ledger is not as it was signed (%(what)s); nothing is shown or given out "
        "that cannot be recorded. actionday verify names what differs; a copy that cannot be written "
        "is read all the same"
    ),
    mark(
        "%(folder)s: %(what)s; nothing is shown or given out that cannot be recorded. actionday "
        "verify names what differs; a copy that cannot be written is read all the same"
    ),
    mark(
        "%(folder)s: no space is left on the device: this would stand in the ledger, which has no "
        "room for it, and nothing is shown or given out that cannot be recorded. What needs no entry "
        "is shown all the same"
    ),
    mark("%(folder)s: case.db is gone, the rows and the ledger of a case: %(file)s is still there"),
    mark(
        "%(folder)s: case.db is not what it was: it cannot be read as a case's database (%(what)s), "
        "and %(file)s beside it is a case's"
    ),
    mark("%(folder)s: case.db is no case database: %(error)s"),
    mark("%(folder)s: no case there (no case.db)"),
    mark("%(path)s: %(what)s; nothing is said of what it holds"),
    mark("cannot be read: the disk, or what it is mounted from, fails (input/output error)"),
    mark("cannot be opened by this account, or not with what SQLite puts beside it"),
    mark("may not be read by this account"),
    mark("it is no database any more"),
    mark("its pages are torn"),
    mark("its head is torn"),
    mark("its tables are not those of a case"),
    mark("leaf hash %(hash)s, that of what stands here now is %(now)s: %(words)s"),
    mark("a file of the case is as long as the file system there lets a file be"),
    mark(
        "a file of the case may not be longer than %(size)s bytes here: that is the limit in force "
        "(ulimit -f)"
    ),
)
