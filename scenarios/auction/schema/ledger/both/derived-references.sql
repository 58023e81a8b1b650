-- Bids, purchases and comments that name an item or a user that is not there. Foreign keys hold for users only.
SELECT 'bid' AS kind, id FROM bids WHERE NOT EXISTS (SELECT 1 FROM users u WHERE u.id = bids.user)
UNION ALL
SELECT 'comment', id FROM comments WHERE NOT EXISTS (SELECT 1 FROM users u WHERE u.id = comments.to_user)
UNION ALL
SELECT 'buy-now', id FROM buy_now WHERE NOT EXISTS (SELECT 1 FROM items i WHERE i.id = buy_now.item)
