# A database host: MariaDB of the suite, with the old release's data or with none.
ARG BASE
FROM ${BASE}
ENV DEBIAN_FRONTEND=noninteractive
COPY image.cnf /etc/mysql/mariadb.conf.d/60-image.cnf
RUN apt-get update \
 && apt-get install -y --no-install-recommends mariadb-server mariadb-client iproute2 iputils-arping nftables procps \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/archives/*.deb
ARG RELEASE
ARG SCALE
COPY seed.sh /tmp/seed/seed.sh
COPY schema /tmp/seed/schema
RUN sh /tmp/seed/seed.sh "${RELEASE}" "${SCALE}" && rm -rf /tmp/seed
