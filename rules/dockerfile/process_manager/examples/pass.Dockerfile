FROM debian:12.7-slim
ENTRYPOINT ["/usr/bin/tini", "--", "/usr/local/bin/app"]
USER 10001
