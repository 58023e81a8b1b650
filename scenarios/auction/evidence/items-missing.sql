-- Ranges of a thousand ids in which items lack: the table of counters says how many the site began with.
SELECT r.seq * 1000 + 1 AS from_id, LEAST(r.seq * 1000 + 1000, MAX(ids.item)) AS to_id, COUNT(items.id) AS found
FROM ids JOIN seq_0_to_999 r ON r.seq * 1000 < ids.item
  LEFT JOIN items ON items.id > r.seq * 1000 AND items.id <= LEAST(r.seq * 1000 + 1000, ids.item)
GROUP BY r.seq HAVING found < to_id - from_id + 1;
