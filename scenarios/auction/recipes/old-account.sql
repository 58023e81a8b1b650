CREATE OR REPLACE USER 'auction_app'@'%' IDENTIFIED BY '@@secret:app-old-password@@';
GRANT SELECT, INSERT, UPDATE, DELETE ON auction.* TO 'auction_app'@'%';
