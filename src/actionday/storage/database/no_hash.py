"""Why an item has no SHA-256: the same sets wherever such items are counted, none in two of them.

Source: the reasons of ``model.unopened`` and of deleted entries, ``docs/exports.md``, "Statuses".
"""

from actionday.model.progress import FAILED, SKIPPED
from actionday.model.unopened import NEVER_OPENED, NOT_FOLLOWED

NO_CONTENT = (
    "(kind IN ('symlink', 'special', 'revisit') OR kind = 'deleted' AND status = 'unsupported' "
    f"AND (reason LIKE '%: {NOT_FOLLOWED}' OR reason LIKE '%: {NEVER_OPENED}'))"
)
"""What has no content by its kind, deleted or not: a link, a device, a volume's label, a record of what did not change.
No hash can be missed there."""
NOT_READ = f"status IN ({','.join(repr(each) for each in (*sorted(SKIPPED), *sorted(FAILED)))})"
FOLDER = "kind = 'deleted' AND reason LIKE 'deleted directory:%'"
"""One is an item of the balance, unlike a folder that is there: nobody can say whether it listed all that it held."""
WHY = ("not_read", "deleted_content", "deleted_folder", "no_content", "other")
"""The sets, in the order in which they are told."""
WHY_NO_HASH = (
    f"CASE WHEN {NO_CONTENT} THEN 'no_content' WHEN {NOT_READ} THEN 'not_read' "
    f"WHEN {FOLDER} THEN 'deleted_folder' WHEN kind = 'deleted' THEN 'deleted_content' ELSE 'other' END"
)
"""Expression over a row of ``items`` without a hash: one of ``WHY``."""
