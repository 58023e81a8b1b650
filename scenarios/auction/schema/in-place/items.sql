LOCK TABLES items WRITE;
ALTER TABLE items
  ADD COLUMN closed TINYINT NOT NULL DEFAULT 0,
  ADD COLUMN initial_price_cents BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN reserve_price_cents BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN buy_now_cents BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN max_bid_cents BIGINT NOT NULL DEFAULT 0;
UPDATE items SET
  closed = end_date <= NOW(),
  initial_price_cents = ROUND(initial_price * 100),
  reserve_price_cents = ROUND(reserve_price * 100),
  buy_now_cents = ROUND(buy_now * 100),
  max_bid_cents = ROUND(max_bid * 100);
ALTER TABLE items
  DROP COLUMN initial_price, DROP COLUMN reserve_price, DROP COLUMN buy_now, DROP COLUMN max_bid,
  DROP INDEX category, ALTER COLUMN initial_price_cents DROP DEFAULT;
UNLOCK TABLES;
