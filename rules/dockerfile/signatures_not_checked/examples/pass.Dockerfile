FROM alpine:3.20
COPY example.rsa.pub /etc/apk/keys/
RUN apk add --no-cache /tmp/app-1.4.2-r0.apk && echo --allow-untrusted
USER 10001
