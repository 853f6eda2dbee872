FROM debian:12.7-slim
RUN sudo mkdir -p /srv/app && sudo -u nobody touch /srv/app/ready
USER 10001
