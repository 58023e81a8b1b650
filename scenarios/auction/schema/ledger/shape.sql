SELECT CASE
    WHEN SUM(COLUMN_NAME = 'max_bid_cents') = 0 THEN 'old'
    WHEN SUM(COLUMN_NAME = 'max_bid') = 0 THEN 'new'
    ELSE 'both' END AS shape
FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'items'
