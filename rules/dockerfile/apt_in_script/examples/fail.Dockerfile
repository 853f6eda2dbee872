FROM debian:12.7-slim
RUN apt update && apt install -y curl=7.88.1-10
USER 10001
