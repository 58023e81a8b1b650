-- The new release's home of ratings, and a count of the ratings that the triggers of users have pushed into the row.
SET SESSION lock_wait_timeout = 10;
CREATE TABLE user_ratings (
  user_id INT NOT NULL PRIMARY KEY,
  rating INT NOT NULL DEFAULT 0,
  rating_pushes INT NOT NULL DEFAULT 0,
  CONSTRAINT user_ratings_user FOREIGN KEY (user_id) REFERENCES users (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
