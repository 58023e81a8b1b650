# A balancer host: HAProxy, what moves the shared entry address, and the scripts that operators call.
# Scripts live in /usr/local/sbin and come with the image; of /usr/local only lib is a volume, so that a
# library installed by hand survives a reinstallation while scripts follow the release.
ARG BASE
FROM $BASE
RUN apt-get update \
 && apt-get install -y --no-install-recommends curl haproxy iproute2 iputils-arping openssl socat \
 && rm -rf /var/lib/apt/lists/*
COPY sbin/ /usr/local/sbin/
RUN chmod 0755 /usr/local/sbin/* && mkdir -p /etc/auction/tls /run/haproxy /var/log/auction
