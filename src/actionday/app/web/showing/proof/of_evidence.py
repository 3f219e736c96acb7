"""Sentences of a proof that every check may give, of runs, and of the exhibits.

Each as the code that writes it has it; ``%(name)s`` stands for what it says there.
"""

from actionday.app.web.signs import mark

GENERAL = (
    mark("Permission denied"),
    mark("No such file or directory"),
    mark("Input/output error"),
    mark("Read-only file system"),
    mark("Is a directory"),
    mark("Not a directory"),
    mark("Too many levels of symbolic links"),
    mark("File name too long"),
    mark("No space left on device"),
    mark("Operation not permitted"),
    mark("Stale file handle"),
    mark("No such device or address"),
    mark("unlogged-proof.json cannot be written: %(error)s"),
    mark("the account that took it in may not read it (%(error)s)"),
    mark("not proved"),
    mark("not hashed yet"),
    mark("not read"),
    mark("exhibit %(name)s"),
    mark("exhibit %(name)s: %(what)s"),
    mark("entry %(number)s"),
    mark("item %(item)s"),
    mark("index/%(name)s"),
    mark("and %(count)s more"),
    mark("and %(count)s more remarks"),
    mark("and %(count)s more that cannot be read"),
    mark("and %(count)s more, which the issue log names"),
    mark("and %(count)s more in its folders that are no part of it"),
    mark("remark: %(what)s"),
    mark("remark: entry %(number)s: %(what)s"),
    mark("touched: %(place)s"),
    mark("it touches no item"),
    mark("it touches %(place)s"),
    mark("it touches %(count)s items, the first %(place)s"),
    mark("the first is of %(place)s"),
    mark("the first is %(place)s"),
    mark("cannot be checked: what is stored there is not what such a case holds"),
    mark("cannot be checked: %(what)s"),
    mark(
        "cannot be compared: what the ledger recorded of it cannot be read, as far as the ledger "
        "itself differs"
    ),
    mark("cannot be read from the disk"),
    mark("cannot be read from the disk (%(error)s)"),
    mark("a text in case.db is no UTF-8, which no case holds: somebody altered it, or a disk spoiled it"),
    mark("the words of its schema are not as they were written"),
    mark("SQLite cannot read the pages of case.db that are needed, they are torn"),
    mark("the disk that case.db lies on cannot be read or written (SQLite: %(error)s)"),
    mark("the database cannot be read"),
    mark("the ledger differs"),
    mark("the case is read-only"),
    mark("no space is left on the device"),
    mark("%(what)s; and later answers will not tell that it found a difference: keep this one (%(why)s)"),
    mark("unlogged-proof.json: it says that a verification differed, and cannot be read"),
)
RUNS = (
    mark("run %(number)s is going on"),
    mark("run %(number)s was ended before it had gone through everything"),
    mark("exhibit %(name)s has not been gone through to its end"),
)
EXHIBITS = (
    mark(
        "compared with a row of case.db that is none of those recorded, or that is gone (see rows "
        "above): nothing is concluded of the evidence"
    ),
    mark("what was proved lies there, and no link was acquired"),
    mark("what is in it now is as recorded"),
    mark("the times and owners of its files are not compared at another place"),
    mark("%(count)s of %(all)s file proved below %(folder)s"),
    mark("%(count)s of %(all)s files proved below %(folder)s"),
    mark("proved at %(path)s"),
    mark("%(count)s of %(all)s file proved at %(path)s"),
    mark("%(count)s of %(all)s files proved at %(path)s"),
    mark("%(name)s is not found below %(folder)s"),
    mark("%(name)s is not found below %(folder)s (%(what)s)"),
    mark("not found at %(path)s"),
    mark("not found at %(path)s (%(what)s)"),
    mark("cannot be proved at %(path)s: %(what)s"),
    mark("cannot be proved below %(path)s: %(what)s"),
    mark("cannot be read at %(path)s (%(error)s)"),
    mark("cannot be looked at (%(error)s)"),
    mark("%(path)s cannot be looked at (%(error)s)"),
    mark("cannot be listed (%(error)s)"),
    mark("a folder stands there"),
    mark("a file stands there"),
    mark("a %(kind)s stands in the place of the file: never opened"),
    mark("%(count)s folder there cannot be listed, the first %(path)s"),
    mark("%(count)s folders there cannot be listed, the first %(path)s"),
    mark("%(path)s has its name and none of its files"),
    mark("%(path)s has its name and %(bytes)s byte, it had %(then)s"),
    mark("%(path)s has its name and %(bytes)s bytes, it had %(then)s"),
    mark("%(path)s is, or lies behind, a link now, to %(target)s: %(what)s"),
    mark("its SHA-256 is %(now)s, it was %(then)s"),
    mark("it is a %(now)s, it was a %(then)s"),
    mark("its bytes hold"),
    mark("its bytes are the same"),
    mark("its target is %(now)s, it was %(then)s"),
    mark("its mode is %(now)s, it was %(then)s"),
    mark("its uid is %(now)s, it was %(then)s"),
    mark("its gid is %(now)s, it was %(then)s"),
    mark("its time of change is %(now)s, it was %(then)s"),
    mark("its extended attribute %(name)s is gone"),
    mark("its extended attribute %(name)s is another than it was"),
    mark("is in the folder, and was not when it was taken in"),
    mark("is in the folder, and was not when it was listed"),
    mark("is no longer in the folder"),
    mark("was changed at %(now)s, it had been at %(then)s: %(what)s"),
    mark("what is not read yet is not hashed yet"),
    mark(
        "no listing of it was recorded when it was acquired: what came to it or went before it is "
        "read is not told"
    ),
    mark(
        "what was listed when it was acquired is not as the ledger has it: what is not read yet is "
        "not compared"
    ),
    mark("it has no SHA-256: that its bytes are those that stood there is not proved"),
    mark("and %(count)s more file without a SHA-256"),
    mark("and %(count)s more files without a SHA-256"),
    mark("and %(count)s more folder that could not be listed"),
    mark("and %(count)s more folders that could not be listed"),
    mark("could not be looked at when the exhibit was acquired (%(why)s)"),
    mark("could not be listed when the exhibit was acquired (%(why)s)"),
    mark("could not be listed to its end when the exhibit was acquired (%(why)s)"),
    mark("cannot be looked at now (%(why)s)"),
    mark("cannot be listed now (%(why)s)"),
    mark("cannot be listed to its end now (%(why)s)"),
    mark("it"),
    mark("%(count)s file recorded in it"),
    mark("%(count)s files recorded in it"),
    mark("%(count)s file recorded of it"),
    mark("%(count)s files recorded of it"),
    mark("it is in the case by its name, as an item not read; what stands there now cannot be compared"),
    mark(
        "%(count)s file stands there now, no part of the case, and whether they stood there then is not known"
    ),
    mark(
        "%(count)s file stands below it now, no part of the case, and whether they stood there then "
        "is not known"
    ),
    mark(
        "%(count)s files stand there now, no part of the case, and whether they stood there then is not known"
    ),
    mark(
        "%(count)s files stand below it now, no part of the case, and whether they stood there then "
        "is not known"
    ),
    mark("what is in it is no part of the case"),
    mark("what else is in it is no part of the case"),
)
SENTENCES = (*GENERAL, *RUNS, *EXHIBITS)
