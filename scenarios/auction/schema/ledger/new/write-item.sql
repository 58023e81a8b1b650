SELECT i.request_id, u.nickname AS seller, CAST(i.category AS CHAR) AS category, i.name,
  SHA2(i.description, 256) AS description_sha,
  CAST(CAST(i.initial_price_cents / 100 AS DECIMAL(12, 2)) AS CHAR) AS initial_price, CAST(i.offered AS CHAR) AS quantity,
  CAST(CAST(i.reserve_price_cents / 100 AS DECIMAL(12, 2)) AS CHAR) AS reserve_price,
  CAST(CAST(i.buy_now_cents / 100 AS DECIMAL(12, 2)) AS CHAR) AS buy_now
FROM items i JOIN users u ON u.id = i.seller
WHERE i.request_id IS NOT NULL
