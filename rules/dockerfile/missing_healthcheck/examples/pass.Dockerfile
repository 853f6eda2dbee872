FROM alpine:3.20
USER 10001
HEALTHCHECK --interval=30s --timeout=3s \
  CMD wget -q -O /dev/null http://localhost:8080/health || exit 1
ENTRYPOINT ["/opt/app"]
