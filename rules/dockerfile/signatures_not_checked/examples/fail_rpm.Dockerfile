FROM rockylinux:9.3-minimal
RUN dnf install -y --nogpgcheck curl-7.76.1 && rpm -i --nosignature app.rpm
USER 10001
