GRANT INSERT, UPDATE ON auction.user_ratings TO 'auction_app2'@'%';
