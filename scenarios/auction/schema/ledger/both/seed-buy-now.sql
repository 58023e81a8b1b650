SELECT id DIV 500 AS bucket, COUNT(*) AS `rows`,
  BIT_XOR(CAST(CONV(LEFT(MD5(CONCAT_WS('|', id, buyer, item, quantity, date)), 16), 16, 10) AS UNSIGNED)) AS checksum
FROM buy_now WHERE request_id IS NULL
GROUP BY bucket ORDER BY bucket
