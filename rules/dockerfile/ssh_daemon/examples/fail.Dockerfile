FROM debian:12.7-slim
RUN apt-get update && apt-get install -y --no-install-recommends openssh-server=1:9.2p1-2
CMD ["/usr/sbin/sshd", "-D"]
