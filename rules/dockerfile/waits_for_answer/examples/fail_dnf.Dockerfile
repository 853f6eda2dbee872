FROM rockylinux:9.3-minimal
RUN dnf install curl-7.76.1
USER 10001
