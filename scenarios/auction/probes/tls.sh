# Protocol versions that the TLS port accepts, and what the certificate says that it shows: `TLSv1.3`,
# `certificate names NAMES`, `certificate issuer NAME`, `certificate key KIND SIZE`, `certificate signature ALGORITHM`.
# Dates and keys are another's each time. A port behind which nobody speaks TLS accepts none: that exposes nothing.
set -u
command -v openssl >/dev/null || { echo 'openssl is not there to ask with' >&2; exit 1; }
shown=
for version in 1 1_1 1_2 1_3; do
  # Security level 0: it is the server that shall refuse, not this client.
  answer=$(timeout 1 openssl s_client -connect 127.0.0.1:443 "-tls$version" -cipher 'ALL:@SECLEVEL=0' </dev/null 2>/dev/null)
  # One that does not answer at all is not asked again.
  [ $? -ne 124 ] || break
  if echo "$answer" | grep -q '^New, TLSv\|^ *Cipher *: [^0]'; then
    echo "TLSv$version" | tr _ .
    shown=$answer
  fi
done
[ -n "$shown" ] || exit 0
echo "$shown" | openssl x509 -noout -text | awk '
  /^ *Issuer: /               { sub(/^ *Issuer: */, ""); gsub(/ = /, "="); print "certificate issuer " $0 }
  /^ *Public Key Algorithm: / { kind = $NF }
  /^ *Public-Key: /           { gsub(/[()]/, ""); sub(/^ *Public-Key: */, ""); print "certificate key " kind " " $0 }
  /^ *Signature Algorithm: /  { if (!signed++) print "certificate signature " $NF }
  /^ *(DNS|IP Address|email|URI):/ { gsub(/^ +/, ""); print "certificate names " $0 }'
exit 0
