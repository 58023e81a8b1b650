-- Items whose number of bids, or highest bid, is not that of their bids. Of an expanded table only the items on sale are
-- read here: its closed ones are the new shape's.
SELECT i.id, i.nb_of_bids, COUNT(b.id) AS bids, i.max_bid, COALESCE(MAX(b.bid), 0) AS highest
FROM (
  SELECT id, nb_of_bids, max_bid FROM items WHERE end_date > NOW()
  UNION ALL SELECT id, nb_of_bids, max_bid FROM old_items
) i LEFT JOIN bids b ON b.item = i.id
GROUP BY i.id, i.nb_of_bids, i.max_bid
HAVING i.nb_of_bids <> COUNT(b.id) OR ROUND(i.max_bid * 100) <> ROUND(COALESCE(MAX(b.bid), 0) * 100)
ORDER BY i.id
