-- Bids and comments that name an item that is neither on sale nor closed.
SELECT 'bid' AS kind, id FROM bids
WHERE NOT EXISTS (SELECT 1 FROM items i WHERE i.id = bids.item) AND NOT EXISTS (SELECT 1 FROM old_items o WHERE o.id = bids.item)
UNION ALL
SELECT 'comment', id FROM comments
WHERE NOT EXISTS (SELECT 1 FROM items i WHERE i.id = comments.item)
  AND NOT EXISTS (SELECT 1 FROM old_items o WHERE o.id = comments.item)
