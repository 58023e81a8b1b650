-- The balance in cents, and a count of the ratings that the triggers of user_ratings have pushed into the row.
-- Users are what most foreign keys refer to: changing the table can deadlock with a live write to one that refers to it,
-- and then it is the change that is given up. Nothing of it is done in that case, so it is tried again.
SET SESSION lock_wait_timeout = 10;
DELIMITER //
BEGIN NOT ATOMIC
  DECLARE attempts INT DEFAULT 0;
  DECLARE is_done INT DEFAULT 0;
  WHILE NOT is_done DO
    BEGIN
      DECLARE EXIT HANDLER FOR 1205, 1213 IF attempts >= 20 THEN RESIGNAL; END IF;
      SET attempts = attempts + 1;
      ALTER TABLE users
        ADD COLUMN balance_cents BIGINT NULL,
        ADD COLUMN rating_pushes INT NOT NULL DEFAULT 0,
        ALGORITHM = INSTANT;
      SET is_done = 1;
    END;
  END WHILE;
END//
DELIMITER ;
