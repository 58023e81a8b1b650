# An application host: Node.js of the Debian release and the application bundled into one file.
ARG BASE
FROM $BASE
RUN apt-get update \
 && apt-get install -y --no-install-recommends curl iproute2 nodejs \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --no-create-home --shell /usr/sbin/nologin auction
COPY sbin/ /usr/local/sbin/
COPY app.js /opt/auction/app.js
RUN chmod 0755 /usr/local/sbin/* && mkdir -p /etc/auction /srv/auction /var/log/auction
