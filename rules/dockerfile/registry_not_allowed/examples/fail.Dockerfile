FROM alpine:3.20
COPY --from=quay.io/prometheus/busybox:1.36 /bin/wget /bin/
USER 10001
