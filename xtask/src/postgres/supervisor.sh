# Runs one private PostgreSQL server in the folder FOLDER until standard input closes, and removes the folder then. Standard
# input closes when the process that started this script ends, in whatever way.
#
#   supervisor.sh FOLDER BINARIES USER COMMAND...
#
# The first line of standard input is the password of USER. COMMAND is the server with its options, where the data is in
# `data`. The end of the log is printed at the end.
set -u
folder=$1 binaries=$2 user=$3
shift 3
cd "$folder" || exit
umask 077
exec 3<&0 </dev/null

read -r password <&3
printf '%s\n' "$password" >password
"$binaries/initdb" --pgdata=data --username="$user" --pwfile=password --auth=scram-sha-256 \
  --encoding=UTF8 --locale=C --no-sync >log 2>&1
made=$?
rm -f password

if [ "$made" -eq 0 ]; then
  "$@" 3<&- >>log 2>&1 &
  server=$!
  (
    read -r _ <&3
    # A server that has just been started may have no file with its process id yet, without which it cannot be stopped.
    until "$binaries/pg_ctl" stop --pgdata=data --mode=fast --timeout=20 ||
      "$binaries/pg_ctl" stop --pgdata=data --mode=immediate || ! kill -0 "$server"; do
      sleep 0.1
    done
  ) >/dev/null 2>&1 &
  watcher=$!
  wait "$server"
  kill "$watcher" 2>/dev/null
fi

tail -n 30 log
cd / && rm -rf "$folder"
