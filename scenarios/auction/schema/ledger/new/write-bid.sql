SELECT b.request_id, u.nickname AS user, CAST(b.item AS CHAR) AS item, CAST(b.quantity AS CHAR) AS quantity,
  CAST(CAST(b.bid_cents / 100 AS DECIMAL(12, 2)) AS CHAR) AS bid,
  CAST(CAST(b.max_bid_cents / 100 AS DECIMAL(12, 2)) AS CHAR) AS max_bid
FROM bids b JOIN users u ON u.id = b.user
WHERE b.request_id IS NOT NULL
