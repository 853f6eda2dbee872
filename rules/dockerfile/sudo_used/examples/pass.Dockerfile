FROM debian:12.7-slim
RUN mkdir -p /srv/app && echo sudo
USER 10001
