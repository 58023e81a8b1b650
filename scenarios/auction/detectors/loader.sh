# What the dynamic linker cannot resolve: for a server's executable, and for what its configuration has it load, which
# the second argument prints. Symbols are looked for in the executable only: those that modules lack, it has.
{
  ldd -r "$1" 2>&1
  for file in $(sh -c "${2:-:}"); do ldd "$file" 2>&1 | sed "\\#$file#!s#^#$file: #"; done
} | grep -E 'not found|undefined symbol|not a dynamic executable|No such file|wrong ELF|invalid' | sed -E 's/ *\(0x[0-9a-f]+\)//g'
exit 0
