-- The new shape of items beside the old. Cents are NULL until a trigger or the backfill has filled them; the old
-- columns get defaults, so that the new release's inserts, which do not name them, are accepted.
SET SESSION lock_wait_timeout = 10;
ALTER TABLE items
  ADD COLUMN closed TINYINT NOT NULL DEFAULT 0,
  ADD COLUMN initial_price_cents BIGINT NULL,
  ADD COLUMN reserve_price_cents BIGINT NULL,
  ADD COLUMN buy_now_cents BIGINT NULL,
  ADD COLUMN max_bid_cents BIGINT NULL,
  ALTER COLUMN initial_price SET DEFAULT 0,
  ALGORITHM = INSTANT;
