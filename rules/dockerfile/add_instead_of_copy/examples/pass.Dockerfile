FROM alpine:3.20
ARG LAYER=rootfs
COPY app.jar /opt/
ADD rootfs.tar.gz /
ADD ${LAYER}.tar.xz /
ADD --checksum=sha256:7580ece7963bfa863801466c0a488f11c86f85d9988051a9f9c68cb27f6b7872 https://example.com/tool /usr/local/bin/tool
USER 10001
