-- Items whose number of bids, or highest bid, is not that of their bids.
SELECT i.id, i.nb_of_bids, COUNT(b.id) AS bids, i.max_bid_cents, COALESCE(MAX(b.bid_cents), 0) AS highest_cents
FROM items i LEFT JOIN bids b ON b.item = i.id
GROUP BY i.id, i.nb_of_bids, i.max_bid_cents
HAVING i.nb_of_bids <> COUNT(b.id) OR NOT i.max_bid_cents <=> COALESCE(MAX(b.bid_cents), 0)
ORDER BY i.id
