FROM alpine:3.20
RUN apk add --no-cache --allow-untrusted /tmp/app-1.4.2-r0.apk
USER 10001
