-- Ratings move to a table of their own. The old release is not meant to serve from here on.
CREATE TABLE user_ratings (
  user_id INT NOT NULL PRIMARY KEY,
  rating INT NOT NULL DEFAULT 0,
  CONSTRAINT user_ratings_user FOREIGN KEY (user_id) REFERENCES users (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
LOCK TABLES users WRITE, user_ratings WRITE;
INSERT INTO user_ratings (user_id, rating) SELECT id, rating FROM users;
ALTER TABLE users DROP COLUMN rating;
UNLOCK TABLES;
