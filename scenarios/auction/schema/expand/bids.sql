-- The new shape of bids beside the old.
SET SESSION lock_wait_timeout = 10;
ALTER TABLE bids
  ADD COLUMN bid_cents BIGINT NULL,
  ADD COLUMN max_bid_cents BIGINT NULL,
  ALTER COLUMN bid SET DEFAULT 0,
  ALTER COLUMN max_bid SET DEFAULT 0,
  ALGORITHM = INSTANT;
