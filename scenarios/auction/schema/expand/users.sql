-- The balance in cents, and a count of the ratings that the triggers of user_ratings have pushed into the row.
SET SESSION lock_wait_timeout = 10;
ALTER TABLE users
  ADD COLUMN balance_cents BIGINT NULL,
  ADD COLUMN rating_pushes INT NOT NULL DEFAULT 0,
  ALGORITHM = INSTANT;
