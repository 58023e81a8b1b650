SET SESSION lock_wait_timeout = 10;
ALTER TABLE user_ratings DROP COLUMN rating_pushes, ALGORITHM = INSTANT;
