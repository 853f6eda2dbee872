FROM alpine:3.20
ADD https://example.com/tool /usr/local/bin/tool
USER 10001
