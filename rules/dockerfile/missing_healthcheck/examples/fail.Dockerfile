FROM alpine:3.20
# HEALTHCHECK CMD curl -f http://localhost:8080/health
USER 10001
ENTRYPOINT ["/opt/app"]
