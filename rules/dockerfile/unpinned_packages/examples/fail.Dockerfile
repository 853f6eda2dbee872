FROM alpine:3.20
RUN apk add --no-cache curl tzdata ca-certificates && \
    update-ca-certificates
USER 10001
