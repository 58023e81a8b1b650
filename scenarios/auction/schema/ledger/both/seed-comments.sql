SELECT id DIV 500 AS bucket, COUNT(*) AS `rows`,
  BIT_XOR(CAST(CONV(LEFT(MD5(CONCAT_WS('|', id, from_user, to_user, item, rating, date, comment)), 16), 16, 10)
    AS UNSIGNED)) AS checksum
FROM comments WHERE request_id IS NULL
GROUP BY bucket ORDER BY bucket
