SELECT id DIV 5000 AS bucket, COUNT(*) AS `rows`,
  BIT_XOR(CAST(CONV(LEFT(MD5(CONCAT_WS('|', id, user, item, quantity, date,
    CAST(ROUND(bid * 100) AS SIGNED), CAST(ROUND(max_bid * 100) AS SIGNED))), 16), 16, 10) AS UNSIGNED)) AS checksum
FROM bids WHERE request_id IS NULL
GROUP BY bucket ORDER BY bucket
