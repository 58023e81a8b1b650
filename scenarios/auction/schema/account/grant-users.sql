GRANT INSERT, UPDATE ON auction.users TO 'auction_app2'@'%';
