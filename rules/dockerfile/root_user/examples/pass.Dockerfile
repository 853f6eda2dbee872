FROM alpine:3.20 AS builder
USER root
RUN apk add --no-cache curl

FROM builder
USER 10001:0
ENTRYPOINT ["/opt/app"]
