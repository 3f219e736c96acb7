"""Are the exhibits still what was taken in? Their files are read and hashed again, their folders listed again.

A file that is not there is no difference: nothing is known of it, and that is said.
"""

import sqlite3
from pathlib import Path

import msgspec

from actionday.model import Damaged
from actionday.model.counted import grouped, parted
from actionday.model.identity import exhibit_item_id
from actionday.model.loss import MOVED_UNHASHED, Loss
from actionday.pipeline.custody import SourceFile, hash_of
from actionday.pipeline.proving.acquired import acquired, doubtful
from actionday.pipeline.proving.copied import HELD, Beside, beside, other_time
from actionday.pipeline.proving.found import DOUBTED, Exhibit, Kind, Result
from actionday.pipeline.proving.pace import BYTES, MOST
from actionday.pipeline.proving.places import Below, recorded
from actionday.pipeline.proving.report import MOST_NAMED, Check, Held, Subject
from actionday.pipeline.proving.unlooked import Unlooked
from actionday.pipeline.proving.unread import not_to_be_compared, unread
from actionday.pipeline.relisting import Pair, listed_again, other_kind, same_bytes
from actionday.pipeline.standing import no_file

LINKED = "what was proved lies there, and no link was acquired"
TOUCHED = "what is in it now is as recorded"
ELSEWHERE = "the times and owners of its files are not compared at another place"
UNUSABLE = (sqlite3.Error, ValueError, TypeError, KeyError, AttributeError, msgspec.MsgspecError)
"""What rows raise that hold other kinds of values than ours."""


def check_exhibits(of: Subject) -> Check:
    """Hash every file of every exhibit again; of a folder, every file that was read, and what is in it now.

    Where a folder is named to which they were moved, only what lies below it counts, and each source is said to be
    there or not. Of an exhibit that is still open what was recorded so far is compared, of a folder what was listed.
    """
    found = Result()
    exhibits = [Exhibit(*each) for each in acquired(of)]
    of.pace.expect(sum(_bytes(of, exhibit) for exhibit in exhibits), BYTES)
    below = None
    if of.elsewhere is not None:
        sources = [source for exhibit in exhibits for source in exhibit.sources]
        below = Below(of.elsewhere, sources, of.case.folder.resolve())
    for exhibit in exhibits:
        found.not_proved += _begun_anew(of, exhibit)
        for source in exhibit.sources:
            try:
                _source(of, exhibit, source, found, below)
            except UNUSABLE:
                if not of.doubted:
                    raise
                found.not_proved.append(f"exhibit {exhibit.id!r}: {source.path}: {DOUBTED}")
    if below is not None:
        found.said.insert(
            0, f"{grouped(found.checked)} of {parted(found.expected, 'file')} proved below {below.folder}"
        )
    return found.check()


def _begun_anew(of: Subject, exhibit: Exhibit) -> list[str]:
    """Return what an ingest that went on could not prove, or found other than listed, and said in the issue log."""
    where = "FROM issues WHERE exhibit = ? AND (code = ? OR (code = ? AND stage = 'list'))"
    values = (exhibit.number, MOVED_UNHASHED, str(Loss.CHANGED))
    query = f"SELECT path, reason {where} ORDER BY n"
    found = of.case.database.execute(query, values).fetchmany(MOST_NAMED)
    (count,) = of.case.database.execute(f"SELECT COUNT(*) {where}", values).fetchone()
    lines = [f"exhibit {exhibit.id!r}: {path + ': ' if path else ''}{reason}" for path, reason in found]
    more = count - len(found)
    return (
        [*lines, f"exhibit {exhibit.id!r}: and {grouped(more)} more, which the issue log names"]
        if more
        else lines
    )


def _source(of: Subject, exhibit: Exhibit, source: SourceFile, found: Result, below: Below | None) -> None:
    """Prove a source; ``found`` takes how it differs, what holds and what cannot be told."""
    if not source.folder and source.sha256 is None:
        found.not_proved.append(f"exhibit {exhibit.id!r}: {source.path}: not hashed yet")
        return
    expected = _files(of, exhibit) if source.folder else 1
    found.expected += expected
    place = recorded(source) if below is None else below.find(of, exhibit.number, exhibit.id, source)
    path, remark = place.path, place.remark
    if path is None:
        where = f"at {source.path}" if below is None else f"below {below.folder}"
        if place.unseen:
            found.cannot(f"{exhibit.id}: cannot be proved {where}: {remark}: not proved")
            return
        name = "" if below is None else f"{Path(source.path).name} is "
        remark = remark and f" ({remark})"
        found.kinds["missing"] += expected
        found.absent.append(f"{exhibit.id}: {name}not found {where}{remark}: not proved")
        return
    if below is None and (target := path.resolve()) != path:
        found.remark(f"{exhibit.id}: {path} is, or lies behind, a link now, to {target}: {LINKED}")
    checked, differing, remarked = found.checked, found.differing, found.remarked
    if source.folder:
        _folder(of, exhibit, path, found, moved=path != Path(source.path))
    else:
        _file(of, exhibit, source, path, found)
    if differing == found.differing and source.folder and found.checked > checked:
        files, bare = found.checked - checked, _files(of, exhibit, hashed=False)
        found.held.append(
            Held(
                exhibit=exhibit.id,
                path=str(path),
                files=files,
                hashed=expected,
                unhashed=bare,
                remarked=found.remarked - remarked,
                open=not exhibit.complete,
            )
        )
    if below is not None and differing == found.differing and (proved := found.checked - checked):
        of_how_many = f"{grouped(proved)} of {parted(expected, 'file')} " if source.folder else ""
        found.said.append(f"{exhibit.id}: {of_how_many}proved at {path}")


def _files(of: Subject, exhibit: Exhibit, *, hashed: bool = True) -> int:
    """Return how many files of a folder were read, and so are to be proved; else how many could not be."""
    query = (
        "SELECT COUNT(*) FROM items WHERE exhibit = ? AND kind = 'file' "  # noqa: S608 - constants
        f"AND sha256 IS {'NOT ' if hashed else ''}NULL AND parent = ?"
    )
    return int(of.case.database.execute(query, (exhibit.number, exhibit_item_id(exhibit.id))).fetchone()[0])


def _bytes(of: Subject, exhibit: Exhibit) -> int:
    """Return how many bytes of an exhibit are to be hashed, for the eye alone; what is not where it was is not."""
    there = [each for each in exhibit.sources if of.elsewhere is not None or recorded(each).path is not None]
    files = sum(each.size for each in there if not each.folder and each.sha256 is not None)
    query = "SELECT TOTAL(size) FROM items WHERE exhibit = ? AND kind = 'file' AND sha256 IS NOT NULL AND parent = ?"
    values = (exhibit.number, exhibit_item_id(exhibit.id))
    within = of.case.database.execute(query, values).fetchone()[0] if any(e.folder for e in there) else 0
    return files + (int(within) if 0 <= within < MOST else 0)


def _file(of: Subject, exhibit: Exhibit, source: SourceFile, path: Path, found: Result) -> None:
    of.pace.read(str(path))
    try:
        if why := no_file(path.stat().st_mode):
            found.differs(f"{exhibit.id}: {path}: {why}", "altered")
            return
        now = hash_of(str(path).encode("utf-8", "surrogateescape"), of.pace.more).hex()
    except OSError as error:
        found.cannot(f"{exhibit.id}: cannot be read at {path} ({error.strerror}): not proved")
        return
    if now != source.sha256:
        found.differs(f"{exhibit.id}: {path}: its SHA-256 is {now}, it was {source.sha256}", "altered")
    else:
        found.checked += 1
        found.held.append(Held(exhibit=exhibit.id, path=str(path), sha256=now, open=not exhibit.complete))
        if path == Path(source.path) and (time := other_time(source)):
            found.remark(f"{exhibit.id}: {path}: {HELD}; {time}", file=True)


def _folder(of: Subject, exhibit: Exhibit, path: Path, found: Result, *, moved: bool) -> None:
    if moved:
        found.not_proved.append(f"exhibit {exhibit.id!r}: {ELSEWHERE}")
    why = "" if exhibit.complete else not_to_be_compared(of, exhibit.number, exhibit.id)
    if not exhibit.complete:
        found.not_proved.append(f"exhibit {exhibit.id!r}: {path}: what is not read yet is not hashed yet")
    if why:
        found.not_proved.append(f"exhibit {exhibit.id!r}: {why}")
    came_or_went, times, unlooked = set[str](), dict[str, str](), Unlooked(exhibit, path)
    try:
        for pair in listed_again(of.case.database, exhibit.number, exhibit.id, path, of.case.folder):
            if (exhibit.complete or pair.row is not None) and unlooked.take(pair):
                continue
            name = pair.row.path if pair.row else pair.found.name if pair.found else ""
            try:
                difference = _thing(of, path, pair, exhibit)
                facts = Beside() if difference or moved else _beside(pair, exhibit)
            except OSError as error:  # a disk that fails or a permission says nothing of the bytes
                found.cannot(f"{exhibit.id}: cannot be read at {path}/{name} ({error.strerror}): not proved")
                continue
            if difference := difference or facts.difference:
                if pair.row is None or pair.found is None or pair.row.kind != pair.found.kind:
                    came_or_went.add(name.rpartition("/")[0])
                if doubtful(of, pair.row):
                    found.doubted(exhibit, name)
                else:
                    found.differs(f"{exhibit.id}: {path}/{name}: {difference}", _kind(pair))
            else:
                held = pair.row is not None and pair.row.sha256 is not None
                found.checked += held
                remark = facts.remark(held=held)
                if doubtful(of, pair.row):
                    if remark or facts.time:
                        found.doubted(exhibit, name)
                    continue
                if facts.time:
                    times[name] = facts.time
                if remark:
                    found.remark(f"{exhibit.id}: {path}/{name}: {remark}", file=held)
        if not exhibit.complete and not why:
            for each in unread(of, exhibit.id, path, moved=moved):
                if each.untold is not None:
                    unlooked.count(each.untold, file=each.file)
                    continue
                found.differs(f"{exhibit.id}: {path}/{each.name}: {each.why}", each.kind)
    except Damaged as error:
        found.cannot(f"{exhibit.id}: cannot be listed ({error}): not proved")
    unlooked.told(found)
    for name in sorted(times.keys() - came_or_went):  # else it is told already
        found.remark(f"{exhibit.id}: {path}/{name}: {times[name]}: {TOUCHED}")


def _beside(pair: Pair, exhibit: Exhibit) -> Beside:
    """Return what beside the bytes is another, where that is known; of what is still read nothing is compared."""
    return beside(pair) if exhibit.complete and pair.row is not None and pair.found is not None else Beside()


def _kind(pair: Pair) -> Kind:
    """Return what became of something in a folder that is not as it was."""
    if pair.row is None:
        return "added" if pair.found is not None and pair.found.kind == "file" else "others"
    if pair.row.sha256 is None:
        return "others"
    return "missing" if pair.found is None else "altered"


def _thing(of: Subject, folder: Path, pair: Pair, exhibit: Exhibit) -> str:
    """Return how one thing in a folder is not as it was listed and read: added, gone, another kind, other bytes.

    Raises OSError for a file that cannot be read.
    """
    row, now, _ = pair
    if row is None:
        return "is in the folder, and was not when it was taken in" if exhibit.complete else ""
    if now is None:
        return "" if row.gone else "is no longer in the folder"
    if now.kind != row.kind:
        return other_kind(row, now)
    if row.sha256 is not None:
        of.pace.read(f"{folder}/{row.path}")
        return same_bytes(folder, row, now, of.pace.more)
    return ""
