-- The balance stays in step within the row. A rating is pushed into user_ratings when a client of the old release
-- changed it, and not when the change was itself pushed from there: a push also counts in rating_pushes. The count
-- is part of the row, so it is rolled back with it; a session variable would survive an error and silence the next.
SET SESSION lock_wait_timeout = 10;
CREATE OR REPLACE TRIGGER users_shapes_insert BEFORE INSERT ON users FOR EACH ROW SET
  NEW.balance_cents = COALESCE(NEW.balance_cents, ROUND(NEW.balance * 100)),
  NEW.balance = NEW.balance_cents / 100;
CREATE OR REPLACE TRIGGER users_shapes_update BEFORE UPDATE ON users FOR EACH ROW SET
  NEW.balance_cents = IF(NEW.balance_cents IS NULL
    OR (NEW.balance_cents <=> OLD.balance_cents AND NEW.balance <> OLD.balance),
    ROUND(NEW.balance * 100), NEW.balance_cents),
  NEW.balance = NEW.balance_cents / 100;
DELIMITER //
CREATE OR REPLACE TRIGGER users_rating_insert AFTER INSERT ON users FOR EACH ROW
BEGIN
  INSERT INTO user_ratings (user_id, rating) VALUES (NEW.id, NEW.rating);
END//
CREATE OR REPLACE TRIGGER users_rating_update AFTER UPDATE ON users FOR EACH ROW
BEGIN
  IF NEW.rating <> OLD.rating AND NEW.rating_pushes = OLD.rating_pushes THEN
    INSERT INTO user_ratings (user_id, rating) VALUES (NEW.id, NEW.rating)
    ON DUPLICATE KEY UPDATE rating = NEW.rating, rating_pushes = rating_pushes + 1;
  END IF;
END//
DELIMITER ;
