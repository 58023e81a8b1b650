DROP USER IF EXISTS 'imago'@'%';
DROP DATABASE IF EXISTS upfault_imago;
