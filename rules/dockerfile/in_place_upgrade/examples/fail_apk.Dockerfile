FROM alpine:3.20
RUN apk --no-cache upgrade
USER 10001
