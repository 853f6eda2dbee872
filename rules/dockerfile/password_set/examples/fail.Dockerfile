FROM debian:12.7-slim
RUN echo 'root:not-a-real-password' | chpasswd && passwd -d app
USER 10001
