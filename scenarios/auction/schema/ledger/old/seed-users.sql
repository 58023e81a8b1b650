-- The rating is derived, and checked as such.
SELECT id DIV 1000 AS bucket, COUNT(*) AS `rows`,
  BIT_XOR(CAST(CONV(LEFT(MD5(CONCAT_WS('|', id, firstname, lastname, nickname, email, password, creation_date, region,
    CAST(ROUND(balance * 100) AS SIGNED))), 16), 16, 10) AS UNSIGNED)) AS checksum
FROM users WHERE request_id IS NULL
GROUP BY bucket ORDER BY bucket
