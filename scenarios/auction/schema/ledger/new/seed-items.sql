-- What clients never change of an item.
SELECT id DIV 500 AS bucket, COUNT(*) AS `rows`,
  BIT_XOR(CAST(CONV(LEFT(MD5(CONCAT_WS('|', id, name, description, offered, start_date, end_date, seller, category, closed,
    initial_price_cents, reserve_price_cents, buy_now_cents)), 16), 16, 10) AS UNSIGNED)) AS checksum
FROM items WHERE request_id IS NULL
GROUP BY bucket ORDER BY bucket
