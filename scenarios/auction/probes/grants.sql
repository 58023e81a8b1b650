-- Every privilege of every account as `ACCOUNT: PRIVILEGE ON OBJECT`, and accounts without authentication.
-- No password hash is read. What the server's own administrators may do is left out: everything.
SELECT CONCAT(grantee, ': ', privilege_type, ' ON *.*', IF(is_grantable = 'YES', ' WITH GRANT OPTION', '')) AS exposure
  FROM information_schema.user_privileges
 WHERE grantee NOT IN ('''root''@''localhost''', '''mysql''@''localhost''', '''mariadb.sys''@''localhost''')
UNION
SELECT CONCAT(grantee, ': ', privilege_type, ' ON ', table_schema, '.*', IF(is_grantable = 'YES', ' WITH GRANT OPTION', ''))
  FROM information_schema.schema_privileges
 WHERE grantee NOT IN ('''root''@''localhost''', '''mysql''@''localhost''', '''mariadb.sys''@''localhost''')
UNION
SELECT CONCAT(grantee, ': ', privilege_type, ' ON ', table_schema, '.', table_name, IF(is_grantable = 'YES', ' WITH GRANT OPTION', ''))
  FROM information_schema.table_privileges
 WHERE grantee NOT IN ('''root''@''localhost''', '''mysql''@''localhost''', '''mariadb.sys''@''localhost''')
UNION
SELECT CONCAT(grantee, ': ', privilege_type, ' ON ', table_schema, '.', table_name, '.', column_name, IF(is_grantable = 'YES', ' WITH GRANT OPTION', ''))
  FROM information_schema.column_privileges
 WHERE grantee NOT IN ('''root''@''localhost''', '''mysql''@''localhost''', '''mariadb.sys''@''localhost''')
UNION
SELECT CONCAT('''', user, '''@''', host, ''': no password')
  FROM mysql.global_priv
 WHERE COALESCE(JSON_VALUE(priv, '$.is_role'), 0) <> 1
   AND COALESCE(JSON_VALUE(priv, '$.authentication_string'), '') = ''
   AND COALESCE(JSON_VALUE(priv, '$.plugin'), 'mysql_native_password') IN ('', 'mysql_native_password')
   AND COALESCE(JSON_VALUE(priv, '$.account_locked'), 0) <> 1
 ORDER BY 1
