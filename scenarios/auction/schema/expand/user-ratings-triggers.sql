-- A rating that a client of the new release changed is pushed into users; one that came from there is not.
SET SESSION lock_wait_timeout = 10;
DELIMITER //
CREATE OR REPLACE TRIGGER user_ratings_update AFTER UPDATE ON user_ratings FOR EACH ROW
BEGIN
  IF NEW.rating <> OLD.rating AND NEW.rating_pushes = OLD.rating_pushes THEN
    UPDATE users SET rating = NEW.rating, rating_pushes = rating_pushes + 1 WHERE id = NEW.user_id;
  END IF;
END//
DELIMITER ;
