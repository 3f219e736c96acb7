-- What failed, in the order of a list: without it every item is read to find some hundred (a third of a second at
-- 200,000). Partial, so that it costs nothing for the many that did not fail; a query uses it by saying the same
-- words (access.items.FAILED_ALONE).
CREATE INDEX items_failed ON items (exhibit, path) WHERE status IN ('encrypted', 'unreadable', 'quarantined');
