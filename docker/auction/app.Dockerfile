# An application host: Node.js of the Debian release, the application bundled into one file, and its native library.
ARG BASE
FROM $BASE AS library
RUN apt-get update && apt-get install -y --no-install-recommends g++ libnode-dev libssl-dev
COPY digest.cc /build/digest.cc
RUN g++ -std=c++17 -O2 -shared -fPIC -DNODE_GYP_MODULE_NAME=digest -I/usr/include/node -o /build/digest.node /build/digest.cc -lcrypto

FROM $BASE
RUN apt-get update \
 && apt-get install -y --no-install-recommends curl iproute2 nftables nodejs \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --no-create-home --shell /usr/sbin/nologin auction
COPY sbin/ /usr/local/sbin/
COPY --from=library /build/digest.node /opt/auction/digest.node
COPY app.js /opt/auction/app.js
RUN chmod 0755 /usr/local/sbin/* && mkdir -p /etc/auction /srv/auction /var/log/auction
