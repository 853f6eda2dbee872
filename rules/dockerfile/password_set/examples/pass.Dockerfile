FROM debian:12.7-slim
RUN passwd -l root && echo chpasswd
USER 10001
