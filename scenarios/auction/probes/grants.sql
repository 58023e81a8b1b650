-- Every privilege of every account as `ACCOUNT: PRIVILEGE ON OBJECT`, roles that accounts have, accounts without
-- authentication, and settings of the server by which files or other accounts' rights come within reach.
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
UNION
SELECT CONCAT('''', user, '''@''', host, ''': role ', role) FROM mysql.roles_mapping WHERE user <> 'root'
UNION
SELECT CONCAT('''', user, '''@''', host, ''': ', proc_priv, ' ON ', routine_type, ' ', db, '.', routine_name) FROM mysql.procs_priv
UNION
SELECT CONCAT('setting ', LOWER(variable_name), '=', variable_value) FROM information_schema.global_variables
 WHERE (variable_name IN ('local_infile', 'skip_grant_tables', 'old_passwords', 'automatic_sp_privileges') AND variable_value <> 'OFF')
    OR (variable_name IN ('secure_file_priv', 'init_file', 'init_connect'))
    OR (variable_name = 'have_ssl' AND variable_value <> 'YES')
 ORDER BY 1
