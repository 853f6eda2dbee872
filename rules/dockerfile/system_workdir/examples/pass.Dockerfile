FROM alpine:3.20
WORKDIR /process/app
USER 10001
