# The peer of the ingress interceptor: HAProxy with one thread, TLS to the origin, verified.
ARG BASE
FROM $BASE
RUN apt-get update \
 && apt-get install -y --no-install-recommends haproxy \
 && rm -rf /var/lib/apt/lists/*
COPY haproxy.cfg /etc/haproxy/haproxy.cfg
CMD ["haproxy", "-W", "-db", "-f", "/etc/haproxy/haproxy.cfg"]
