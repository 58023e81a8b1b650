-- What clients never change of an item.
SELECT id DIV 500 AS bucket, COUNT(*) AS `rows`,
  BIT_XOR(CAST(CONV(LEFT(MD5(CONCAT_WS('|', id, name, description, offered, start_date, end_date, seller, category, closed,
    CAST(ROUND(initial_price * 100) AS SIGNED), CAST(ROUND(reserve_price * 100) AS SIGNED),
    CAST(ROUND(buy_now * 100) AS SIGNED))), 16), 16, 10) AS UNSIGNED)) AS checksum
FROM (
  SELECT id, name, description, offered, start_date, end_date, seller, category, 0 AS closed, initial_price, reserve_price,
    buy_now FROM items WHERE request_id IS NULL AND end_date > NOW()
  UNION ALL
  SELECT id, name, description, offered, start_date, end_date, seller, category, 1, initial_price, reserve_price, buy_now
  FROM old_items WHERE request_id IS NULL
) i
GROUP BY bucket ORDER BY bucket
