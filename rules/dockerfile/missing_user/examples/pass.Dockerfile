FROM alpine:3.20 AS base
USER 10001

FROM base
COPY app /opt/app
ENTRYPOINT ["/opt/app"]
