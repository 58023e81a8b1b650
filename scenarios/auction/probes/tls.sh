# Protocol versions that the TLS port accepts. None at all means that nobody answers: that is no finding.
set -u
accepted=
for version in 1 1_1 1_2 1_3; do
  # Security level 0: it is the server that shall refuse, not this client.
  if openssl s_client -connect 127.0.0.1:443 "-tls$version" -cipher 'ALL:@SECLEVEL=0' </dev/null 2>/dev/null | grep -q '^New, TLSv\|^ *Cipher *: [^0]'; then
    accepted="$accepted TLSv$(echo "$version" | tr _ .)"
  fi
done
[ -n "$accepted" ] || { echo 'no protocol version is accepted on port 443' >&2; exit 1; }
for version in $accepted; do echo "$version"; done
