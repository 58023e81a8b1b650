GRANT INSERT, UPDATE, DELETE ON auction.sessions TO 'auction_app2'@'%';
