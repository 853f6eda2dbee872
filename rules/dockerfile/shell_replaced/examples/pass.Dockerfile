FROM debian:12.7-slim
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
RUN ln -s /bin/sh /usr/local/bin/sh
USER 10001
