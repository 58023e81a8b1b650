# The load tool of the ingress benchmark, and what reads the mirrored requests in a container of its own.
ARG BASE
FROM $BASE
RUN apt-get update \
 && apt-get install -y --no-install-recommends socat wrk \
 && rm -rf /var/lib/apt/lists/*
COPY load.lua /opt/bench/load.lua
CMD ["sleep", "infinity"]
