DROP USER 'auction_app'@'%';
