FROM alpine:3.20
LABEL org.opencontainers.image.authors="Ada <ada@example.com>"
USER 10001
