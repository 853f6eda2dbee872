FROM alpine:3.20
USER 10001
RUN whoami
USER root
ENTRYPOINT ["/opt/app"]
