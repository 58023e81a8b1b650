# The peers of the driver: mariadb-dump with mariadb, and mydumper with myloader.
ARG BASE
FROM $BASE
RUN apt-get update \
 && apt-get install -y --no-install-recommends mariadb-client mydumper \
 && rm -rf /var/lib/apt/lists/*
COPY dump.sh mydumper.sh /opt/bench/
CMD ["sleep", "infinity"]
