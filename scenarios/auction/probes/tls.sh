# Protocol versions that the TLS port accepts. A port behind which nobody speaks TLS accepts none: that exposes nothing.
set -u
command -v openssl >/dev/null || { echo 'openssl is not there to ask with' >&2; exit 1; }
for version in 1 1_1 1_2 1_3; do
  # Security level 0: it is the server that shall refuse, not this client.
  answer=$(timeout 1 openssl s_client -connect 127.0.0.1:443 "-tls$version" -cipher 'ALL:@SECLEVEL=0' </dev/null 2>/dev/null)
  # One that does not answer at all is not asked again.
  [ $? -ne 124 ] || break
  if echo "$answer" | grep -q '^New, TLSv\|^ *Cipher *: [^0]'; then
    echo "TLSv$version" | tr _ .
  fi
done
exit 0
