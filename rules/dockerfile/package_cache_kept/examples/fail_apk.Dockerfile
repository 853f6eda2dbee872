FROM alpine:3.20
RUN apk add --update curl=8.9.1-r1
USER 10001
