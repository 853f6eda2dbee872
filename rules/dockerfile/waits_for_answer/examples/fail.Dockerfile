FROM debian:12.7-slim
RUN apt-get update && apt-get install curl=7.88.1-10
USER 10001
