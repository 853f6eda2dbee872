FROM debian:12.7-slim
RUN apt-get update && apt-get install -y --no-install-recommends openssh-client=1:9.2p1-2
USER 10001
CMD ["/usr/local/bin/app"]
