# The peer of the switchover: percona-toolkit, whose pt-online-schema-change ends by renaming a table.
ARG BASE
FROM $BASE
RUN apt-get update \
 && apt-get install -y --no-install-recommends percona-toolkit \
 && rm -rf /var/lib/apt/lists/*
COPY rename.sh /opt/bench/
CMD ["sleep", "infinity"]
