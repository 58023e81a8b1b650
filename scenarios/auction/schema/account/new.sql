CREATE USER 'auction_app2'@'%' IDENTIFIED BY '@@secret:app-new-password@@';
