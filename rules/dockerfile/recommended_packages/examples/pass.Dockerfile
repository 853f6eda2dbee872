FROM debian:12.7-slim
RUN apt-get update && apt-get install -y --no-install-recommends curl=7.88.1-10 && rm -rf /var/lib/apt/lists/*
RUN apt-get install -y -o APT::Install-Recommends=false jq=1.6
USER 10001
