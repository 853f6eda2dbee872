FROM fedora:40
RUN dnf -y upgrade openssl-libs && dnf -y install --setopt=install_weak_deps=False curl && dnf clean all
RUN echo "apt-get upgrade"
USER 10001
