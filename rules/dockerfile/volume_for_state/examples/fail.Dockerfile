FROM postgres:16.4
VOLUME ["/data", "/backup"]
USER 10001
