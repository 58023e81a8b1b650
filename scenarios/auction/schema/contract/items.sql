-- Rebuilds the table beside the live one, without blocking writers. The new release's search has an index of its own.
SET SESSION lock_wait_timeout = 10;
ALTER TABLE items
  DROP COLUMN initial_price, DROP COLUMN reserve_price, DROP COLUMN buy_now, DROP COLUMN max_bid,
  MODIFY COLUMN initial_price_cents BIGINT NOT NULL,
  MODIFY COLUMN reserve_price_cents BIGINT NOT NULL DEFAULT 0,
  MODIFY COLUMN buy_now_cents BIGINT NOT NULL DEFAULT 0,
  MODIFY COLUMN max_bid_cents BIGINT NOT NULL DEFAULT 0,
  DROP INDEX category,
  ALGORITHM = INPLACE, LOCK = NONE;
