# A web host: Apache httpd with the modules that the site needs. The site itself is configured in /etc/auction,
# which survives a reinstallation; /etc/apache2 belongs to the image and changes with the release. /usr/lib/native is where
# libraries are, by a name that does not depend on the machine's architecture.
ARG BASE
FROM $BASE
RUN apt-get update \
 && apt-get install -y --no-install-recommends apache2 apache2-utils curl iproute2 openssl \
 && rm -rf /var/lib/apt/lists/*
COPY sbin/ /usr/local/sbin/
COPY apache2/ /etc/apache2/
RUN chmod 0755 /usr/local/sbin/* \
 && a2dismod -q -f autoindex status \
 && a2disconf -q other-vhosts-access-log serve-cgi-bin \
 && a2dissite -q 000-default \
 && a2enmod -q cache cache_disk headers lbmethod_byrequests proxy proxy_balancer proxy_http slotmem_shm socache_shmcb ssl \
 && a2ensite -q auction \
 && : > /etc/apache2/ports.conf \
 && echo 'export APACHE_LOG_DIR=/var/log/auction' >> /etc/apache2/envvars \
 && ln -s /usr/lib/*-linux-gnu /usr/lib/native \
 && mkdir -p /etc/auction/tls /srv/auction /var/log/auction
