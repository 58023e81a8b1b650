CREATE OR REPLACE USER bench@'%' IDENTIFIED BY 'bench';
GRANT ALL ON *.* TO bench@'%';
