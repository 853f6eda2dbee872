FROM alpine:3.20
MAINTAINER Ada <ada@example.com>
USER 10001
