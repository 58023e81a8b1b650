-- No host of the old release is left, so nothing writes the old shape; its columns cannot go while triggers name them.
SET SESSION lock_wait_timeout = 10;
DROP TRIGGER items_shapes_insert;
DROP TRIGGER items_shapes_update;
DROP TRIGGER bids_shapes_insert;
DROP TRIGGER bids_shapes_update;
DROP TRIGGER users_rating_insert;
DROP TRIGGER users_rating_update;
DROP TRIGGER user_ratings_update;
DROP TRIGGER users_shapes_insert;
DROP TRIGGER users_shapes_update;
