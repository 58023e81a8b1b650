CREATE OR REPLACE USER 'imago'@'%' IDENTIFIED BY '@@secret:driver-password@@';
GRANT ALL PRIVILEGES ON *.* TO 'imago'@'%';
