#!/bin/sh
# A client that learned the site's address long ago and asks nobody where the site is now: straight to the balancer's
# entry, past whatever stands before it, it leaves a comment ten times a second, and notes each write as a JSON line.
# Arguments: the entry's address, the site's name, the file of notes. Ends when there is a file NOTES.end.
set -u
entry=$1 site=$2 notes=$3
ask() {
  curl -s --max-time 5 --cacert /etc/auction/tls/ca.crt --resolve "$site:443:$entry" \
    -b "$notes.cookies" -c "$notes.cookies" "$@"
}
: >"$notes"
ask -o /dev/null -d 'user=2&item=1&nickname=user1&password=password1' "https://$site/app/comment/form"
count=0
while [ ! -e "$notes.end" ]; do
  count=$((count + 1))
  id="direct-$$-$count" text="Straight to the old address, no. $count."
  answer=$(ask -d "to_user=2&item=1&rating=3&request_id=$id" --data-urlencode "comment=$text" "https://$site/app/comment")
  case $answer in *"data-request-id=\"$id\""*) acknowledged=true ;; *) acknowledged=false ;; esac
  printf '{"kind":"comment","requestId":"%s","acknowledged":%s,"fields":{"from_user":"user1","to_user":"user2","item":"1","rating":"3","comment":"%s"}}\n' \
    "$id" "$acknowledged" "$text" >>"$notes"
  sleep 0.1
done
