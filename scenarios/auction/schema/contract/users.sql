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
        DROP COLUMN rating, DROP COLUMN balance, DROP COLUMN rating_pushes,
        MODIFY COLUMN balance_cents BIGINT NOT NULL DEFAULT 0,
        ALGORITHM = INPLACE, LOCK = NONE;
      SET is_done = 1;
    END;
  END WHILE;
END//
DELIMITER ;
