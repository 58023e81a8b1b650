# Whether the certificate that this host's TLS port serves to NAME is good for another DAYS days: exit code 0, else 1.
# Where nobody speaks TLS, nothing is served that could end.
set -u
answer=$(timeout 2 openssl s_client -connect 127.0.0.1:443 -servername "$1" </dev/null 2>/dev/null)
case $answer in *'BEGIN CERTIFICATE'*) ;; *) exit 0 ;; esac
echo "$answer" | openssl x509 -noout -enddate -checkend $(($2 * 86400))
