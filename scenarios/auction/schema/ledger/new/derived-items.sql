-- Bids and comments that name an item that is not there.
SELECT 'bid' AS kind, id FROM bids WHERE NOT EXISTS (SELECT 1 FROM items i WHERE i.id = bids.item)
UNION ALL
SELECT 'comment', id FROM comments WHERE NOT EXISTS (SELECT 1 FROM items i WHERE i.id = comments.item)
