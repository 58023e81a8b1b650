SET SESSION lock_wait_timeout = 10;
DROP TABLE old_items;
