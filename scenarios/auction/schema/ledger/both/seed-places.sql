-- Categories in bucket 0, regions in bucket 1.
SELECT bucket, COUNT(*) AS `rows`,
  BIT_XOR(CAST(CONV(LEFT(MD5(CONCAT_WS('|', id, name)), 16), 16, 10) AS UNSIGNED)) AS checksum
FROM (SELECT 0 AS bucket, id, name FROM categories UNION ALL SELECT 1, id, name FROM regions) p
GROUP BY bucket ORDER BY bucket
