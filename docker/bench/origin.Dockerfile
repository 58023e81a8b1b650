# The origin of the ingress benchmark: one page of 2048 bytes over TLS, as cheaply as it can be served.
ARG BASE
FROM $BASE
RUN apt-get update \
 && apt-get install -y --no-install-recommends nginx-light \
 && rm -rf /var/lib/apt/lists/* \
 && mkdir -p /srv/bench \
 && head -c 2048 /dev/zero | tr '\0' x > /srv/bench/page
COPY nginx.conf /etc/nginx/nginx.conf
CMD ["nginx", "-g", "daemon off;"]
