"""Sentences of a proof about the ledger, the rows and the facts of a case.

Each as the code that writes it has it; ``%(name)s`` stands for what it says there.
"""

from actionday.app.web.signs import mark

LEDGER = (
    mark("the ledger cannot be read: its tables are torn, or not as they were made"),
    mark(
        "ledger_head.given: the mark that a head of the ledger was handed out; it decides only "
        "whether that head stays in the case when a newer one comes"
    ),
    mark(
        "that nothing was cut off behind the last head that was kept outside of the case: an older "
        "copy of the whole case, put back, is whole as well. Give the last head that was noted down "
        "elsewhere: --head HEAD, the 64 hex digits that each verify prints as 'Ledger head'; and note"
        " down the one below"
    ),
    mark(
        "that nothing was cut off behind entry %(number)s, the last under the head that was given: "
        "only a later head can show it"
    ),
    mark("the log does not begin with the head %(root)s that was given: %(what)s"),
    mark(
        "this head is none of this case's ledger: this is an older copy of the case, from before the "
        "head was noted down; or it is of another case, it is mistyped, or the ledger was written "
        "anew or cut off before it"
    ),
    mark(
        "entries %(first)s to %(last)s of the ledger: %(key)s, which nobody here vouches for, signed "
        "over them when it joined with entry %(number)s, and who holds it may have written them anew;"
        " what was signed here since says nothing of it (--key, --head or trusted-keys can prove it)"
    ),
    mark(
        "that nobody made the case anew: its ledger was begun under %(key)s, which is neither this "
        "installation's nor known here (--key, --head or trusted-keys can prove it)"
    ),
    mark("it was begun under %(key)s, which is none of the keys that were given"),
    mark("it begins with the head that was given"),
    mark("nobody here vouches for it, from entry %(number)s on"),
    mark("this installation's, from entry %(number)s on"),
    mark("listed in trusted-keys, from entry %(number)s on"),
    mark("named by --key, from entry %(number)s on"),
    mark("entry %(number)s is not as it was signed"),
    mark("entry %(number)s of its ledger is not as it was signed"),
    mark("entry %(number)s: %(what)s: expected %(expected)s, got %(got)s"),
    mark("the log's head: expected %(expected)s, got %(got)s"),
    mark("leaf hash"),
    mark("stored row"),
    mark("number of stored hash bytes"),
    mark("index of the next entry"),
    mark("entries under a signed head"),
    mark("entries under a head signed by a trusted key"),
    mark("hash of the subtree of %(count)s entries"),
    mark("canonical JSON of an action"),
    mark("a key.added with a verifier key"),
    mark("signed head"),
    mark("key of a stored head"),
    mark("signatures of a stored head"),
    mark("ledger"),
)
ROWS = (
    mark("its beginning"),
    mark("a line about the case as a whole"),
    mark("no key"),
    mark("%(where)s (item %(item)s)"),
    mark("%(count)s item"),
    mark("%(count)s items"),
    mark("%(count)s content"),
    mark("%(count)s contents"),
    mark("%(count)s stored object"),
    mark("%(count)s stored objects"),
    mark("%(count)s line of the issue log"),
    mark("%(count)s lines of the issue log"),
    mark("none"),
    mark(
        "items.n: in which order the items of one checkpoint were stored (some seconds of an ingest);"
        " every other value of an item is proved"
    ),
    mark(
        "rows of checkpoints whose entries are not as they were signed (see ledger above), if there "
        "are any: what was recorded of them nobody knows"
    ),
    mark(
        "one of them or more, or one that is gone; which cannot be told from the index, the stored "
        "contents and the balances"
    ),
    mark(
        "one of them or more, or one that is gone; which cannot be told from the index, the stored "
        "contents and the balances (%(rows)s)"
    ),
    mark("checkpoint %(number)s follows %(before)s"),
    mark("the rows of checkpoint %(number)s are not those that were recorded: %(what)s"),
    mark("whether others of the rows of checkpoint %(number)s (%(rows)s) differ as well cannot be told"),
    mark("the ledger knows %(count)s checkpoint, the database %(last)s"),
    mark("the ledger knows %(count)s checkpoints, the database %(last)s"),
    mark("%(table)s holds rows of no checkpoint, %(count)s of them"),
    mark(
        "%(table)s.n: %(number)s follows %(before)s, of checkpoints %(now)s and %(then)s; it is of %(path)s"
    ),
    mark(
        "%(items)s items: %(count)s in the balance (found); beside them folders, volumes and opened "
        "exhibits, which no balance counts: %(others)s"
    ),
    mark(
        "%(items)s item: %(count)s in the balance (found); beside them folders, volumes and opened "
        "exhibits, which no balance counts: %(others)s"
    ),
    mark("contents.reading of %(hash)s is not that of what was read"),
    mark(
        "every item of it has the place, kind, status, time, hash and text that the index has: it is "
        "another value, or a row that no item shows, above all a line of the issue log, was taken "
        "away or added"
    ),
    mark("the index is not whole, and tells nothing of it"),
    mark("the rows themselves cannot be read to their end"),
    mark("not what was sealed"),
    mark("%(place)s (item %(item)s) has values that no case holds"),
    mark("%(place)s (item %(item)s) was never indexed: its row is one more"),
    mark("item %(item)s was never indexed: its row is one more"),
    mark("%(place)s (item %(item)s) is not as the index has it"),
    mark("%(place)s (item %(item)s) is gone: the index has it, its row is deleted"),
    mark("%(place)s (item %(item)s) is said to be of another checkpoint"),
    mark("%(place)s has an id that is not that of its place"),
    mark("the stored object %(hash)s is not where its row says, or not those bytes"),
    mark("line %(number)s of the issue log: gone, between %(before)s and %(after)s"),
    mark("lines %(first)s to %(last)s of the issue log: gone, between %(before)s and %(after)s"),
    mark("a line of the issue log is missing: that which tells why %(place)s (item %(item)s) is %(status)s"),
    mark(
        "a line of the issue log was taken away: %(code)s (%(stage)s) of %(place)s (item %(item)s): "
        "%(why)s; with it put back the rows are those that were recorded, and nothing else of them "
        "differs"
    ),
    mark("checkpoint %(number)s has %(count)s item, recorded were %(then)s"),
    mark("checkpoint %(number)s has %(count)s items, recorded were %(then)s"),
    mark("exhibit %(name)s: %(count)s item is %(status)s, recorded were %(then)s"),
    mark("exhibit %(name)s: %(count)s items are %(status)s, recorded were %(then)s"),
)
TABLES = (
    mark(
        "the facts of the case, its exhibits and its runs: not all of them are as the rest of the "
        "ledger says, and what the entries said that are not as they were signed (see ledger above) "
        "nobody knows"
    ),
    mark("runs.progress: how far a run was, for the eye alone"),
    mark(
        "exhibit %(name)s is still open, and its last checkpoint is of a version that said nothing of"
        " it: its containers, and what opening it told of its files and of its acquisition"
    ),
    mark("fact %(name)s of the case is %(now)s, recorded was %(then)s"),
    mark("secrets of batch %(batch)s: %(now)s are there, %(then)s were given"),
    mark("secrets of batch %(batch)s: not all of them are those that were given"),
    mark("secrets are not numbered from 1 on: what opened an item is told by its number"),
    mark("%(count)s secret that nobody is recorded to have given"),
    mark("%(count)s secrets that nobody is recorded to have given"),
    mark("fact %(name)s of the case was never recorded"),
    mark("exhibit %(name)s is %(state)s in the table, the ledger never closed it"),
    mark("the acquisition of exhibit %(name)s is not written as we write it"),
    mark("exhibit %(name)s was never acquired"),
    mark("exhibit %(name)s is gone from the table"),
    mark("exhibit %(name)s has the number %(now)s, it was acquired as the %(then)s."),
    mark("items came to exhibit %(name)s after it was closed: %(place)s"),
    mark("issues came to exhibit %(name)s after it was closed: %(place)s"),
    mark("the sources of exhibit %(name)s are not what was recorded"),
    mark("the containers of exhibit %(name)s are not what was recorded"),
    mark("the state of exhibit %(name)s is not what was recorded"),
    mark("the acquisition of exhibit %(name)s is not what was recorded"),
    mark("the size of exhibit %(name)s is not what was recorded"),
    mark("the balance of exhibit %(name)s is not what was recorded"),
    mark("the %(field)s of %(path)s of exhibit %(name)s is not the one that was recorded first"),
    mark("the %(field)s of %(path)s of exhibit %(name)s was never recorded"),
    mark("container %(item)s is of no exhibit"),
    mark("the ledger's %(entry)s is not of the run before it"),
    mark("the table holds %(count)s run, the ledger %(then)s"),
    mark("the table holds %(count)s runs, the ledger %(then)s"),
    mark("run %(number)s is not what was recorded of run %(then)s"),
    mark("the case was created before"),
    mark("exhibit %(name)s was acquired before"),
    mark("exhibit %(name)s was closed before"),
    mark("exhibit %(name)s was reopened, and is not closed"),
    mark("run %(number)s had ended before"),
    mark("run %(number)s seals another index than the run before it, and stored nothing"),
    mark("run %(number)s went by limits that nobody gave the case: %(limits)s"),
    mark("%(part)s: not as the last checkpoint left it"),
)
SENTENCES = (*LEDGER, *ROWS, *TABLES)
