FROM debian:12.6-slim
RUN apt-get update && DEBIAN_FRONTEND=noninteractive apt-get -y dist-upgrade && rm -rf /var/lib/apt/lists/*
USER 10001
