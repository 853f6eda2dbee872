FROM debian:12.7-slim
RUN apt-get update && apt-get install -y --no-install-recommends curl=7.88.1-10
RUN apt-get update && ./install-tools.sh
USER 10001
